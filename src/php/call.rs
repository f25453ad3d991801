//! Calls from here into PHP, with their exceptions caught. Nothing may be held across one: a fatal error skips destructors.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::error::Error;
use ext_php_rs::types::{ZendCallable, ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ExecutorGlobals;

use super::read;

/// Why a call into PHP has no result.
#[derive(Debug)]
pub enum Interrupted {
    /// An exception, by its class; it is caught.
    Threw(String),
    /// `exit()`: it stays pending, and whoever sees this must return to PHP at once.
    Exit,
    /// There is no such function, class or method.
    Missing,
}

type Arguments<'a> = Vec<&'a dyn IntoZvalDyn>;

/// `name(...)`.
pub fn function(name: &str, arguments: Arguments<'_>) -> Result<Zval, Interrupted> {
    let callable = ZendCallable::try_from_name(name).map_err(|_| Interrupted::Missing)?;
    ended(callable.try_call(arguments))
}

/// `Class::method(...)`, loading the class where WHMCS can.
pub fn static_method(
    class: &str,
    method: &str,
    arguments: Arguments<'_>,
) -> Result<Zval, Interrupted> {
    let exists = function("class_exists", vec![&class])?;
    if exists.bool() != Some(true) {
        return Err(Interrupted::Missing);
    }
    let mut pair = ZendHashTable::with_capacity(2);
    push(&mut pair, class)?;
    push(&mut pair, method)?;
    call_pair(pair, arguments)
}

/// `$object->method(...)`, by PHP's rules: visibility, `__call`.
pub fn method(object: &Zval, method: &str, arguments: Arguments<'_>) -> Result<Zval, Interrupted> {
    let mut pair = ZendHashTable::with_capacity(2);
    push(&mut pair, object.shallow_clone())?;
    push(&mut pair, method)?;
    call_pair(pair, arguments)
}

/// `$object->name ?? null`.
pub fn property(object: &Zval, name: &str) -> Result<Zval, Interrupted> {
    let object: &ZendObject = object.object().ok_or(Interrupted::Missing)?;
    read::property(object, name)
}

/// Writes to PHP's error log, past any error handler of the host.
pub fn error_log(message: &str) {
    // There is no other place to tell it.
    let _ = function("error_log", vec![&message]);
}

/// Catches the exception that a call left behind, unless it is `exit()`.
pub fn settle(value: Zval) -> Result<Zval, Interrupted> {
    match ExecutorGlobals::pending_exception_class() {
        None => Ok(value),
        Some(class) => Err(caught(class)),
    }
}

fn call_pair(pair: ZBox<ZendHashTable>, arguments: Arguments<'_>) -> Result<Zval, Interrupted> {
    let pair = pair.into_zval(false).map_err(|_| Interrupted::Missing)?;
    let callable = ZendCallable::new_owned(pair).map_err(|_| Interrupted::Missing)?;
    ended(callable.try_call(arguments))
}

fn push(pair: &mut ZBox<ZendHashTable>, value: impl IntoZval) -> Result<(), Interrupted> {
    pair.push(value).map_err(|_| Interrupted::Missing)
}

fn ended(result: Result<Zval, Error>) -> Result<Zval, Interrupted> {
    match (result, ExecutorGlobals::pending_exception_class()) {
        (_, Some(class)) => Err(caught(class)),
        (Ok(value), None) => Ok(value),
        (Err(_), None) => Err(Interrupted::Missing),
    }
}

fn caught(class: String) -> Interrupted {
    if class == "UnwindExit" {
        return Interrupted::Exit;
    }
    drop(ExecutorGlobals::take_exception());
    Interrupted::Threw(class)
}
