//! The file name in a `Content-Disposition` header, cleaned for a customer's disk.

use percent_encoding::percent_decode_str;

use crate::text::first_characters;

/// Characters of a file name; file systems take 255 bytes.
const LONGEST: usize = 150;

/// What no name begins or ends with.
const EDGE: [char; 3] = ['.', ' ', '_'];

/// Returns the name in a `Content-Disposition`, cleaned for a customer's disk; `None` where nothing is left of it.
pub fn read(disposition: &str) -> Option<String> {
    let parameter = |wanted: &str| {
        let mut parts = disposition.split(';').map(str::trim);
        parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let is_it = name.trim().eq_ignore_ascii_case(wanted);
            is_it.then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let encoded = value.rsplit('\'').next().unwrap_or_default().to_owned();
        let decoded = percent_decode_str(&encoded).decode_utf8().ok()?;
        Some(decoded.into_owned())
    });
    cleaned(&extended.or_else(|| parameter("filename"))?)
}

fn cleaned(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |c: char| c.is_alphanumeric() || " ._-()+@".contains(c);
    let clean: String = last
        .chars()
        .map(|c| if harmless(c) { c } else { '_' })
        .collect();
    let clean = clean.trim_matches(EDGE);
    // The computer decides by the ending what to do with the file.
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() < 10 => (stem, format!(".{ending}")),
        _ => (clean, String::new()),
    };
    let room = LONGEST.saturating_sub(ending.chars().count());
    let short = first_characters(stem, room) + &ending;
    let short = short.trim_end_matches(EDGE);
    (!short.is_empty()).then(|| short.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_keeps_no_path_no_quotes_and_its_ending() {
        for (disposition, name) in [
            (
                "attachment; filename=\"Backup Client.zip\"",
                Some("Backup Client.zip"),
            ),
            ("attachment;filename=a.run", Some("a.run")),
            ("attachment; filename=\"../../etc/passwd\"", Some("passwd")),
            (
                "attachment; filename=\"C:\\x\\setup.exe\"",
                Some("setup.exe"),
            ),
            (
                "attachment; filename=\"a\"b\r\nX: y.zip\"",
                Some("a_b__X_ y.zip"),
            ),
            (
                "attachment; filename=\"x.zip\"; filename*=UTF-8\'\'M%C3%BCller.zip",
                Some("Müller.zip"),
            ),
            (
                "attachment; filename*=UTF-8\'\'%2e%2e%2Fevil%00.zip",
                Some("evil_.zip"),
            ),
            ("attachment; filename=\"\u{202e}piz.exe\"", Some("piz.exe")),
            ("attachment; filename=\"...\"", None),
            ("attachment", None),
            ("", None),
        ] {
            assert_eq!(read(disposition).as_deref(), name, "{disposition}");
        }
        let long = read(&format!("attachment; filename={}.zip", "ä".repeat(500))).unwrap();
        assert_eq!(long.chars().count(), 150);
        assert!(long.ends_with("ä.zip"));
        let cut = read(&format!("attachment; filename=a{}b", " ".repeat(500)));
        assert_eq!(cut.as_deref(), Some("a"));
    }
}
