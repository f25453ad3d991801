//! An amount of money as the licensing API sends it: a number, or a text.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::text::plain;

/// An amount without its currency, in the characters in which it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount(String);

impl Amount {
    /// Returns the amount as it was sent, fit for a sentence.
    pub fn text(&self) -> String {
        plain(&self.0)
    }

    /// Returns the amount as a number; `None` for a text that is none, and for what no price can be.
    pub fn number(&self) -> Option<f64> {
        let number: Option<f64> = self.0.trim().parse().ok();
        number.filter(|amount| amount.is_finite() && *amount >= 0.0)
    }

    /// Reads a value; `None` where it is neither number nor text.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self(number.to_string())),
            Value::String(text) => Some(Self(text.clone())),
            _ => None,
        }
    }
}

/// Reads the value of a field, and never fails on its type.
pub fn amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    Ok(Amount::of(&Value::deserialize(from)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<Amount> {
        amount(&serde_json::from_str::<Value>(json).unwrap()).unwrap()
    }

    #[test]
    fn a_number_and_its_text_are_the_same_amount() {
        for (json, text, number) in [
            ("4.95", "4.95", 4.95),
            (r#""4.95""#, "4.95", 4.95),
            (r#"" 4.95 ""#, "4.95", 4.95),
            ("12", "12", 12.0),
            ("0", "0", 0.0),
            (r#""1e2""#, "1e2", 100.0),
        ] {
            let amount = of(json).unwrap();
            assert_eq!(amount.text().trim(), text, "{json}");
            assert_eq!(amount.number(), Some(number), "{json}");
        }
    }

    #[test]
    fn what_no_price_can_be_is_shown_and_not_counted() {
        for (json, text) in [
            ("-1", "-1"),
            (r#""inf""#, "inf"),
            (r#""NaN""#, "NaN"),
            (r#""on request""#, "on request"),
            (r#""<b>3.95</b>""#, "3.95"),
            (r#""""#, ""),
        ] {
            let amount = of(json).unwrap();
            assert_eq!(amount.text(), text, "{json}");
            assert_eq!(amount.number(), None, "{json}");
        }
    }

    #[test]
    fn another_type_is_no_amount() {
        for json in ["null", "true", "[4.95]", r#"{"amount":4.95}"#] {
            assert_eq!(of(json), None, "{json}");
        }
    }
}
