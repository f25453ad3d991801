//! A JSON document that is edited as text: what is not changed stays byte for byte as it came.
//!
//! Reading a value and making any number of edits cost one pass over the document each.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Bytes; a longer value is not compared with what it is to become.
const LONGEST_COMPARED: usize = 64 * 1024;

/// A JSON object as text. Unknown fields, empty lists and maps, number forms and order survive every edit.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// Keeps a text that is one JSON object; `None` for any other.
    pub fn new(text: String) -> Option<Self> {
        each_entry(&text, |_, _| {})?;
        Some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value at a path of object keys, as JSON text.
    pub fn raw(&self, path: &[&str]) -> Option<&str> {
        path.iter().try_fold(self.0.as_str(), |text, wanted| {
            let mut found = None;
            each_entry(text, |key, value| {
                if found.is_none() && key == *wanted {
                    found = Some(value);
                }
            })?;
            found
        })
    }

    /// The value at a path, read as `T`; `None` where it is absent or of another type.
    pub fn read<'a, T: Deserialize<'a>>(&'a self, path: &[&str]) -> Option<T> {
        serde_json::from_str(self.raw(path)?).ok()
    }

    /// Sets the values of `edits` in one pass. An object among them holds edits of the object that is there; a key
    /// that is missing is added at the end of its object, which has to exist. Returns whether anything changed: an equal
    /// value is left as it is written.
    pub fn edit(&mut self, edits: &Map<String, Value>) -> bool {
        let mut changes = Vec::new();
        changes_of(&self.0, &self.0, edits, &mut changes);
        if changes.is_empty() {
            return false;
        }
        let mut edited = String::with_capacity(self.0.len() + 64 * changes.len());
        let mut done = 0;
        for (range, text) in changes {
            edited.push_str(self.0.get(done..range.start).unwrap_or_default());
            edited.push_str(&text);
            done = range.end;
        }
        edited.push_str(self.0.get(done..).unwrap_or_default());
        self.0 = edited;
        true
    }
}

/// What to write in place of which bytes of `whole`, in their order, for the edits of its part `object`.
fn changes_of(
    whole: &str,
    object: &str,
    edits: &Map<String, Value>,
    changes: &mut Vec<(Range<usize>, String)>,
) {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut is_empty = true;
    let read = each_entry(object, |key, text| {
        is_empty = false;
        let Some((name, wanted)) = edits.get_key_value(key) else {
            return;
        };
        if !seen.insert(name) {
            return;
        }
        match wanted {
            Value::Object(inner) => changes_of(whole, text, inner, changes),
            _ if text.len() <= LONGEST_COMPARED
                && serde_json::from_str::<Value>(text).is_ok_and(|value| value == *wanted) => {}
            _ => {
                let start = offset(whole, text);
                changes.push((start..start + text.len(), wanted.to_string()));
            }
        }
    });
    if read.is_none() {
        return;
    }
    let end = offset(whole, object) + object.trim_end().len() - 1;
    let mut added = String::new();
    for (key, value) in edits {
        if seen.contains(key.as_str()) || value.is_object() {
            continue;
        }
        if !is_empty || !added.is_empty() {
            added.push(',');
        }
        // Writing to a String cannot fail.
        let _ = write!(added, "{}:{value}", Value::from(key.as_str()));
    }
    if !added.is_empty() {
        changes.push((end..end, added));
    }
}

/// Where `part`, a piece of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// Hands over keys and values, as they are written in the text; `None` where it is not one object.
pub fn each_entry<'a>(text: &'a str, each: impl FnMut(&str, &'a str)) -> Option<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Entries(each).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()
}

struct Entries<F>(F);

impl<'de, F: FnMut(&str, &'de str)> DeserializeSeed<'de> for Entries<F> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, F: FnMut(&str, &'de str)> Visitor<'de> for Entries<F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<Key<'de>>()? {
            (self.0)(&key.0, map.next_value::<&'de RawValue>()?.get());
        }
        Ok(())
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

    fn edits(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(edits) => edits,
            other => panic!("no edits: {other}"),
        }
    }

    #[test]
    fn only_the_values_that_change_change() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        let changed = text.edit(&edits(
            json!({"Z": 7, "V": {"v1": {"Limit": 7_516_192_768_u64}}, "N": 1500.0}),
        ));
        assert!(changed);
        assert_eq!(
            text.as_str(),
            TEXT.replace("\"Limit\":5", "\"Limit\":7516192768")
                .replace("null", "7")
        );
    }

    #[test]
    fn an_equal_value_is_left_as_it_is_written() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        assert!(!text.edit(&edits(json!({"N": 1500.0, "V": {"v1": {"Limit": 5}}}))));
        assert!(!text.edit(&Map::new()));
        assert_eq!(text.as_str(), TEXT);
    }

    #[test]
    fn a_missing_key_is_added_to_its_object() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        assert!(text.edit(&edits(
            json!({"A": {"x\"y": true, "z": 1}, "V": {"v1": {"On": "é"}}, "New": []})
        )));
        assert_eq!(text.read::<bool>(&["A", "x\"y"]), Some(true));
        assert_eq!(text.read::<u8>(&["A", "z"]), Some(1));
        assert_eq!(
            text.read::<String>(&["V", "v1", "On"]).as_deref(),
            Some("é")
        );
        assert_eq!(text.raw(&["V", "v1", "Future"]), Some("[{}]"));
        assert_eq!(text.raw(&["New"]), Some("[]"));
    }

    #[test]
    fn nothing_is_added_to_what_is_no_object() {
        let mut text = JsonText::new(TEXT.into()).unwrap();
        for name in ["B", "Z", "N", "missing"] {
            assert!(!text.edit(&edits(json!({name: {"x": 1}}))), "{name}");
        }
        assert_eq!(text.as_str(), TEXT);
    }

    #[test]
    fn of_a_key_that_comes_twice_the_first_is_meant() {
        let mut text = JsonText::new("{\"a\":1,\"a\":2}".into()).unwrap();
        assert!(text.edit(&edits(json!({"a": 3}))));
        assert_eq!(text.as_str(), "{\"a\":3,\"a\":2}");
    }

    #[test]
    fn many_edits_are_made_together() {
        let vaults: Vec<String> = (0..3000).map(|n| format!("\"v{n}\":{{\"L\":0}}")).collect();
        let mut text = JsonText::new(format!("{{{}}}", vaults.join(","))).unwrap();
        let all: Map<_, _> = (0..3000)
            .map(|n| (format!("v{n}"), json!({"L": n, "On": true})))
            .collect();
        assert!(text.edit(&all));
        assert_eq!(text.raw(&["v2999"]), Some("{\"L\":2999,\"On\":true}"));
        assert!(!text.edit(&all));
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        for wrong in ["", "[]", "null", "{", "{}x", "\"{}\""] {
            assert!(JsonText::new(wrong.into()).is_none(), "{wrong}");
        }
    }
}
