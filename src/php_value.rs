//! A PHP value as an owned Rust one, without any Zend type.

/// Owned, ordered, and free of Zend types, so that it can be tested and sent to threads.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// PHP strings are bytes; nothing promises UTF-8.
    Bytes(Vec<u8>),
    Array(Vec<(String, Value)>),
}

/// Rows of a long array, each with its key, made as they are taken.
pub type Rows = Box<dyn Iterator<Item = (String, Vec<(&'static str, Value)>)>>;

impl Value {
    /// The entry under `key`, as PHP's `$array[$key] ?? null`.
    pub fn get(&self, key: &str) -> &Self {
        match self {
            Self::Array(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map_or(&Self::Null, |(_, value)| value),
            _ => &Self::Null,
        }
    }

    /// A whole number, also where it came as text or float: WHMCS mixes them.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            #[allow(clippy::cast_possible_truncation)]
            Self::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => {
                Some(*number as i64)
            }
            Self::Bytes(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
            _ => None,
        }
    }

    /// An id as WHMCS gives them: positive, else there is none.
    pub fn id(&self) -> Option<u32> {
        self.whole()
            .and_then(|number| u32::try_from(number).ok())
            .filter(|id| *id > 0)
    }

    /// Returns the text; numbers become their digits, all else is `None`, and so are bytes that are not UTF-8.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
            Self::Int(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Yes as WHMCS writes it: `on`, `1`, 1, true.
    pub fn truthy(&self) -> bool {
        match self {
            Self::Bool(yes) => *yes,
            Self::Int(number) => *number != 0,
            Self::Bytes(bytes) => !matches!(bytes.as_slice(), b"" | b"0" | b"off" | b"no"),
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_as_numbers_and_as_text() {
        assert_eq!(Value::Int(7).id(), Some(7));
        assert_eq!(Value::from(" 7 ").id(), Some(7));
        assert_eq!(Value::Float(7.0).id(), Some(7));
        for none in [
            Value::Int(0),
            Value::Int(-7),
            Value::from("7abc"),
            Value::from(""),
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MAX),
            Value::Float(f64::NAN),
        ] {
            assert_eq!(none.id(), None, "{none:?}");
        }
    }

    #[test]
    fn text_that_is_not_utf8_is_no_text() {
        assert_eq!(Value::Bytes(vec![0xff, 0xfe]).text(), None);
    }
}
