//! The source line of this thread's last panic, for the log. A panic's text, which may hold a secret, is dropped.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Installs the hook at start-up. It is this library's own.
#[cfg(any(feature = "php", test))]
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        keep(
            info.location()
                .map(|location| format!("{}:{}", location.file(), location.line()))
                .unwrap_or_default(),
        );
    }));
}

/// Takes the place where this thread panicked last.
pub fn take() -> String {
    PLACE.try_with(RefCell::take).unwrap_or_default()
}

fn keep(place: String) {
    // A thread that is ending has no place to keep it.
    let _ = PLACE.try_with(|kept| kept.replace(place));
}

/// A panic on its way from one thread to another.
pub struct Panicked {
    place: String,
    payload: Box<dyn std::any::Any + Send>,
}

impl Panicked {
    pub fn place(self) -> String {
        self.place
    }

    /// Goes on in this thread as if it had begun here: a guard logs the place.
    pub fn resume(self) -> ! {
        keep(self.place);
        resume_unwind(self.payload)
    }
}

/// Runs `work`, and ends a panic in it.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| Panicked {
        place: take(),
        payload,
    })
}

/// The end of a thread whose work was run by [`catch`].
pub fn joined<T>(end: thread::Result<Result<T, Panicked>>) -> Result<T, Panicked> {
    end.unwrap_or_else(|payload| {
        Err(Panicked {
            place: String::new(),
            payload,
        })
    })
}
