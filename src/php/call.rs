//! Calls from here into PHP, with their exceptions and fatal errors caught.
//!
//! A fatal error would jump over our frames, and what they hold would be lost for the life of the worker. It is caught at
//! the call, refuses every later call of the request, and goes on where nothing of ours is alive: `leave`.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::ptr;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::ffi;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::{CatchError, ClassEntry, ExecutorGlobals, bailout, try_catch};

use super::read;

thread_local! {
    /// Whether a call has ended the request with a fatal error.
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

/// Why a call into PHP has no result.
#[derive(Debug)]
pub enum CallError {
    /// An exception, by its class; it is caught.
    Threw(String),
    /// `exit()` or a fatal error: the request has ended, and whoever sees this must return to PHP at once.
    Exit,
    /// There is no such function, class or method.
    Missing,
}

type Arguments<'a> = Vec<&'a dyn IntoZvalDyn>;

/// `name(...)`.
pub fn function(name: &str, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    let callable = name.into_zval(false).map_err(|_| CallError::Missing)?;
    call(&callable, arguments)
}

/// `Class::method(...)`, loading the class where WHMCS can.
pub fn static_method(
    class: &str,
    method: &str,
    arguments: Arguments<'_>,
) -> Result<Zval, CallError> {
    must_exist(class)?;
    let mut pair = ZendHashTable::with_capacity(2);
    push(&mut pair, class)?;
    push(&mut pair, method)?;
    call_pair(pair, arguments)
}

/// `new Class()`, loading the class where WHMCS can.
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

/// `$object->method(...)`, by PHP's rules: visibility, `__call`.
pub fn method(object: &Zval, method: &str, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    let mut pair = ZendHashTable::with_capacity(2);
    push(&mut pair, object.shallow_clone())?;
    push(&mut pair, method)?;
    call_pair(pair, arguments)
}

/// `$object->name ?? null`.
pub fn property(object: &Zval, name: &str) -> Result<Zval, CallError> {
    let object: &ZendObject = object.object().ok_or(CallError::Missing)?;
    read::property(object, name)
}

/// Writes to PHP's error log, past any error handler of the host.
pub fn error_log(message: &str) {
    // There is no other place to tell it.
    let _ = function("error_log", vec![&message]);
}

/// Catches the exception that a call left behind, unless it is `exit()`.
pub fn settle(value: Zval) -> Result<Zval, CallError> {
    match ExecutorGlobals::pending_exception_class() {
        None => Ok(value),
        Some(class) => Err(caught(class)),
    }
}

/// Runs code of the engine that may run PHP code. It is not run once the request has ended.
///
/// What `body` holds is lost where that happens: it only borrows.
pub fn engine<T>(body: impl FnOnce() -> T) -> Result<T, CallError> {
    if ENDED.get() {
        return Err(CallError::Exit);
    }
    match try_catch(AssertUnwindSafe(body)) {
        Ok(value) => Ok(value),
        Err(CatchError::Bailout) => {
            ENDED.set(true);
            Err(CallError::Exit)
        }
        Err(_) => Err(CallError::Missing),
    }
}

/// The last step of an exported function, whose frame holds `$params`: no exception but `exit` leaves it, because its
/// trace would show them, and a fatal error of PHP code that was called goes on here. Nothing of ours may be alive.
pub fn leave<T>(answer: T) -> T {
    if ENDED.take() {
        drop(answer);
        // SAFETY: on PHP's thread, inside the handler of an exported function, which passes it on; what this request
        // held is dropped.
        unsafe { bailout() };
    }
    drop_exception();
    answer
}

fn drop_exception() {
    if let Some(class) = ExecutorGlobals::pending_exception_class()
        && let CallError::Threw(class) = caught(class)
    {
        error_log(&format!(
            "whmcs_provisioning: {class} was thrown while a call was being left, and dropped"
        ));
    }
}

fn must_exist(class: &str) -> Result<(), CallError> {
    match function("class_exists", vec![&class])?.bool() {
        Some(true) => Ok(()),
        _ => Err(CallError::Missing),
    }
}

fn call_pair(pair: ZBox<ZendHashTable>, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    let pair = pair.into_zval(false).map_err(|_| CallError::Missing)?;
    call(&pair, arguments)
}

fn call(callable: &Zval, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    if !engine(|| callable.is_callable())? {
        return Err(CallError::Missing);
    }
    let parameters: Result<Vec<Zval>, _> = arguments
        .into_iter()
        .map(|argument| argument.as_zval(false))
        .collect();
    let mut parameters = parameters.map_err(|_| CallError::Missing)?;
    let count = u32::try_from(parameters.len()).map_err(|_| CallError::Missing)?;
    let values = parameters.as_mut_ptr();
    let mut result = Zval::new();
    let place = &raw mut result;
    let status = engine(|| {
        // SAFETY: `callable`, the `count` zvals at `values` and the place of the result live through the call, and the
        // engine takes references of its own.
        unsafe {
            ffi::_call_user_function_impl(
                ptr::null_mut(),
                ptr::from_ref(callable).cast_mut(),
                place,
                count,
                values,
                ptr::null_mut(),
            )
        }
    })?;
    let result = settle(result)?;
    if status < 0 {
        return Err(CallError::Missing);
    }
    Ok(result)
}

fn push(pair: &mut ZBox<ZendHashTable>, value: impl IntoZval) -> Result<(), CallError> {
    pair.push(value).map_err(|_| CallError::Missing)
}

fn caught(class: String) -> CallError {
    if class == "UnwindExit" {
        return CallError::Exit;
    }
    drop(ExecutorGlobals::take_exception());
    CallError::Threw(class)
}
