//! Values of a document of any server: what is missing, `null` or of another type is empty.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Read from the entries of an object; empty where there is none.
pub trait FromEntries: Default {
    fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error>;
}

/// How many entries an object has.
#[derive(Default)]
pub struct Count(pub usize);

#[derive(Default)]
enum Scalar {
    #[default]
    None,
    Text(String),
    Whole(i64),
    Yes(bool),
}

pub fn entries<'de, D: Deserializer<'de>, T: FromEntries>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Object(PhantomData))
}

pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match from.deserialize_any(AnyScalar)? {
        Scalar::Text(text) => text,
        _ => String::new(),
    })
}

/// The text, where the value is one.
pub fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match from.deserialize_any(AnyScalar)? {
        Scalar::Text(text) => Some(text),
        _ => None,
    })
}

/// Sizes, counts and times: what is negative is 0, what is too large the largest.
pub fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    Ok(match from.deserialize_any(AnyScalar)? {
        Scalar::Whole(number) => number,
        _ => 0,
    })
}

pub fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(matches!(
        from.deserialize_any(AnyScalar)?,
        Scalar::Yes(true)
    ))
}

impl FromEntries for Count {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut count = 0;
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Self(count))
    }
}

/// `T` as the value of an entry.
pub struct Value<T>(pub T);

impl<'de, T: FromEntries> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        entries(from).map(Self)
    }
}

struct Object<T>(PhantomData<T>);

struct AnyScalar;

fn drain<'de, S: SeqAccess<'de>>(mut list: S) -> Result<(), S::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de, T: FromEntries> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, entries: M) -> Result<T, M::Error> {
        T::from_entries(entries)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, list: S) -> Result<T, S::Error> {
        drain(list)?;
        Ok(T::default())
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<T, E> {
        Ok(T::default())
    }
}

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(number.max(0)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Scalar, E> {
        Ok(Scalar::Yes(yes))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, list: S) -> Result<Scalar, S::Error> {
        drain(list)?;
        Ok(Scalar::None)
    }

    fn visit_map<M: MapAccess<'de>>(self, entries: M) -> Result<Scalar, M::Error> {
        Count::from_entries(entries)?;
        Ok(Scalar::None)
    }
}
