//! A panic becomes an answer: it never ends the PHP process, and its text, which may hold a secret, is dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call;
use crate::worker::panic_place;

/// Runs `body`; after a panic writes its place to PHP's error log and answers with `fallback`.
pub fn run<T>(body: impl FnOnce() -> T, fallback: impl FnOnce() -> T) -> T {
    if let Ok(value) = catch_unwind(AssertUnwindSafe(body)) {
        return value;
    }
    let place = panic_place::take();
    call::error_log(&format!("whmcs_provisioning: internal error at {place}"));
    fallback()
}

/// For hooks of the engine, which have nobody to answer to.
pub fn quietly(body: impl FnOnce()) {
    // Nothing can be told at start-up and shutdown; the process has to go on.
    let _ = catch_unwind(AssertUnwindSafe(body));
}
