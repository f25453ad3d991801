//! Letters of other scripts in ASCII ("иван" is "ivan"), from a table that the build takes from the crate `any_ascii`.

use flate2::{Decompress, FlushDecompress};

/// What `build.rs` says, compressed: it is used for a name that is not ASCII, and unpacked in less than a millisecond.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/letters.deflate"));
/// A little more than it unpacks to.
const UNPACKED: usize = 110_000;

const PAGE: usize = 256;

/// Numbers of tables by page of 256 characters, the tables, and the texts.
struct Letters(Vec<u8>);

/// Writes in ASCII; ASCII stays as it is, and what is no letter and no digit is left out.
pub fn in_ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let letters = Letters::unpack();
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for part in parts(u32::from(character)) {
            ascii.push_str(letters.of(part).unwrap_or_default());
        }
    }
    ascii
}

/// Beginning, vowel and end of a Korean syllable, by the arithmetic of the Unicode standard (3.12); else the character.
fn parts(code: u32) -> [u32; 3] {
    const NONE: u32 = 0;
    match code
        .checked_sub(0xac00)
        .filter(|syllable| *syllable < 11_172)
    {
        None => [code, NONE, NONE],
        Some(syllable) => {
            let (begin, vowel, end) = (syllable / 588, syllable % 588 / 28, syllable % 28);
            let end = if end > 0 { 0x11a7 + end } else { NONE };
            [0x1100 + begin, 0x1161 + vowel, end]
        }
    }
}

impl Letters {
    fn unpack() -> Self {
        let mut all = Vec::with_capacity(UNPACKED);
        // What is not unpacked has no letters; a test has seen all of it.
        let _ = Decompress::new(false).decompress_vec(PACKED, &mut all, FlushDecompress::Finish);
        Self(all)
    }

    fn of(&self, code: u32) -> Option<&str> {
        let code = usize::try_from(code).ok()?;
        let pages = self.0.get(..PAGE)?;
        let table = usize::from(*pages.get(code / PAGE)?).checked_sub(1)?;
        let place = PAGE + (table * PAGE + code % PAGE) * 2;
        let begins = u16::from_le_bytes(self.0.get(place..place + 2)?.try_into().ok()?);
        let tables = usize::from(*pages.iter().max()?) * PAGE * 2;
        let text = self.0.get(PAGE + tables + usize::from(begins)..)?;
        let text = text.split(|byte| *byte == b'\n').next()?;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_many_scripts_are_written_in_ascii() {
        for (text, ascii) in [
            ("иван@почта.рф", "ivan@pochta.rf"),
            ("用户@例子.公司", "YongHu@LiZi.GongSi"),
            ("Γιώργος", "Giorgos"),
            ("김철수", "gimcheolsu"),
            ("さくら", "sakura"),
            ("Łukasz Đorđe Þór", "Lukasz Dorde Thor"),
            ("plain +'<text>", "plain +'<text>"),
            ("😀♯\u{10ffff}\u{e000}", ""),
        ] {
            assert_eq!(in_ascii(text), ascii);
        }
    }

    #[test]
    fn every_character_has_a_short_ascii_text_or_none() {
        let letters = Letters::unpack();
        for character in 0..=u32::from(char::MAX) {
            let text = letters.of(character).unwrap_or_default();
            assert!(text.is_ascii() && text.len() < 64, "{character:?} {text}");
        }
    }

    #[test]
    fn the_table_is_small() {
        let size = PACKED.len();
        assert!(size < 65_000, "{size}");
        let letters = Letters::unpack().0;
        assert!(letters.len() < UNPACKED && letters.ends_with(b"\n"));
    }
}
