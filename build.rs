//! Prepares the build: what `phpinfo()` shows as "Build", and the table of letters in other scripts.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

const PAGE: u32 = 256;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_else(|_| "unknown".into());
    println!(
        "cargo::rustc-env=BUILD={} {}",
        variable("PROFILE"),
        variable("TARGET")
    );
    letters(Path::new(&variable("OUT_DIR")))
}

/// The letters of the Basic Multilingual Plane in ASCII, as `src/transliteration.rs` reads them: a sixth of the
/// crate's size, which has symbols and rare ideographs too.
///
/// For each page of 256 characters the number of its table or 0, then the tables, of two bytes for a character: where
/// its text begins. Then every text once, each with a line's end, the first one empty. All of it is compressed.
fn letters(directory: &Path) -> std::io::Result<()> {
    let mut texts = String::from("\n");
    let mut known = HashMap::from([("", 0)]);
    let (mut pages, mut tables, mut count) = (Vec::new(), Vec::new(), 0_u8);
    for page in 0..=0xff_u32 {
        let letters: Vec<&str> = (page * PAGE..(page + 1) * PAGE).map(letter).collect();
        if letters.iter().all(|letter| letter.is_empty()) {
            pages.push(0);
            continue;
        }
        count += 1;
        pages.push(count);
        for letter in letters {
            let at = *known.entry(letter).or_insert(texts.len());
            if at == texts.len() {
                texts.push_str(letter);
                texts.push('\n');
            }
            let at = u16::try_from(at).map_err(std::io::Error::other)?;
            tables.extend(at.to_le_bytes());
        }
    }
    let file = File::create(directory.join("letters.deflate"))?;
    let mut packed = DeflateEncoder::new(file, Compression::best());
    packed.write_all(&pages)?;
    packed.write_all(&tables)?;
    packed.write_all(texts.as_bytes())?;
    packed.finish().map(drop)
}

fn letter(code: u32) -> &'static str {
    char::from_u32(code)
        .filter(|character| !character.is_ascii() && character.is_alphanumeric())
        // Korean syllables are put together from their parts.
        .filter(|character| !('\u{ac00}'..='\u{d7a3}').contains(character))
        .map(any_ascii::any_ascii_char)
        .filter(|text| text.bytes().any(|byte| byte.is_ascii_alphanumeric()))
        .unwrap_or_default()
}
