//! A panic becomes an answer: it never ends the PHP process, and its text, which may hold a secret, is dropped.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call;

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// At start-up: keep the place of a panic, drop its text. The hook is this library's own.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|location| format!("{}:{}", location.file(), location.line()))
            .unwrap_or_default();
        // A thread that is ending has no place to keep it.
        let _ = PLACE.try_with(|kept| kept.replace(place));
    }));
}

/// Runs `body`; after a panic writes its place to PHP's error log and answers with `fallback`.
pub fn run<T>(body: impl FnOnce() -> T, fallback: impl FnOnce() -> T) -> T {
    if let Ok(value) = catch_unwind(AssertUnwindSafe(body)) {
        return value;
    }
    let place = PLACE.with(RefCell::take);
    call::error_log(&format!("whmcs_provisioning: internal error at {place}"));
    fallback()
}

/// For hooks of the engine, which have nobody to answer to.
pub fn quietly(body: impl FnOnce()) {
    // Nothing can be told at start-up and shutdown; the process has to go on.
    let _ = catch_unwind(AssertUnwindSafe(body));
}
