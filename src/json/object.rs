//! A struct read from an object only. Serde also reads one from a list, by position: `[200]` would be a whole answer.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// `T`, from an object.
pub struct Object<T>(pub T);

/// Reads a document that is an object.
///
/// # Errors
/// That it is none, or what is wrong with a field.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> serde_json::Result<T> {
    serde_json::from_str::<Object<T>>(text).map(|object| object.0)
}

/// Reads one of bytes.
///
/// # Errors
/// As those of [`from_str`].
pub fn from_slice<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> serde_json::Result<T> {
    serde_json::from_slice::<Object<T>>(bytes).map(|object| object.0)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Entries(PhantomData)).map(Self)
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, entries: M) -> Result<T, M::Error> {
        T::deserialize(MapAccessDeserializer::new(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize as Derive;
    use serde_json::value::RawValue;

    #[derive(Derive)]
    struct Said<'a> {
        status: u16,
        #[serde(borrow)]
        rest: &'a RawValue,
    }

    #[test]
    fn an_object_is_read_by_its_names_and_keeps_what_it_borrows() {
        let said: Said<'_> =
            from_str(r#" {"other": 1, "status": 200, "rest": {"a" : [1]}} "#).unwrap();
        assert_eq!((said.status, said.rest.get()), (200, r#"{"a" : [1]}"#));
    }

    #[test]
    fn what_is_no_object_is_refused_and_not_read_by_position() {
        for other in [
            r"[200, {}]",
            "null",
            "1",
            r#""text""#,
            "",
            r#"{"status": 200"#,
        ] {
            assert!(from_slice::<Said<'_>>(other.as_bytes()).is_err(), "{other}");
        }
    }
}
