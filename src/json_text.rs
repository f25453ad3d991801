//! A JSON document that is edited where it stands: what is not changed stays byte for byte as it came.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object as text. Unknown fields, empty lists and maps, number forms and order survive every edit.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(String);

/// The entries of an object, values as they stand in the text.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl JsonText {
    /// `None` for what is not one JSON object.
    pub fn new(text: String) -> Option<Self> {
        serde_json::from_str::<Entries<'_>>(&text).ok()?;
        Some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value at a path of object keys, as JSON text.
    pub fn raw(&self, path: &[&str]) -> Option<&str> {
        self.locate(path).and_then(|range| self.0.get(range))
    }

    /// The value at a path, read as `T`; `None` where it is absent or of another type.
    pub fn read<'a, T: Deserialize<'a>>(&'a self, path: &[&str]) -> Option<T> {
        serde_json::from_str(self.raw(path)?).ok()
    }

    /// Keys of the object at a path, in order; none where there is no object, `null` included.
    pub fn keys(&self, path: &[&str]) -> Vec<String> {
        self.raw(path)
            .and_then(|text| serde_json::from_str::<Entries<'_>>(text).ok())
            .map(|entries| {
                entries
                    .0
                    .into_iter()
                    .map(|(key, _)| key.into_owned())
                    .collect()
            })
            .unwrap_or_default()
    }

    /// Sets a value; a key that is missing is added at the end of its object, which has to exist.
    /// Answers whether anything changed: an equal value is left as it is written.
    pub fn set(&mut self, path: &[&str], value: &serde_json::Value) -> bool {
        if self.read::<serde_json::Value>(path).as_ref() == Some(value) {
            return false;
        }
        if let Some(range) = self.locate(path) {
            self.0.replace_range(range, &value.to_string());
            return true;
        }
        let Some((key, parent)) = path.split_last() else {
            return false;
        };
        let Some(object) = self.locate(parent).filter(|range| {
            self.0
                .get(range.clone())
                .is_some_and(|text| text.ends_with('}'))
        }) else {
            return false;
        };
        let empty = self.keys(parent).is_empty();
        let comma = if empty { "" } else { "," };
        let entry = format!("{comma}{}:{value}", serde_json::Value::from(*key));
        self.0.insert_str(object.end - 1, &entry);
        true
    }

    fn locate(&self, path: &[&str]) -> Option<Range<usize>> {
        let whole = self.0.trim();
        let start = offset(&self.0, whole);
        let mut range = start..start + whole.len();
        for key in path {
            let text = self.0.get(range.clone())?;
            let entries: Entries<'_> = serde_json::from_str(text).ok()?;
            let (_, value) = entries.0.into_iter().find(|(name, _)| name == key)?;
            let start = offset(&self.0, value.get());
            range = start..start + value.get().len();
        }
        Some(range)
    }
}

/// Where `part`, a piece of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<'de>, M::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<Key<'de>>()? {
                    entries.push((key.0, map.next_value::<&'de RawValue>()?));
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Reader)
    }
}

/// A key, borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = "{ \"A\" : {}, \"B\":[ ] ,\"N\": 1.50e3,\n\"V\":{\"v\\u0031\":{\"Limit\":5,\"Future\":[{}]}},\"Z\":null }";

    #[test]
    fn only_the_value_that_changes_changes() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        assert!(text.set(&["V", "v1", "Limit"], &json!(7_516_192_768_u64)));
        assert_eq!(
            text.as_str(),
            TEXT.replace("\"Limit\":5", "\"Limit\":7516192768")
        );
    }

    #[test]
    fn an_equal_value_is_left_as_it_is_written() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        assert!(!text.set(&["N"], &json!(1500.0)));
        assert!(!text.set(&["V", "v1", "Limit"], &json!(5)));
        assert_eq!(text.as_str(), TEXT);
    }

    #[test]
    fn a_missing_key_is_added_to_its_object() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        assert!(text.set(&["A", "x\"y"], &json!(true)));
        assert!(text.set(&["V", "v1", "On"], &json!("é")));
        assert_eq!(text.read::<bool>(&["A", "x\"y"]), Some(true));
        assert_eq!(
            text.read::<String>(&["V", "v1", "On"]).as_deref(),
            Some("é")
        );
        assert_eq!(text.raw(&["V", "v1", "Future"]), Some("[{}]"));
    }

    #[test]
    fn nothing_is_added_to_what_is_no_object() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        for path in [["B", "x"], ["Z", "x"], ["N", "x"], ["missing", "x"]] {
            assert!(!text.set(&path, &json!(1)), "{path:?}");
        }
        assert_eq!(text.as_str(), TEXT);
        assert_eq!(text.keys(&["V"]), ["v1"]);
        assert!(text.keys(&["Z"]).is_empty());
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        for wrong in ["", "[]", "null", "{", "{}x", "\"{}\""] {
            assert!(JsonText::new(wrong.into()).is_none(), "{wrong}");
        }
    }
}
