//! JSON documents as text: read and changed in places, every other byte stays as it came.
//!
//! All functions but `is_object` take it for granted that the text is JSON.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub struct Member<'a> {
    pub name: String,
    pub value: &'a str,
    span: Range<usize>,
    value_span: Range<usize>,
}

pub fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The JSON text of a string.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The same document without white space; number texts must be as serde writes them.
pub fn compact(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| value.to_string())
}

/// The value, where the text holds one of that type.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

pub fn members(text: &str) -> Vec<Member<'_>> {
    let spans = elements(text, b'{');
    let pairs = spans.chunks_exact(2);
    pairs
        .filter_map(|pair| match pair {
            [name, value] => Some(Member {
                name: read(text.get(name.clone())?)?,
                value: text.get(value.clone())?,
                span: name.start..value.end,
                value_span: value.clone(),
            }),
            _ => None,
        })
        .collect()
}

pub fn items(text: &str) -> Vec<&str> {
    let spans = elements(text, b'[');
    spans
        .into_iter()
        .filter_map(|span| text.get(span))
        .collect()
}

/// Of members with the same name the last counts, as in Go.
pub fn get<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut found = members(text);
    found.retain(|member| member.name == name);
    found.pop().map(|member| member.value)
}

pub fn get_as<T: DeserializeOwned>(text: &str, name: &str) -> Option<T> {
    get(text, name).and_then(read)
}

/// The string, empty where there is none.
pub fn get_string(text: &str, name: &str) -> String {
    get_as(text, name).unwrap_or_default()
}

/// A new member goes to the end; what is no object becomes one.
pub fn set(text: &str, name: &str, value: &str) -> String {
    let members = members(text);
    if let Some(member) = members.iter().rev().find(|member| member.name == name) {
        return splice(text, member.value_span.clone(), value);
    }
    let new = format!("{}:{value}", quoted(name));
    match members.last() {
        Some(last) => splice(text, last.span.end..last.span.end, &format!(",{new}")),
        None => format!("{{{new}}}"),
    }
}

pub fn set_string(text: &str, name: &str, value: &str) -> String {
    set(text, name, &quoted(value))
}

pub fn remove(text: &str, name: &str) -> String {
    let members = members(text);
    let Some(place) = members.iter().position(|member| member.name == name) else {
        return text.to_owned();
    };
    let span = |place: usize| members.get(place).map(|member| member.span.clone());
    let own = span(place).unwrap_or_default();
    let before = place.checked_sub(1).and_then(span);
    let gone = match (span(place + 1), before) {
        (Some(next), _) => own.start..next.start,
        (None, Some(before)) => before.end..own.end,
        (None, None) => own,
    };
    splice(text, gone, "")
}

/// Merges as RFC 7396 says: objects member by member, `null` removes.
pub fn merge(text: &str, change: &str) -> String {
    if !change.trim_start().starts_with('{') {
        return change.to_owned();
    }
    let start = if text.trim_start().starts_with('{') {
        text
    } else {
        "{}"
    };
    members(change)
        .into_iter()
        .fold(start.to_owned(), |text, member| match member.value {
            "null" => remove(&text, &member.name),
            value => {
                let merged = merge(get(&text, &member.name).unwrap_or("{}"), value);
                set(&text, &member.name, &merged)
            }
        })
}

/// An object of the members given.
pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, value)| format!("{}:{value}", quoted(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

pub fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<&str> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}

/// Where the values in an object or list are: names and values in turn, or items.
fn elements(text: &str, open: u8) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let Some(first) = bytes.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return spans;
    };
    if bytes.get(first) != Some(&open) {
        return spans;
    }
    let mut place = first + 1;
    while let Some(byte) = bytes.get(place) {
        match byte {
            b'}' | b']' => break,
            b',' | b':' => place += 1,
            byte if byte.is_ascii_whitespace() => place += 1,
            _ => {
                let end = value_end(bytes, place);
                spans.push(place..end);
                place = end;
            }
        }
    }
    spans
}

fn value_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut escaped = false;
    for (place, byte) in bytes.iter().enumerate().skip(start) {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            if !in_string && depth == 0 {
                return place + 1;
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return place + 1,
            b',' | b'}' | b']' if depth == 0 => return place,
            byte if depth == 0 && byte.is_ascii_whitespace() => return place,
            _ => {}
        }
    }
    bytes.len()
}

fn splice(text: &str, span: Range<usize>, new: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    format!("{before}{new}{after}")
}
