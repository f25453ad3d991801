//! Calls from here into PHP: functions, static methods, and the way out of an exported function.

use std::ptr;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::ffi;
use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::zend::bailout;

use super::exception::{CallError, engine, settle, take_ended, take_pending};

pub(super) type Arguments<'a> = Vec<&'a dyn IntoZvalDyn>;

/// Calls `name(...)`.
pub fn function(name: &str, arguments: Arguments<'_>) -> Result<Zval, CallError> {
    let callable = name.into_zval(false).map_err(|_| CallError::Missing)?;
    call(&callable, arguments)
}

/// A constant of PHP, where it is defined.
pub fn constant(name: &str) -> Option<Zval> {
    let is_defined = function("defined", vec![&name]).ok()?;
    is_defined.bool().filter(|defined| *defined)?;
    function("constant", vec![&name]).ok()
}

/// Calls `Class::method(...)`, loading the class where WHMCS can.
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

/// Writes to PHP's error log, past any error handler of the host.
pub fn error_log(message: &str) {
    // There is no other place to say it.
    let _ = function("error_log", vec![&message]);
}

/// The last step of an exported function, whose frame holds `$params`: no exception but `exit` leaves it, because its
/// trace would show them, and a fatal error of PHP code that was called goes on here. Nothing of ours may be alive.
pub fn leave<T>(value: T) -> T {
    if take_ended() {
        drop(value);
        // SAFETY: on PHP's thread, inside the handler of an exported function, which passes it on; what this request
        // held is dropped.
        unsafe { bailout() };
    }
    if let Some(CallError::Threw(class)) = take_pending() {
        error_log(&format!(
            "whmcs_provisioning: {class} was thrown while a call was being left, and dropped"
        ));
    }
    value
}

pub(super) fn must_exist(class: &str) -> Result<(), CallError> {
    match function("class_exists", vec![&class])?.bool() {
        Some(true) => Ok(()),
        _ => Err(CallError::Missing),
    }
}

pub(super) fn call_pair(
    pair: ZBox<ZendHashTable>,
    arguments: Arguments<'_>,
) -> Result<Zval, CallError> {
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

pub(super) fn push(pair: &mut ZBox<ZendHashTable>, value: impl IntoZval) -> Result<(), CallError> {
    pair.push(value).map_err(|_| CallError::Missing)
}
