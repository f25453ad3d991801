//! Runs two pieces of work at once that do not need each other's result: each is a wait for another machine.

use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use nix::sys::signal::{SigSet, SigmaskHow};

use super::panic_place::{self, Panicked};

/// Runs `other` in a thread of its own beside `work`, and after it where no thread can be started. What runs there must not
/// touch PHP; a panic in it goes on here, with its place.
///
/// The helper has ended when this returns.
pub fn run<A, B: Send>(work: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    thread::scope(|scope| {
        let helper = without_signals(|| {
            thread::Builder::new().spawn_scoped(scope, || panic_place::catch(&other))
        });
        let here = work();
        match helper.map(|helper| panic_place::joined(helper.join())) {
            Ok(Ok(there)) => (here, there),
            Ok(Err(panic)) => panic.resume(),
            Err(_) => (here, other()),
        }
    })
}

/// Starts `work` in a thread that may outlive the caller, who waits for its result as long as he likes.
///
/// # Errors
/// Where no thread can be started: the limit on processes of a shared host, or on memory.
pub fn start<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Receiver<Result<T, Panicked>>> {
    let (end, wait) = sync_channel(1);
    without_signals(|| {
        thread::Builder::new().spawn(move || {
            // Nobody may be waiting any more.
            let _ = end.send(panic_place::catch(work));
        })
    })?;
    Ok(wait)
}

/// Signals are PHP's, whose handlers belong to PHP's thread: a thread that is started here blocks them all.
fn without_signals<T>(begin: impl FnOnce() -> T) -> T {
    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK);
    let result = begin();
    if let Ok(mask) = &before {
        // The mask was just read from this thread, so it can be set again.
        let _ = mask.thread_set_mask();
    }
    result
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
        assert_eq!(start(blocked).unwrap().recv().unwrap().ok(), Some(true));
    }

    #[test]
    fn a_panic_of_the_helper_arrives_here_with_its_place() {
        let usual = std::panic::take_hook();
        panic_place::install_hook();
        let line = line!() + 1;
        let boom = || -> u8 { std::panic::panic_any("there") };
        let end = std::panic::catch_unwind(|| run(|| 1, boom));
        assert_eq!(end.unwrap_err().downcast_ref::<&str>(), Some(&"there"));
        let place = format!("{}:{line}", file!());
        assert_eq!(panic_place::take(), place);

        let end = start(boom).unwrap().recv().unwrap();
        std::panic::set_hook(usual);
        assert_eq!(end.err().map(Panicked::place), Some(place));
    }
}
