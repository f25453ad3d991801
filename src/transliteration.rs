//! Letters of other scripts in ASCII ("иван" is "ivan"), from a table that the build takes from the crate `any_ascii`.

/// Tables by page of 256 characters, then the tables; `build.rs` says how.
const TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/letters.bin"));
const TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/letters.txt"));

const PAGE: usize = 256;

/// ASCII as it is; nothing for what is no letter and no digit.
pub fn in_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for part in parts(u32::from(character)) {
            ascii.push_str(letter(part).unwrap_or_default());
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

fn letter(code: u32) -> Option<&'static str> {
    let code = usize::try_from(code).ok()?;
    let table = TABLES.get(..PAGE)?.get(code / PAGE).copied()?;
    let table = usize::from(table).checked_sub(1)?;
    let place = PAGE + (table * PAGE + code % PAGE) * 2;
    let bytes = TABLES.get(place..place + 2)?.try_into().ok()?;
    let from = TEXTS.get(usize::from(u16::from_le_bytes(bytes))..)?;
    from.lines().next()
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
        for character in 0..=u32::from(char::MAX) {
            let text = letter(character).unwrap_or_default();
            assert!(text.is_ascii() && text.len() < 64, "{character:?} {text}");
        }
    }

    #[test]
    fn the_table_is_small() {
        let size = TABLES.len() + TEXTS.len();
        assert!(size < 110_000, "{size}");
    }
}
