//! An API token as WHMCS's tables hold it: in plain text, or hidden, which is encrypted with the key of this WHMCS. This is the only
//! place where one becomes the other.
//!
//! Hidden: a prefix, the fingerprint of the token, and what WHMCS's `encrypt` makes of the text in plain text. WHMCS's `decrypt`
//! gives rubbish and no error for what another key has encrypted, so the fingerprint tells whether it has worked.

use super::Host;
use crate::error::Error;
use crate::hash::sha256;
use crate::text::{decode_entities, first_characters};

/// Before every hidden token, with the number of this form.
const PREFIX: &str = "whmcs_provisioning:1:";

/// Characters of a fingerprint: enough to tell tokens apart, and nothing of the token itself.
const FINGERPRINT: usize = 12;

/// The sentence for staff where a hidden token cannot be decrypted.
pub const UNREADABLE: &str = "The API Token is stored hidden, and WHMCS cannot decrypt it: the cc_encryption_hash in its configuration.php is another than when it was hidden. Nothing was sent. Put that value back, or write a new token with Rotate the token on the addon's page Jetpack.";

/// Returns the fingerprint by which people tell tokens apart.
pub fn fingerprint(token: &str) -> String {
    first_characters(&sha256(token), FINGERPRINT)
}

/// Whether a stored text is a hidden token, or was meant to be one.
pub fn is_hidden(stored: &str) -> bool {
    stored.trim_start().starts_with(PREFIX)
}

/// The fingerprint of a stored token, without decrypting anything.
pub fn fingerprint_of(stored: &str) -> String {
    match hidden(stored) {
        Some((fingerprint, _)) => fingerprint.to_owned(),
        None => fingerprint(&in_clear(stored)),
    }
}

/// The text as it was stored before it was hidden; `None` where it cannot be decrypted. One in plain text stays as it is. WHMCS's
/// code runs: call it before a connection is in use.
pub fn unhidden(host: &dyn Host, stored: &str) -> Option<String> {
    if !is_hidden(stored) {
        return Some(stored.to_owned());
    }
    let (fingerprint, encrypted) = hidden(stored)?;
    let text = host.decrypt(encrypted);
    (fingerprint_of(&text) == fingerprint && !is_hidden(&text)).then_some(text)
}

/// The token as it is sent. What cannot be decrypted stays as it is stored, which no `Token` is made of.
pub fn reveal(host: &dyn Host, stored: &str) -> String {
    match unhidden(host, stored) {
        Some(text) => in_clear(&text),
        None => stored.to_owned(),
    }
}

/// Hides what is stored, and takes back out what went in before anybody relies on it. WHMCS's code runs, as above.
///
/// # Errors
/// Where WHMCS's `encrypt` and `decrypt` do not give back what they took, or their text would not survive a form.
pub fn hide(host: &dyn Host, stored: &str) -> Result<String, Error> {
    let text = format!(
        "{PREFIX}{}:{}",
        fingerprint_of(stored),
        host.encrypt(stored)
    );
    let survives = text
        .chars()
        .all(|c| c.is_ascii_graphic() && !"<>&\"'".contains(c));
    if survives && unhidden(host, &text).as_deref() == Some(stored) {
        return Ok(text);
    }
    Err(Error::Refusal(
        "WHMCS's own encrypt() and decrypt() did not give a token back as it was, so no token was hidden. Nothing was changed.".into(),
    ))
}

/// Fingerprint and encrypted text.
fn hidden(stored: &str) -> Option<(&str, &str)> {
    stored.trim().strip_prefix(PREFIX)?.split_once(':')
}

/// WHMCS stores what was typed with HTML entities; blanks come from pasting.
fn in_clear(stored: &str) -> String {
    decode_entities(stored).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whmcs::fake_host::FakeHost;

    #[test]
    fn what_is_hidden_comes_back_as_it_was_stored() {
        let host = FakeHost::new("");
        for stored in ["tok_1", " tok&amp;=1\n", "a b"] {
            let text = hide(&host, stored).unwrap();
            assert!(is_hidden(&text) && !is_hidden(stored));
            assert!(!text.contains(stored));
            assert_eq!(unhidden(&host, &text).as_deref(), Some(stored));
            assert_eq!(unhidden(&host, stored).as_deref(), Some(stored));
            assert_eq!(fingerprint_of(&text), fingerprint_of(stored));
        }
        let text = hide(&host, " tok&amp;=1\n").unwrap();
        assert_eq!(reveal(&host, &format!("{text}\n")), "tok&=1");
        assert_eq!(reveal(&host, " tok&amp;=1\n"), "tok&=1");
    }

    #[test]
    fn what_cannot_be_decrypted_stays_hidden() {
        let host = FakeHost::new("");
        let whole = hide(&host, "tok_1").unwrap();
        let fingerprint = fingerprint("tok_1");
        for broken in [
            PREFIX.to_owned(),
            format!("{PREFIX}{fingerprint}"),
            format!("{PREFIX}{fingerprint}:rubbish"),
            whole.replace(&fingerprint, "0123456789ab"),
            whole.replace("ab", "cd") + "00",
        ] {
            assert_eq!(unhidden(&host, &broken), None, "{broken}");
            assert_eq!(reveal(&host, &broken), broken);
        }
    }

    #[test]
    fn nothing_is_hidden_twice_or_by_helpers_that_lose_it() {
        let host = FakeHost::new("");
        let once = hide(&host, "tok_1").unwrap();
        assert!(hide(&host, &once).is_err());
        let losing = FakeHost {
            loses_what_it_encrypts: true,
            ..FakeHost::new("")
        };
        assert!(hide(&losing, "tok_1").is_err());
    }
}
