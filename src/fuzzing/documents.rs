//! The three readers of JSON.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{parts, pieces, refused};
use crate::json::document::{JsonText, each_entry};
use crate::json::lenient::{self, FromEntries};
use crate::json::stream::{self, StreamEnd, value};

/// Bytes of an element.
const LONGEST: usize = 1000;

/// The first byte says how the rest is cut.
pub fn json_stream(bytes: &[u8]) {
    let Some((cut, document)) = bytes.split_first() else {
        return;
    };
    let elements = |most| {
        let mut found = Vec::new();
        let ending = stream::elements(pieces(document, most), LONGEST, |_: IgnoredAny, bytes| {
            found.push(bytes.to_vec());
            Ok(())
        });
        (ending.map_err(refused), found)
    };
    let entries = |most| {
        let mut found = Vec::new();
        let ending = stream::entries(pieces(document, most), LONGEST, |name, bytes| {
            let read = value::<IgnoredAny>(bytes)?;
            Ok(read.map(|(_, length)| {
                found.push((name, bytes.get(..length).unwrap_or_default().to_vec()));
                length
            }))
        });
        (ending.map_err(refused), found)
    };
    let list = elements(usize::MAX);
    let map = entries(usize::MAX);
    assert_eq!(
        elements(usize::from(*cut)),
        list,
        "however the bytes are cut"
    );
    assert_eq!(entries(usize::from(*cut)), map, "however the bytes are cut");
    let longest = |length: usize| length <= LONGEST;
    if let Ok(whole) = serde_json::from_slice::<Vec<&RawValue>>(document)
        && longest(document.len())
    {
        let expected = whole
            .iter()
            .map(|element| element.get().as_bytes().to_vec());
        let count = whole.len() as u64;
        assert_eq!(list, (Ok(StreamEnd::All(count)), expected.collect()));
    }
    if serde_json::from_slice::<Map<String, Value>>(document).is_ok() && longest(document.len()) {
        assert_eq!(map.0, Ok(StreamEnd::All(map.1.len() as u64)));
    }
}

/// Edits and the document they are made in.
pub fn json_document(bytes: &[u8]) {
    let Some([edits, text]) = parts(bytes) else {
        return;
    };
    let Some(mut document) = JsonText::new(text.to_owned()) else {
        assert!(serde_json::from_str::<Map<String, Value>>(text).is_err());
        return;
    };
    let Ok(edits) = serde_json::from_str::<Map<String, Value>>(edits) else {
        return;
    };
    // The module sets no fraction, and those are not always read as they are written.
    if edits.values().any(has_fraction) {
        return;
    }
    let before = document.clone();
    let changed = document.edit(&edits);
    assert_eq!(changed, document.as_str() != text);
    assert!(
        JsonText::new(document.as_str().to_owned()).is_some(),
        "it is an object still"
    );
    holds(document.as_str(), &edits);
    let _ = each_entry(text, |key, _| {
        let is_kept = document.raw(&[key]) == before.raw(&[key]);
        assert!(is_kept || edits.contains_key(key), "{key} stays as it came");
    });
    assert!(!document.edit(&edits), "what is set is not set again");
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(entries) => entries.values().any(has_fraction),
        _ => false,
    }
}

/// Every edit is in the object; what is in no object cannot be.
fn holds(object: &str, edits: &Map<String, Value>) {
    let mut seen = Vec::new();
    let read = each_entry(object, |key, text| {
        let Some((name, wanted)) = edits.get_key_value(key) else {
            return;
        };
        // Of a name that stands there twice the first counts.
        if seen.contains(&name) {
            return;
        }
        seen.push(name);
        match wanted {
            Value::Object(inner) => holds(text, inner),
            _ => assert_eq!(
                serde_json::from_str::<Value>(text).ok().as_ref(),
                Some(wanted)
            ),
        }
    });
    if read.is_some() {
        let missing = edits
            .iter()
            .filter(|(name, wanted)| !wanted.is_object() && !seen.contains(name));
        assert_eq!(missing.count(), 0);
    }
}

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

#[derive(Deserialize)]
struct Lenient {
    #[serde(default, deserialize_with = "lenient::entries")]
    entries: Count,
    #[serde(default, deserialize_with = "lenient::maybe_entries")]
    maybe_entries: Option<Count>,
    #[serde(default, deserialize_with = "lenient::maybe_whole")]
    maybe_whole: Option<i64>,
    #[serde(default, deserialize_with = "lenient::text")]
    text: String,
    #[serde(default, deserialize_with = "lenient::maybe_text")]
    maybe_text: Option<String>,
    #[serde(default, deserialize_with = "lenient::whole")]
    whole: i64,
    #[serde(default, deserialize_with = "lenient::yes")]
    yes: bool,
}

/// One value, as each kind of field.
pub fn json_lenient(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let text = value.to_string();
    let document = format!(
        r#"{{"entries":{text},"maybe_entries":{text},"maybe_whole":{text},"text":{text},"maybe_text":{text},"whole":{text},"yes":{text}}}"#
    );
    let read = serde_json::from_str::<Lenient>(&document);
    assert!(read.is_ok(), "a value of any kind is read");
    let Ok(read) = read else { return };
    assert_eq!(read.entries.0, value.as_object().map_or(0, Map::len));
    let is_map = value.is_object() || value.is_null();
    assert_eq!(
        read.maybe_entries.map(|count| count.0),
        is_map.then_some(read.entries.0)
    );
    assert_eq!(
        read.maybe_whole,
        value.as_i64().filter(|number| *number >= 0)
    );
    assert_eq!(read.text, value.as_str().unwrap_or_default());
    assert_eq!(read.maybe_text.as_deref(), value.as_str());
    assert!(read.whole >= 0);
    assert_eq!(read.yes, value == Value::Bool(true));
}
