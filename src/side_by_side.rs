//! Two pieces of work at once, where neither needs the other's result: each is a wait for another machine.

use std::thread;

use nix::sys::signal::{SigSet, SigmaskHow};

/// Runs `other` in a thread of its own beside `work`, and after it where there can be no thread. What runs there must not
/// touch PHP; a panic in it goes on here.
///
/// Signals are PHP's, whose handlers belong to PHP's thread: the helper blocks them all. It has ended when this returns.
pub fn run<A, B: Send>(work: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK);
    thread::scope(|scope| {
        let helper = thread::Builder::new().spawn_scoped(scope, &other);
        if let Ok(mask) = &before {
            // The mask was just read from this thread, so it can be set again.
            let _ = mask.thread_set_mask();
        }
        let here = work();
        match helper.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(there)) => (here, there),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => (here, other()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::signal::Signal;
    use std::sync::Barrier;

    #[test]
    fn both_run_at_once_and_the_helper_takes_no_signal() {
        let meeting = Barrier::new(2);
        let blocked = || SigSet::thread_get_mask().unwrap().contains(Signal::SIGTERM);
        let (here, there) = run(
            || {
                meeting.wait();
                blocked()
            },
            || {
                meeting.wait();
                blocked()
            },
        );
        assert!(!here);
        assert!(there);
        assert!(!blocked());
    }

    #[test]
    fn a_panic_of_the_helper_arrives_here() {
        let end =
            std::panic::catch_unwind(|| run(|| 1, || -> u8 { std::panic::panic_any("there") }));
        assert_eq!(end.unwrap_err().downcast_ref::<&str>(), Some(&"there"));
    }
}
