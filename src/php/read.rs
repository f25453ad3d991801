//! PHP values read into owned ones. No `iter()` over foreign arrays: it panics on keys that are not UTF-8.

use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::zend::ExecutorGlobals;

use crate::php_value::Value;

/// Arrays of arrays are as deep as any parameter goes, and an array may contain itself.
const DEEPEST: u32 = 2;

/// Objects, resources and what lies too deep read as null.
pub fn read(zval: &Zval, depth: u32) -> Value {
    let zval = zval.dereference();
    if let Some(text) = zval.zend_str() {
        Value::Bytes(text.as_bytes().to_vec())
    } else if let Some(number) = zval.long() {
        Value::Int(number)
    } else if let Some(yes) = zval.bool() {
        Value::Bool(yes)
    } else if let Some(number) = zval.double() {
        Value::Float(number)
    } else if let Some(table) = zval.array().filter(|_| depth < DEEPEST) {
        read_array(table, depth + 1)
    } else {
        Value::Null
    }
}

/// A variable of the script, such as `_POST`: the one that PHP code sees, and that WHMCS may have replaced.
pub fn global(name: &str) -> Value {
    let globals = ExecutorGlobals::get();
    let found = globals.symbol_table.get(name);
    found.map_or(Value::Null, |zval| read(zval.indirect().unwrap_or(zval), 0))
}

/// Reads one entry of a variable of the script that is an array.
pub fn entry_of_global(name: &str, key: &str) -> Value {
    let globals = ExecutorGlobals::get();
    let found = globals.symbol_table.get(name);
    let table = found.and_then(|zval| zval.indirect().unwrap_or(zval).dereference().array());
    let entry = table.and_then(|table| table.get(key));
    entry.map_or(Value::Null, |zval| read(zval.indirect().unwrap_or(zval), 0))
}

fn read_array(table: &ZendHashTable, depth: u32) -> Value {
    let mut entries = Vec::with_capacity(table.len());
    let mut walk = table.iter();
    while let Some((key, value)) = walk.next_zval() {
        entries.push((key_text(&key), read(value, depth)));
    }
    Value::Array(entries)
}

pub fn key_text(key: &Zval) -> String {
    match key.zend_str() {
        Some(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        None => key.long().unwrap_or_default().to_string(),
    }
}
