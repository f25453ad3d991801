//! Which fields the server's documents have, of which type, and since which version.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::text;
use super::version::{BASIC, Version};

/// Kind of document to its fields; a field is a type and, where newer than the floor, the version.
///
/// A type is a plain one, another kind, or a kind in `{}` for a map or in `[]` for a list of it.
/// Where the start is not known, `18.9.3` says that the floor does not have it.
static KINDS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| text::read(include_str!("schema.json")).unwrap_or_default());

static NEWEST: LazyLock<Version> = LazyLock::new(|| {
    let fields = KINDS.values().filter_map(Value::as_object).flatten();
    fields
        .filter_map(|(_, field)| since(field.as_str()?).1)
        .max()
        .unwrap_or(BASIC)
});

/// Whether a Go server could read the document: known fields have their types, or are `null`.
pub fn fits(kind: &str, document: &str) -> bool {
    text::is_object(document)
        && text::members(document)
            .iter()
            .all(|member| match field(kind, &member.name) {
                Some((shape, _)) => member.value == "null" || has_shape(shape, member.value),
                None => true,
            })
}

/// The document as a server of that version has it; fields that no table knows stay.
pub fn prune(kind: &str, document: &str, version: Version) -> String {
    if version >= *NEWEST {
        return document.to_owned();
    }
    let mut pruned = document.to_owned();
    for member in text::members(document) {
        let Some((shape, since)) = field(kind, &member.name) else {
            continue;
        };
        if since.is_some_and(|since| version < since) {
            pruned = text::remove(&pruned, &member.name);
        } else if let Some(value) = prune_value(shape, member.value, version) {
            pruned = text::set(&pruned, &member.name, &value);
        }
    }
    pruned
}

/// `None` where the type has no fields of its own.
fn prune_value(shape: &str, value: &str, version: Version) -> Option<String> {
    if value == "null" {
        return None;
    }
    if let Some(kind) = inside(shape, '{', '}') {
        return Some(
            text::members(value)
                .iter()
                .fold(value.to_owned(), |map, member| {
                    text::set(&map, &member.name, &prune(kind, member.value, version))
                }),
        );
    }
    if let Some(kind) = inside(shape, '[', ']') {
        let items: Vec<String> = text::items(value)
            .iter()
            .map(|item| prune(kind, item, version))
            .collect();
        return Some(text::list(items.iter().map(String::as_str)));
    }
    KINDS.get(shape).map(|_| prune(shape, value, version))
}

fn has_shape(shape: &str, value: &str) -> bool {
    let first = value.chars().next().unwrap_or_default();
    if let Some(kind) = inside(shape, '{', '}') {
        return first == '{'
            && text::members(value)
                .iter()
                .all(|member| member.value == "null" || fits(kind, member.value));
    }
    if let Some(kind) = inside(shape, '[', ']') {
        return first == '[' && text::items(value).iter().all(|item| fits(kind, item));
    }
    match shape {
        "string" => first == '"',
        "bool" => matches!(value, "true" | "false"),
        // As Go reads integers: no fraction, no exponent.
        "int" => value.parse::<i64>().is_ok(),
        "list" => first == '[',
        "map" => first == '{',
        kind => fits(kind, value),
    }
}

/// The type of a field.
pub fn shape(kind: &str, name: &str) -> Option<&'static str> {
    field(kind, name).map(|(shape, _)| shape)
}

fn field(kind: &str, name: &str) -> Option<(&'static str, Option<Version>)> {
    let field = KINDS.get(kind)?.get(name)?.as_str()?;
    Some(since(field))
}

/// The type, and the version behind it if there is one.
fn since(field: &'static str) -> (&'static str, Option<Version>) {
    match field.rsplit_once(' ') {
        Some((shape, last)) => match Version::parse(last) {
            Some(version) => (shape, Some(version)),
            None => (field, None),
        },
        None => (field, None),
    }
}

fn inside(shape: &str, open: char, close: char) -> Option<&str> {
    shape.strip_prefix(open)?.strip_suffix(close)
}
