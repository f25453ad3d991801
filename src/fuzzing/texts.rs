//! Texts that come back from a server: the name of a file, and everything that may repeat a secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::parts;
use crate::cometbackup::comet::content_disposition as disposition;
use crate::redact::{REMOVED, SHORTEST, Secrets};
use crate::text::escape_html;

pub fn content_disposition(bytes: &[u8]) {
    let Some(name) = std::str::from_utf8(bytes).ok().and_then(disposition::read) else {
        return;
    };
    assert!((1..=150).contains(&name.chars().count()));
    assert!(
        !name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']),
        "{name}"
    );
    let is_harmful = |sign: char| sign.is_control() || "/\\\"'<>:|?*;%".contains(sign);
    assert!(!name.contains(is_harmful), "{name}");
}

/// A secret, and a text around each form it travels in.
pub fn redaction(bytes: &[u8]) {
    let Some([secret, before, after]) = parts(bytes) else {
        return;
    };
    let mut secrets = Secrets::default();
    secrets.add_login("admin", secret);
    if !is_traceless(secret) {
        // It may stand in the mark itself; the text is read all the same.
        secrets.plain(&format!("{before}{secret}{after}"));
        return;
    }
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let twice = utf8_percent_encode(&percent, NON_ALPHANUMERIC).to_string();
    let forms = [
        secret.to_owned(),
        percent,
        twice,
        escape_html(secret),
        STANDARD.encode(format!("admin:{secret}")),
    ];
    for form in forms {
        let clean = secrets.remove(&format!("{before}{form}{after}"));
        assert!(!clean.contains(&form), "{clean}");
        assert!(!clean.contains(secret), "{clean}");
        let sentence = secrets.plain(&format!("{before}{form}{after}"));
        assert!(!sentence.contains(secret), "{sentence}");
        assert!(!sentence.contains(char::is_control), "{sentence}");
    }
}

/// Whether a secret is long enough to be looked for, and no part of it is in what stands in its place.
pub fn is_traceless(secret: &str) -> bool {
    const MARKS: &str = "[license key]";
    let is_of_mark = |sign: char| {
        let mut small = sign.to_lowercase();
        small.any(|sign| REMOVED.contains(sign) || MARKS.contains(sign))
    };
    secret.chars().count() >= SHORTEST && !secret.contains(is_of_mark)
}
