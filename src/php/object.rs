//! PHP objects: created, called and read by PHP's rules.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{self, zend_class_entry};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ClassEntry;

use super::call::{Arguments, call_pair, must_exist, push};
use super::exception::{CallError, engine, settle};

/// Makes `new Class()`, loading the class where WHMCS can.
pub fn instance(class: &str) -> Result<Zval, CallError> {
    must_exist(class)?;
    let entry = ClassEntry::try_find(class).ok_or(CallError::Missing)?;
    let object = ZendObject::new(entry)
        .into_zval(false)
        .map_err(|_| CallError::Missing)?;
    match method(&object, "__construct", vec![]) {
        Ok(_) | Err(CallError::Missing) => Ok(object),
        Err(interrupted) => Err(interrupted),
    }
}

/// Calls `$object->method(...)`, by PHP's rules: visibility, `__call`.
pub fn method(object: &Zval, method: &str, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    let mut pair = ZendHashTable::with_capacity(2);
    push(&mut pair, object.shallow_clone())?;
    push(&mut pair, method)?;
    call_pair(pair, arguments)
}

/// Reads `$object->name ?? null`: declared, or magic through `__isset` and `__get`.
pub fn property(object: &Zval, name: &str) -> Result<Zval, CallError> {
    let object: &ZendObject = object.object().ok_or(CallError::Missing)?;
    let mut result = Zval::new();
    let place = &raw mut result;
    let value = engine(|| {
        // SAFETY: `object` lives through the call; what is returned points to `result` or into the object, and
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
    settle(value)
}

/// Returns the names of the class and its parents, in lower case, joined by spaces.
pub fn class_names(object: &ZendObject) -> String {
    let mut names = Vec::new();
    // SAFETY: an object's class entry outlives it, and so do its parents.
    let mut class: Option<&zend_class_entry> = unsafe { object.ce.as_ref() };
    while let Some(entry) = class {
        names.extend(entry.name().map(str::to_lowercase));
        class = entry.parent();
    }
    names.join(" ")
}
