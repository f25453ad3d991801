//! Values of a document that any server may have written: what is missing, `null` or of another type is empty.
//!
//! Numbers are sizes, counts, codes and times, so one rule holds for all of them: a negative one is 0, one that is too
//! large is the largest, and one with a fraction or an exponent is of another type.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Read from the entries of an object; empty where there is none.
pub trait FromEntries: Default {
    fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error>;
}

/// `T` as the value of an entry.
pub struct EntryValue<T>(pub T);

/// An object.
pub fn entries<'de, D: Deserializer<'de>, T: FromEntries>(from: D) -> Result<T, D::Error> {
    read::<Object<T>, D>(from).map(|object| object.0)
}

pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    read(from)
}

/// The text, where the value is one.
pub fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    read(from)
}

pub fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    read(from)
}

pub fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    read(from)
}

/// An object, for who has to know whether there is one: `null` is one without entries, as old servers write it, and what
/// is of another type is none.
pub fn maybe_entries<'de, D: Deserializer<'de>, T: FromEntries>(
    from: D,
) -> Result<Option<T>, D::Error> {
    read::<MaybeObject<T>, D>(from).map(|object| object.0)
}

/// A number, for who has to know whether there is one: what is negative or too large is none.
pub fn maybe_whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    read(from)
}

/// The texts of a list, up to so many. What is no text, and an empty one, is left out.
pub fn texts<'de, const MOST: usize, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<String>, D::Error> {
    read::<Texts<MOST>, D>(from).map(|texts| texts.0)
}

/// What a value becomes, by its type. Every type that a shape does not read makes it empty.
trait Shape: Default {
    fn of_text(_: &str) -> Self {
        Self::default()
    }

    fn of_whole(_: i64) -> Self {
        Self::default()
    }

    /// A number that is negative, or larger than any real one.
    fn of_number_beyond(nearest: i64) -> Self {
        Self::of_whole(nearest)
    }

    fn of_null() -> Self {
        Self::default()
    }

    fn of_yes(_: bool) -> Self {
        Self::default()
    }

    fn of_list<'de, S: SeqAccess<'de>>(list: S) -> Result<Self, S::Error> {
        drain(list)?;
        Ok(Self::default())
    }

    fn of_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

impl Shape for String {
    fn of_text(text: &str) -> Self {
        text.to_owned()
    }
}

impl Shape for Option<String> {
    fn of_text(text: &str) -> Self {
        Some(text.to_owned())
    }
}

impl Shape for i64 {
    fn of_whole(number: i64) -> Self {
        number
    }
}

impl Shape for Option<i64> {
    fn of_whole(number: i64) -> Self {
        Some(number)
    }

    fn of_number_beyond(_: i64) -> Self {
        None
    }
}

impl Shape for bool {
    fn of_yes(yes: bool) -> Self {
        yes
    }
}

#[derive(Default)]
struct Object<T>(T);

impl<T: FromEntries> Shape for Object<T> {
    fn of_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
        T::from_entries(entries).map(Self)
    }
}

struct MaybeObject<T>(Option<T>);

impl<T> Default for MaybeObject<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: FromEntries> Shape for MaybeObject<T> {
    fn of_null() -> Self {
        Self(Some(T::default()))
    }

    fn of_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
        T::from_entries(entries).map(|object| Self(Some(object)))
    }
}

#[derive(Default)]
struct Texts<const MOST: usize>(Vec<String>);

impl<const MOST: usize> Shape for Texts<MOST> {
    fn of_list<'de, S: SeqAccess<'de>>(mut list: S) -> Result<Self, S::Error> {
        let mut texts = Vec::new();
        while texts.len() < MOST {
            match list.next_element::<Text>()? {
                Some(Text(text)) if text.is_empty() => {}
                Some(Text(text)) => texts.push(text),
                None => return Ok(Self(texts)),
            }
        }
        drain(list)?;
        Ok(Self(texts))
    }
}

struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        text(from).map(Self)
    }
}

impl<'de, T: FromEntries> Deserialize<'de> for EntryValue<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        entries(from).map(Self)
    }
}

fn drain<'de, S: SeqAccess<'de>>(mut list: S) -> Result<(), S::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn read<'de, T: Shape, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Any(PhantomData))
}

struct Any<T>(PhantomData<T>);

impl<'de, T: Shape> Visitor<'de> for Any<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::of_text(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(match number {
            0.. => T::of_whole(number),
            _ => T::of_number_beyond(0),
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::of_number_beyond(i64::MAX), T::of_whole))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<T, E> {
        Ok(T::of_yes(yes))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::of_null())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, list: S) -> Result<T, S::Error> {
        T::of_list(list)
    }

    fn visit_map<M: MapAccess<'de>>(self, entries: M) -> Result<T, M::Error> {
        T::of_entries(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many entries an object has.
    #[derive(Default)]
    struct Count(usize);

    impl FromEntries for Count {
        fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
            let mut count = 0;
            while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok(Self(count))
        }
    }

    fn of(json: &str) -> serde_json::Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_number_is_whole_not_negative_and_never_too_large() {
        for (json, number) in [
            ("7", 7),
            ("0", 0),
            ("-7", 0),
            ("9223372036854775807", i64::MAX),
            ("9223372036854775808", i64::MAX),
            ("18446744073709551615", i64::MAX),
            ("1.0", 0),
            ("1e40", 0),
            ("\"7\"", 0),
            ("null", 0),
            ("true", 0),
            ("[7]", 0),
            ("{\"a\":7}", 0),
        ] {
            assert_eq!(whole(&of(json)).unwrap(), number, "{json}");
        }
    }

    #[test]
    fn what_is_of_another_type_is_empty() {
        assert_eq!(text(&of("\"a\"")).unwrap(), "a");
        assert!(yes(&of("true")).unwrap());
        assert_eq!(maybe_text(&of("\"\"")).unwrap().as_deref(), Some(""));
        for json in ["7", "-7", "1.5", "null", "[\"a\"]", "{\"a\":true}"] {
            assert_eq!(text(&of(json)).unwrap(), "", "{json}");
            assert_eq!(maybe_text(&of(json)).unwrap(), None, "{json}");
            assert!(!yes(&of(json)).unwrap(), "{json}");
        }
        assert_eq!(entries::<_, Count>(&of("{\"a\":1}")).unwrap().0, 1);
        assert_eq!(entries::<_, Count>(&of("[1]")).unwrap().0, 0);
    }

    #[test]
    fn where_it_counts_what_is_missing_is_not_zero() {
        let number = |json: &str| maybe_whole(&of(json)).unwrap();
        assert_eq!((number("0"), number("7")), (Some(0), Some(7)));
        for none in ["-1", "18446744073709551615", "1.5", "\"7\"", "null", "{}"] {
            assert_eq!(number(none), None, "{none}");
        }
        let count = |json: &str| {
            let count: Option<Count> = maybe_entries(&of(json)).unwrap();
            count.map(|count| count.0)
        };
        assert_eq!((count("{\"a\":1}"), count("null")), (Some(1), Some(0)));
        for none in ["[]", "7", "\"a\"", "false"] {
            assert_eq!(count(none), None, "{none}");
        }
    }

    #[test]
    fn of_a_list_the_first_texts_are_read() {
        let read = |json: &str| texts::<2, _>(&of(json)).unwrap();
        assert_eq!(read(r#"["a","b"]"#), ["a", "b"]);
        assert_eq!(read(r#"["a",7,null,["x"],"","b"]"#), ["a", "b"]);
        assert_eq!(read(r#"["a","b","c"]"#), ["a", "b"]);
        for other in [
            "null",
            "7",
            "-7",
            "1.5",
            "true",
            "\"a\"",
            "{\"a\":\"b\"}",
            "[]",
        ] {
            assert!(read(other).is_empty(), "{other}");
        }
    }
}
