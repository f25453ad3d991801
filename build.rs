//! Prepares the build: what `phpinfo()` shows as "Build", and the table of letters in other scripts.

use std::collections::HashMap;
use std::path::Path;

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
/// `letters.txt`: every text once, each with a line's end, the first one empty. `letters.bin`: for each page of 256
/// characters the number of its table or 0, then the tables, of two bytes for a character: where its text begins.
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
    pages.extend(tables);
    std::fs::write(directory.join("letters.txt"), texts)?;
    std::fs::write(directory.join("letters.bin"), pages)
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
