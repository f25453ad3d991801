//! Lists of texts in a profile. What is no list, and what is no text in one, is left out.

use crate::cometbackup::comet::bounds;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::lenient;

pub fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    from.deserialize_any(Texts)
}

struct Texts;

struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        lenient::text(from).map(Self)
    }
}

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Vec<String>, S::Error> {
        let mut texts = Vec::new();
        while texts.len() < bounds::ADDRESSES {
            match list.next_element::<Text>()? {
                Some(Text(text)) if text.is_empty() => {}
                Some(Text(text)) => texts.push(text),
                None => return Ok(texts),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(texts)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut entries: M) -> Result<Vec<String>, M::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Vec<String>, E> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_texts_is_empty() {
        let read = |json: &str| {
            let mut from = serde_json::Deserializer::from_str(json);
            texts(&mut from).unwrap()
        };
        assert_eq!(read(r#"["a","b"]"#), ["a", "b"]);
        assert_eq!(read(r#"["a",7,null,["x"],"b"]"#), ["a", "b"]);
        for other in [
            "null",
            "7",
            "-7",
            "1.5",
            "true",
            r#""a""#,
            r#"{"a":"b"}"#,
            "[]",
        ] {
            assert!(read(other).is_empty(), "{other}");
        }
        let many = format!("[{}]", vec![r#""a""#; 500].join(","));
        assert_eq!(read(&many).len(), bounds::ADDRESSES);
    }
}
