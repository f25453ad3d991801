//! A ticket for one sign-on, and what both the click and the page say about one.

use crate::cometbackup::TEXTS;
use crate::error::Error;
use crate::hash::sha256;
use crate::random;
use crate::secret::Secret;

/// Hexadecimal digits of a ticket: 16 random bytes.
const LENGTH: usize = 32;

/// A fresh random value, and what the table keeps of it.
pub struct Ticket {
    pub text: Secret<String>,
    pub hash: String,
}

impl Ticket {
    pub fn new() -> Result<Self, Error> {
        Ok(Self::of(random::hex()?))
    }

    /// Returns a ticket as a browser sends it; `None` for what cannot be one.
    pub fn read(text: String) -> Option<Self> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == LENGTH && text.bytes().all(is_digit)).then(|| Self::of(text))
    }

    fn of(text: String) -> Self {
        Self {
            hash: sha256(&text),
            text: Secret::new(text),
        }
    }
}

/// Returns the server's address as browsers write an origin: without the port that the scheme has anyway.
pub fn origin(base: &str) -> Result<String, Error> {
    let unusable = || {
        Error::Config("The address of the Comet server cannot be opened in a browser. Correct it under System Settings, Servers.".into())
    };
    let url = url::Url::parse(base).map_err(|_| unusable())?;
    let origin = url.origin();
    if !origin.is_tuple() {
        return Err(unusable());
    }
    Ok(origin.ascii_serialization())
}

pub fn not_active() -> Error {
    TEXTS.error("sign_on.not_active", &[])
}

/// Returns the sentence for customers and staff whose Comet Server is too old.
pub fn too_old(origin: &str) -> Error {
    TEXTS.error("sign_on.too_old", &[("origin", origin)])
}

/// Returns the error of a ticket that does not exist.
pub fn unknown() -> Error {
    TEXTS.error("sign_on.unknown", &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_looks_like_one() {
        let read = |text: &str| Ticket::read(text.to_owned());
        assert!(read("0123456789abcdef0123456789abcdef").is_some());
        for other in ["", "x", "0123456789ABCDEF0123456789ABCDEF", &"a".repeat(64)] {
            assert!(read(other).is_none(), "{other}");
        }
        let new = Ticket::new().unwrap();
        assert_eq!(read(new.text.expose()).unwrap().hash, new.hash);
    }

    #[test]
    fn the_origin_is_the_browsers() {
        assert_eq!(
            origin("https://c.example:443").unwrap(),
            "https://c.example"
        );
        assert_eq!(origin("http://[::1]:8060").unwrap(), "http://[::1]:8060");
        assert!(origin("javascript:alert(1)").is_err());
    }
}
