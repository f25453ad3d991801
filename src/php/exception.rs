//! The ends that PHP code we call may have: an exception, `exit()` or a fatal error, each caught where it happens.
//!
//! A fatal error would jump over our frames, and what they hold would be lost for the life of the worker. It is caught at
//! the call, refuses every later call of the request, and goes on where nothing of ours is alive: `call::leave`.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;

use ext_php_rs::types::Zval;
use ext_php_rs::zend::{CatchError, ExecutorGlobals, try_catch};

thread_local! {
    /// Whether a call has ended the request with a fatal error.
    static ENDED: Cell<bool> = const { Cell::new(false) };
}

/// The reason why a call into PHP has no result.
#[derive(Debug)]
pub enum CallError {
    /// An exception, by its class; it is caught.
    Threw(String),
    /// `exit()` or a fatal error: the request has ended, and whoever sees this must return to PHP at once.
    Exit,
    /// There is no such function, class or method.
    Missing,
}

/// The value of a call, or the exception that it left behind, which is caught unless it is `exit()`.
pub fn settle(value: Zval) -> Result<Zval, CallError> {
    take_pending().map_or(Ok(value), Err)
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

/// Whether a call has ended the request with a fatal error; forgets it.
pub(super) fn take_ended() -> bool {
    ENDED.take()
}

/// The exception that is pending, caught; `None` where there is none.
pub(super) fn take_pending() -> Option<CallError> {
    let class = ExecutorGlobals::pending_exception_class()?;
    if class == "UnwindExit" {
        return Some(CallError::Exit);
    }
    drop(ExecutorGlobals::take_exception());
    Some(CallError::Threw(class))
}
