//! The panic guard around exported functions and hooks: a panic never ends the PHP process, and its text, which may hold a
//! secret, is dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call;
use crate::worker::panic_place;

/// Runs `body`; `None` after a panic, whose place is then in PHP's error log.
pub fn run<T>(body: impl FnOnce() -> T) -> Option<T> {
    let end = catch_unwind(AssertUnwindSafe(body)).ok();
    if end.is_none() {
        let place = panic_place::take();
        call::error_log(&format!("whmcs_provisioning: internal error at {place}"));
    }
    end
}

/// Runs a hook of the engine, which returns nothing.
pub fn quietly(body: impl FnOnce()) {
    // Nothing can be logged at start-up and shutdown; the process has to go on.
    let _ = catch_unwind(AssertUnwindSafe(body));
}
