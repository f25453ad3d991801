//! PHP values built from owned ones.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use crate::php_value::{Rows, Value};

/// Makes an array of label ⇒ text, in order. Keys keep PHP's rule: digits become whole numbers.
pub fn texts(pairs: &[(String, String)]) -> ZBox<ZendHashTable> {
    let mut table = ZendHashTable::new();
    for (key, text) in pairs {
        insert(&mut table, key, bytes(text.as_bytes()));
    }
    table
}

/// An array; anything but `Value::Array` is an empty one.
pub fn array(value: &Value) -> ZBox<ZendHashTable> {
    let mut table = ZendHashTable::new();
    if let Value::Array(entries) = value {
        for (key, value) in entries {
            insert(&mut table, key, zval(value));
        }
    }
    table
}

/// Makes an array row by row, so that many of them need no memory beside PHP's.
pub fn rows(rows: Rows) -> ZBox<ZendHashTable> {
    let mut table = ZendHashTable::new();
    for (key, row) in rows {
        insert(&mut table, &key, of_row(row));
    }
    table
}

/// Success, and the rows as a list under a name.
pub fn listed(name: &str, rows: Rows) -> ZBox<ZendHashTable> {
    let mut list = ZendHashTable::new();
    for (_, row) in rows {
        // As in `insert`.
        let _ = list.push(of_row(row));
    }
    let mut of_list = Zval::new();
    of_list.set_hashtable(list);
    let mut table = ZendHashTable::new();
    insert(&mut table, "success", zval(&Value::Bool(true)));
    insert(&mut table, name, of_list);
    table
}

fn of_row(row: Vec<(&'static str, Value)>) -> Zval {
    let mut table = ZendHashTable::new();
    for (name, value) in row {
        insert(&mut table, name, zval(&value));
    }
    let mut of_row = Zval::new();
    of_row.set_hashtable(table);
    of_row
}

fn zval(value: &Value) -> Zval {
    let mut zval = Zval::new();
    match value {
        Value::Null => zval.set_null(),
        Value::Bool(yes) => zval.set_bool(*yes),
        Value::Int(number) => zval.set_long(*number),
        Value::Float(number) => zval.set_double(*number),
        Value::Bytes(text) => return bytes(text),
        Value::Array(_) => zval.set_hashtable(array(value)),
    }
    zval
}

fn bytes(text: &[u8]) -> Zval {
    let mut zval = Zval::new();
    zval.set_zend_string(ZendStr::new(text, false));
    zval
}

fn insert(table: &mut ZendHashTable, key: &str, value: Zval) {
    // Fails only where a value cannot become a zval, and this one is one.
    let _ = table.insert(key, value);
}
