//! Removes the secrets of a call from what comes back, before anything else happens to the text.
//!
//! A server may repeat what was sent to it, in the form it came in or in one of its own. So a secret is looked for as it
//! is, and with any of its characters written as URLs, HTML or JSON write them; in Base64 at each of its three
//! alignments, alone and behind the user name; and in hexadecimal digits. Upper and lower case are one.

mod forms;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::hash::hex;
use crate::text::{escape_html, flat, plain, shortened};

/// The text that replaces a secret.
pub const REMOVED: &str = "[secret]";

/// Characters; a shorter secret occurs in any text by chance, so no text is shown in which it might.
pub const SHORTEST: usize = 4;

/// What replaces a text that cannot be searched.
const NOT_SHOWN: &str =
    "[not shown: a password of fewer than 4 characters cannot be told apart in it]";

/// Bytes; of a longer secret so much is looked for at once.
const LONGEST: usize = 512;

/// Base64 of fewer characters occurs in texts by chance.
const SHORTEST_CODE: usize = 5;

/// The secrets that no text may show.
#[derive(Default)]
pub struct Secrets {
    /// Looked for in every form a character has.
    texts: BTreeSet<Vec<u8>>,
    /// Base64: as they are, and with all of their kind around them.
    codes: BTreeSet<String>,
    has_short: bool,
}

impl Secrets {
    pub fn new<T: AsRef<str>>(secrets: impl IntoIterator<Item = T>) -> Self {
        let mut all = Self::default();
        for secret in secrets {
            all.add(secret.as_ref());
        }
        all
    }

    pub fn add(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        if !is_findable(secret) {
            self.has_short = true;
            return;
        }
        let json = Value::from(secret).to_string();
        let written = [
            secret.to_owned(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            escape_html(secret),
            json.trim_matches('"').to_owned(),
            hex(secret.as_bytes()),
            // What a text that was made plain still shows of it.
            plain(secret),
        ];
        for form in written {
            if is_findable(&form) {
                self.add_text(form.as_bytes());
            }
        }
        self.add_codes(secret);
    }

    /// Adds a login, also as HTTP sends it.
    pub fn add_login(&mut self, username: &str, password: &str) {
        self.add(password);
        if !password.is_empty() {
            self.add_codes(&format!("{username}:{password}"));
        }
    }

    /// Adds a secret that a document holds: among its short ones may be words of every text.
    pub fn add_of_document(&mut self, secret: &str) {
        if is_findable(secret) {
            self.add(secret);
        }
    }

    /// Long ones in pieces that overlap by nothing, each of which is found alone.
    fn add_text(&mut self, secret: &[u8]) {
        for piece in secret.chunks(LONGEST) {
            if piece.len() >= SHORTEST {
                self.texts.insert(piece.to_vec());
            }
        }
    }

    /// Of each alignment the characters that hold nothing but the secret.
    fn add_codes(&mut self, secret: &str) {
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret.as_bytes());
            let start = (before * 8).div_ceil(6);
            let end = bytes.len() * 8 / 6;
            for code in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)] {
                let inner = code.get(start..end).unwrap_or_default();
                if inner.len() >= SHORTEST_CODE {
                    self.codes.insert(inner.to_owned());
                }
            }
        }
    }

    /// The text without the secrets, otherwise as it came.
    pub fn remove(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.has_short {
            return NOT_SHOWN.to_owned();
        }
        let bytes = text.as_bytes();
        let mut found: Vec<(usize, usize)> = Vec::new();
        let firsts = forms::first_bytes(&self.texts);
        let starts = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| firsts.contains(&byte.to_ascii_lowercase()));
        for (at, _) in starts {
            let ends = self
                .texts
                .iter()
                .filter_map(|secret| forms::end_of(bytes, at, secret));
            found.extend(ends.max().map(|end| (at, end)));
        }
        for code in &self.codes {
            let places = text.match_indices(code.as_str());
            found.extend(places.map(|(at, code)| forms::run_around(bytes, at, at + code.len())));
        }
        found.sort_unstable();
        without(text, &found)
    }

    /// Makes text from outside fit for a sentence.
    pub fn plain(&self, text: &str) -> String {
        // Once more: without its markup a text may hold together what stood apart.
        shortened(&self.remove(&flat(&self.remove(text))))
    }
}

fn is_findable(secret: &str) -> bool {
    secret.chars().count() >= SHORTEST
}

/// Places may overlap; each stretch that they cover is replaced once.
fn without(text: &str, found: &[(usize, usize)]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut done = 0;
    for (at, end) in found {
        if *at >= done {
            clean.push_str(text.get(done..*at).unwrap_or_default());
            clean.push_str(REMOVED);
        }
        done = done.max(*end);
    }
    clean.push_str(text.get(done..).unwrap_or_default());
    clean
}

/// Whether a field of a document holds a secret, judged by its name, however that is spelled.
fn is_secret_field(name: &str) -> bool {
    const WORDS: [&str; 10] = [
        "password",
        "passphrase",
        "secret",
        "token",
        "key",
        "hash",
        "recovery",
        "totp",
        "credential",
        "bucket",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Hands each secret of a document to `each`: the texts in fields of such a name, at any depth.
pub fn each_secret_of(document: &mut Value, each: &mut impl FnMut(&str, &mut Value)) {
    each_below("", document, each);
}

/// `name` is that of the field that holds the value, where it is one of a secret.
fn each_below(name: &str, value: &mut Value, each: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::String(_) if !name.is_empty() => each(name, value),
        Value::Object(fields) => {
            for (own, value) in fields {
                let name = if is_secret_field(own) { own } else { name };
                each_below(name, value, each);
            }
        }
        Value::Array(items) => {
            for item in items {
                each_below(name, item, each);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "p&w=d\"1+/ü <x>";

    fn cleaned(text: &str) -> String {
        let mut secrets = Secrets::new(["another one"]);
        secrets.add_login("admin", SECRET);
        secrets.remove(text)
    }

    #[test]
    fn a_secret_is_taken_out_in_each_form_it_travels_in() {
        for form in [
            SECRET,
            "p%26w%3Dd%221%2B%2F%C3%BC%20%3Cx%3E",
            "p%26w%3dd%221%2b%2f%c3%bc+%3cx%3e",
            "P%26W=d%221+/%c3%bc %3cX%3e",
            "p&amp;w=d&quot;1+/ü &lt;x&gt;",
            "p&#38;w=d&#034;1+/&uuml;&#x20;&LT;x&gt;",
            "p&amp;w&#x3D;d&#x22;1&#43;&#x2F;&#xFC; &lt;x&gt;",
            r#"p&w=d\"1+\/\u00fc \u003cx\u003e"#,
            r"p\u0026w=d\u00221+\/\u00FC <x>",
            r"p\x26w=d\x221+/\xc3\xbc <x>",
            "p%2526w%253Dd%25221%252B%252F%25C3%25BC%2520%253Cx%253E",
            "p&amp;amp;w=d&amp;quot;1+/ü &amp;lt;x&amp;gt;",
            r#"p&w=d\\\"1+/ü <x>"#,
            "7026773d6422312b2fc3bc203c783e",
            "7026773D6422312B2FC3BC203C783E",
        ] {
            assert_eq!(cleaned(&format!("the {form} it is")), "the [secret] it is");
            assert_eq!(cleaned(&format!("x{form}x{form}")), "x[secret]x[secret]");
        }
    }

    #[test]
    fn base64_is_found_at_each_alignment_and_goes_whole() {
        for before in ["", "a", "ab", "abc", "admin:"] {
            for after in ["", "z", "zz"] {
                let bytes = format!("{before}{SECRET}{after}");
                for code in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)] {
                    assert_eq!(cleaned(&format!("Basic {code}!")), "Basic [secret]!");
                }
            }
        }
    }

    #[test]
    fn what_was_apart_by_markup_or_stood_at_the_cut_is_taken_out_too() {
        let secrets = Secrets::new([SECRET, "tok_test"]);
        assert_eq!(secrets.plain("a tok<b>_</b>test"), "a [secret]");
        let long = format!("{}tok_<i>test", "x".repeat(195));
        assert!(!secrets.plain(&long).contains("tok"), "{long}");
        assert_eq!(secrets.plain("is p&w=d\"1+/ü <x>"), "is [secret]");
        assert_eq!(secrets.plain("is p w=d '1+/ü <x>"), "is [secret]");
    }

    #[test]
    fn everything_else_stays_as_it_came() {
        for text in [
            "",
            "p&w",
            "100 % of \\u12 &nothing; é",
            "%",
            "&#",
            "\\",
            "&#99999999;",
        ] {
            assert_eq!(cleaned(text), text);
        }
    }

    #[test]
    fn a_secret_that_is_too_short_to_be_found_hides_the_text() {
        let secrets = Secrets::new(["abc"]);
        assert!(secrets.remove("who knows").starts_with("[not shown"));
        assert_eq!(Secrets::new([""]).remove("who knows"), "who knows");
    }

    #[test]
    fn a_long_secret_goes_whole_and_backslashes_cost_no_time() {
        let long = "0123456789abcdef".repeat(100);
        let clean = Secrets::new([&long]).remove(&format!("a {long} b"));
        assert!(!clean.contains("0123"), "{clean}");
        let slashes = "\\".repeat(20);
        let secrets = Secrets::new([format!("{slashes}x")]);
        assert!(secrets.remove(&"\\".repeat(60)).ends_with('\\'));
    }

    #[test]
    fn secrets_of_a_document_are_known_by_the_names_of_their_fields() {
        let text = r#"{"License_Key":["a"],"list":[{"S3SecretKey":"b"}],"PasswordFormat":1,"Username":"c"}"#;
        let mut found = Vec::new();
        let mut document = serde_json::from_str(text).unwrap();
        each_secret_of(&mut document, &mut |name, value| {
            found.push((name.to_owned(), value.take()));
        });
        let expected = [
            ("License_Key".to_owned(), Value::from("a")),
            ("S3SecretKey".to_owned(), Value::from("b")),
        ];
        assert_eq!(found, expected);
    }
}
