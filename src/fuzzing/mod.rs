//! The door for fuzz targets (`fuzz/`): one function for each reader of bytes from outside. It runs the reader and
//! asserts what has to hold of every input. Unit tests run each over the samples in `fuzz/seeds`.

// A panic is what a run looks for.
#![allow(clippy::missing_panics_doc)]

use crate::json::stream::StreamError;

mod addresses;
mod documents;
mod params;
mod remote;
mod texts;

pub use addresses::{database_address, proxy_address, server_address};
pub use documents::{json_document, json_lenient, json_stream};
pub use params::params;
pub use remote::{accounts, installers, jobs, license, license_list, products, profile};
pub use texts::{content_disposition, redaction};

/// Parts an input where the byte 255 stands, which is in no text: `None` where there are not so many, or one is no
/// text.
fn parts<const N: usize>(bytes: &[u8]) -> Option<[&str; N]> {
    let parts = bytes
        .splitn(N, |byte| *byte == 0xff)
        .map(std::str::from_utf8);
    parts.collect::<Result<Vec<_>, _>>().ok()?.try_into().ok()
}

/// Fills a buffer from `bytes`, as they come over a network: at most `most` at once.
fn pieces(bytes: &[u8], most: usize) -> impl FnMut(&mut [u8]) -> Result<usize, String> {
    let mut rest = bytes;
    move |buffer: &mut [u8]| {
        let length = most.clamp(1, buffer.len().max(1)).min(rest.len());
        let (piece, after) = rest.split_at(length);
        for (to, from) in buffer.iter_mut().zip(piece) {
            *to = *from;
        }
        rest = after;
        Ok(length)
    }
}

/// In place of the error: of a refused document, the cut may decide which fault is met first.
fn refused(error: StreamError) {
    drop(error);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    type Target = (&'static str, fn(&[u8]));

    const TARGETS: &[Target] = &[
        ("accounts", super::accounts),
        ("content_disposition", super::content_disposition),
        ("database_address", super::database_address),
        ("installers", super::installers),
        ("jobs", super::jobs),
        ("json_document", super::json_document),
        ("json_lenient", super::json_lenient),
        ("json_stream", super::json_stream),
        ("license", super::license),
        ("license_list", super::license_list),
        ("params", super::params),
        ("products", super::products),
        ("profile", super::profile),
        ("proxy_address", super::proxy_address),
        ("redaction", super::redaction),
        ("server_address", super::server_address),
    ];

    fn names_in(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names
            .map(|name| name.trim_end_matches(".rs").to_owned())
            .collect()
    }

    #[test]
    fn what_holds_of_every_input_holds_of_the_samples() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
        let all: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(names_in(&fuzz.join("fuzz_targets")), all);
        assert_eq!(names_in(&fuzz.join("seeds")), all);
        for (name, run) in TARGETS {
            for seed in fs::read_dir(fuzz.join("seeds").join(name)).unwrap() {
                run(&fs::read(seed.unwrap().path()).unwrap());
            }
            run(b"");
        }
    }
}
