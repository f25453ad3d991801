//! PHP values into owned ones. No `iter()` over foreign arrays: it panics on keys that are not UTF-8.

use ext_php_rs::ffi::{self, zend_class_entry};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ExecutorGlobals;

use super::call::{self, CallError};
use crate::php_value::Value;
use crate::whmcs::Params;

/// Arrays of arrays are as deep as any parameter goes, and an array may contain itself.
const DEEPEST: u32 = 2;

/// Parameters of one call.
pub struct CallArguments {
    pub params: Params,
    /// The live model, for its service properties.
    pub model: Option<Zval>,
}

/// Reads the first argument; whatever it is, it becomes parameters.
///
/// # Errors
/// Where a property's getter called `exit`: the function must return at once.
pub fn given(argument: Option<&Zval>) -> Result<CallArguments, CallError> {
    let Some(table) = argument.map(Zval::dereference).and_then(Zval::array) else {
        return Ok(CallArguments {
            params: Params::new(Value::Null),
            model: None,
        });
    };
    let mut entries = Vec::with_capacity(table.len() + 1);
    let mut model = None;
    let mut walk = table.iter();
    while let Some((key, value)) = walk.next_zval() {
        let name = key_text(&key);
        if name == "model" {
            // A getter may drop what the array refers to: the model is held, and read after the walk.
            model = Some(value.dereference().shallow_clone());
        } else {
            entries.push((name, read(value, 1)));
        }
    }
    if let Some(object) = model.as_ref().and_then(Zval::object) {
        entries.push(("model".to_owned(), read_model(object)?));
    }
    Ok(CallArguments {
        params: Params::new(Value::Array(entries)),
        model: model.filter(|model| model.object().is_some()),
    })
}

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

/// A variable of the script, such as `_POST`: the one PHP code sees, which WHMCS may have assigned anew.
pub fn global(name: &str) -> Value {
    let globals = ExecutorGlobals::get();
    let found = globals.symbol_table.get(name);
    found.map_or(Value::Null, |zval| read(zval.indirect().unwrap_or(zval), 0))
}

fn read_array(table: &ZendHashTable, depth: u32) -> Value {
    let mut entries = Vec::with_capacity(table.len());
    let mut walk = table.iter();
    while let Some((key, value)) = walk.next_zval() {
        entries.push((key_text(&key), read(value, depth)));
    }
    Value::Array(entries)
}

fn key_text(key: &Zval) -> String {
    match key.zend_str() {
        Some(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        None => key.long().unwrap_or_default().to_string(),
    }
}

fn read_model(model: &ZendObject) -> Result<Value, CallError> {
    let mut entries = vec![(Params::MODEL_CLASS.to_owned(), Value::from(classes(model)))];
    for name in Params::MODEL_PROPERTIES {
        let value = match property(model, name) {
            Ok(value) => read(&value, 1),
            // A getter that throws has no value; the command may do without it.
            Err(CallError::Threw(_)) => Value::Null,
            Err(exit) => return Err(exit),
        };
        entries.push((name.to_owned(), value));
    }
    entries.push((Params::PARENT_DOMAIN.to_owned(), parent_domain(model)?));
    Ok(Value::Array(entries))
}

/// `$addon->service->domain`.
fn parent_domain(model: &ZendObject) -> Result<Value, CallError> {
    let found = property(model, "service").and_then(|service| match service.object() {
        Some(service) => property(service, "domain"),
        None => Err(CallError::Missing),
    });
    match found {
        Ok(domain) => Ok(read(&domain, 1)),
        Err(CallError::Exit) => Err(CallError::Exit),
        Err(_) => Ok(Value::Null),
    }
}

/// `$object->name ?? null`: declared, or magic through `__isset` and `__get`.
pub fn property(object: &ZendObject, name: &str) -> Result<Zval, CallError> {
    let mut result = Zval::new();
    let place = &raw mut result;
    let value = call::engine(|| {
        // SAFETY: `object` lives through the call; the answer points to `result` or into the object, and
        // shallow_clone takes a reference of its own.
        unsafe {
            let found = ffi::zend_read_property(
                object.ce,
                std::ptr::from_ref(object).cast_mut(),
                name.as_ptr().cast(),
                name.len(),
                true,
                place,
            );
            (*found).dereference().shallow_clone()
        }
    })?;
    call::settle(value)
}

/// Names of the class and its parents, in lower case.
fn classes(object: &ZendObject) -> String {
    let mut names = Vec::new();
    // SAFETY: an object's class entry outlives it, and so do its parents.
    let mut class: Option<&zend_class_entry> = unsafe { object.ce.as_ref() };
    while let Some(entry) = class {
        names.extend(entry.name().map(str::to_lowercase));
        class = entry.parent();
    }
    names.join(" ")
}
