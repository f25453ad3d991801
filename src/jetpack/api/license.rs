//! The nouns of the licensing API: license, license key, API token, slug of a product.

use serde::{Deserialize, Deserializer};

use crate::clock;
use crate::error::Error;
use crate::json::object;
use crate::secret::Secret;
use crate::whmcs::stored_token;

/// The key of a license: 1 to 255 opaque characters (jetpack-licensing-api, schema `License`). A secret in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseKey(Secret<String>);

impl LicenseKey {
    /// Takes a text as a key; `None` for what cannot be one, or could not be stored whole.
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=255).contains(&text.chars().count());
        (fits && !text.chars().any(char::is_control)).then(|| Self(Secret::new(text.to_owned())))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns its last four characters, enough to recognize it by in sentences and the journal.
    pub fn hint(&self) -> String {
        let characters: Vec<char> = self.expose().chars().collect();
        let shown = characters.len().min(4);
        let tail: String = characters.iter().skip(characters.len() - shown).collect();
        format!("…{}", crate::text::plain(&tail))
    }
}

/// A license as the API sends it. Times are UTC text, `2026-01-15 10:00:01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    pub id: Option<u64>,
    pub key: LicenseKey,
    pub issued_at: Option<String>,
    pub revoked_at: Option<String>,
}

#[derive(Deserialize)]
struct RawLicense {
    license_key: String,
    #[serde(default, deserialize_with = "number_or_text")]
    license_id: Option<u64>,
    #[serde(default)]
    issued_at: serde_json::Value,
    #[serde(default)]
    revoked_at: serde_json::Value,
}

impl License {
    /// Reads an answer. A time that cannot be read costs the time, not the license: the key is what is paid for.
    pub fn read(body: &[u8]) -> Option<Self> {
        let raw: RawLicense = object::from_slice(body).ok()?;
        Some(Self {
            id: raw.license_id,
            key: LicenseKey::new(&raw.license_key)?,
            issued_at: time(&raw.issued_at),
            revoked_at: time_of_event(&raw.revoked_at),
        })
    }
}

/// The partner's API token, fit to be sent.
#[derive(Debug, Clone)]
pub struct Token(Secret<String>);

impl Token {
    /// Reads the option "API Token". Blanks and line ends around it come from pasting.
    pub fn new(option: Option<&str>) -> Result<Self, Error> {
        let text = option.unwrap_or_default().trim();
        if text.is_empty() {
            return Err(Error::Config(
                "The option API Token is empty. Enter the token of your Jetpack partner account in the product's Module Settings.".into(),
            ));
        }
        if stored_token::is_hidden(text) {
            return Err(Error::Config(stored_token::UNREADABLE.into()));
        }
        if !text.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Error::Config(
                "The option API Token holds a blank, a line break or another character that no token has. Paste the token again in the product's Module Settings.".into(),
            ));
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    pub const fn secret(&self) -> &Secret<String> {
        &self.0
    }
}

/// The slug of a product, which `POST /license` takes as `product`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// Reads the option "Jetpack Product".
    pub fn new(option: Option<&str>) -> Result<Self, Error> {
        let text = option.unwrap_or_default().trim();
        if text.is_empty() {
            return Err(Error::Config(
                "The option Jetpack Product is empty. Choose a product in the product's Module Settings.".into(),
            ));
        }
        let fits = text.len() <= 191
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !fits {
            return Err(Error::Config(
                "The option Jetpack Product is not the name of a Jetpack product. Choose a product from the list in the product's Module Settings.".into(),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads an id, which comes as number or as text.
pub fn number_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(number(&serde_json::Value::deserialize(from)?))
}

/// Reads a time, which becomes UTC text; `None` where it cannot be read.
pub fn time(value: &serde_json::Value) -> Option<String> {
    value.as_str().and_then(clock::to_stored)
}

/// Reads when something happened to a license; `None` where it has not. A time that cannot be read counts as now, because a
/// license that may be revoked or attached is not free.
pub fn time_of_event(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null | serde_json::Value::Bool(false) => None,
        value if value.as_str() == Some("") => None,
        value => Some(time(value).unwrap_or_else(clock::now)),
    }
}

/// Returns the number that a value is, or that its text is.
pub fn number(value: &serde_json::Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_license_is_read_in_both_forms() {
        let license = License::read(
            br#"{"license_id":"70001","license_key":"k_1","issued_at":"2026-01-15T10:00:01+00:00","revoked_at":null}"#,
        )
        .unwrap();
        assert_eq!(license.id, Some(70001));
        assert_eq!(license.issued_at.as_deref(), Some("2026-01-15 10:00:01"));
        assert_eq!(license.revoked_at, None);
    }

    #[test]
    fn what_has_not_happened_is_said_in_three_ways() {
        for none in ["null", "false", r#""""#] {
            let body = format!(r#"{{"license_key":"k_1","revoked_at":{none}}}"#);
            assert_eq!(
                License::read(body.as_bytes()).unwrap().revoked_at,
                None,
                "{none}"
            );
        }
    }

    #[test]
    fn a_strange_time_does_not_cost_the_license() {
        let license =
            License::read(br#"{"license_key":"k_1","issued_at":12,"revoked_at":"soon"}"#).unwrap();
        assert_eq!(license.issued_at, None);
        assert!(license.revoked_at.is_some());
    }

    #[test]
    fn what_holds_no_key_is_no_license() {
        let long = format!(r#"{{"license_key":"{}"}}"#, "k".repeat(256));
        for wrong in [
            "",
            "[]",
            "<html>",
            r#"{"license_key":["k"]}"#,
            r#"{"license_key":""}"#,
            &long,
        ] {
            assert!(License::read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_pasted_line_end_is_no_part_of_a_token_and_an_inner_one_is_refused() {
        assert_eq!(
            Token::new(Some(" tok&=1\r\n")).unwrap().secret().expose(),
            "tok&=1"
        );
        for wrong in ["", " \n", "a\nb", "a\0b", "a b", "tök"] {
            assert!(Token::new(Some(wrong)).is_err(), "{wrong:?}");
        }
        assert!(Token::new(None).is_err());
    }

    #[test]
    fn slugs_are_checked_before_anything_is_sent() {
        assert!(Slug::new(Some("jetpack-scan")).is_ok());
        for wrong in ["", "a b", "<b>", "a\"b", "a&b=c"] {
            assert!(Slug::new(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
