//! The limits of a download that passes through a worker: how slow it may be, and how long it may take. While it lasts, the
//! worker serves nobody else.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::worker::join;

/// The shortest and the longest time over which the speed is measured: a tenth of the longest download.
const SHORTEST_WINDOW: Duration = Duration::from_secs(1);
const LONGEST_WINDOW: Duration = Duration::from_secs(30);

/// The limits of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceLimits {
    /// Bytes a second.
    pub lowest_speed: u64,
    pub longest_time: Duration,
}

impl PaceLimits {
    /// Returns the time over which the speed is measured. A piece that takes twice as long is one that nobody takes.
    pub fn window(&self) -> Duration {
        (self.longest_time / 10).clamp(SHORTEST_WINDOW, LONGEST_WINDOW)
    }
}

/// A download under way.
#[derive(Debug)]
pub struct Pace {
    limits: PaceLimits,
    began: Instant,
    /// Start of the present window, and the bytes before it.
    window: (Instant, u64),
}

impl Pace {
    pub fn new(limits: PaceLimits, now: Instant) -> Self {
        Self {
            limits,
            began: now,
            window: (now, 0),
        }
    }

    /// Returns why the download has to end, after so many bytes in all; `None` while it may go on.
    pub fn ends(&mut self, now: Instant, sent: u64) -> Option<String> {
        if now.saturating_duration_since(self.began) > self.limits.longest_time {
            let seconds = self.limits.longest_time.as_secs();
            return Some(format!(
                "it took longer than {seconds} seconds (whmcs_provisioning.download_longest_time)"
            ));
        }
        let (since, before) = self.window;
        let passed = now.saturating_duration_since(since);
        if passed < self.limits.window() {
            return None;
        }
        let least = u128::from(self.limits.lowest_speed) * passed.as_millis() / 1000;
        if u128::from(sent.saturating_sub(before)) < least {
            return Some(format!(
                "it was slower than {} bytes a second (whmcs_provisioning.download_lowest_speed)",
                self.limits.lowest_speed
            ));
        }
        self.window = (now, sent);
        None
    }
}

/// Watches a piece that nobody takes: a write into a connection has no end of its own.
pub struct Stall {
    blocked_since: Arc<Mutex<Option<Instant>>>,
    /// The watching thread ends when this is dropped.
    _watched: Sender<()>,
}

impl Stall {
    /// Runs `on_stall` in a thread of its own once a piece takes longer than `limit`. Where there can be no thread,
    /// nothing is watched: the web server's own limit remains.
    pub fn watch(limit: Duration, on_stall: fn()) -> Option<Self> {
        let blocked_since = Arc::new(Mutex::new(None));
        let (watched, end) = channel::<()>();
        let seen = Arc::clone(&blocked_since);
        join::start(move || {
            while end.recv_timeout(limit / 2) == Err(RecvTimeoutError::Timeout) {
                if locked(&seen).is_some_and(|since: Instant| since.elapsed() > limit) {
                    on_stall();
                }
            }
        })
        .ok()?;
        Some(Self {
            blocked_since,
            _watched: watched,
        })
    }

    /// Runs what may block.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        *locked(&self.blocked_since) = Some(Instant::now());
        let value = work();
        *locked(&self.blocked_since) = None;
        value
    }
}

fn locked<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    const LIMITS: PaceLimits = PaceLimits {
        lowest_speed: 1000,
        longest_time: Duration::from_secs(100),
    };

    fn end_after(steps: &[(u64, u64)]) -> Option<String> {
        let began = Instant::now();
        let mut pace = Pace::new(LIMITS, began);
        steps
            .iter()
            .find_map(|(second, sent)| pace.ends(began + Duration::from_secs(*second), *sent))
    }

    #[test]
    fn what_is_fast_enough_goes_on_until_the_longest_time() {
        assert_eq!(
            end_after(&[(9, 0), (10, 10_000), (20, 20_000), (100, 100_000)]),
            None
        );
        let end = end_after(&[(10, 10_000_000), (101, 200_000_000)]).unwrap();
        assert!(end.contains("longer than 100 seconds"), "{end}");
    }

    #[test]
    fn what_becomes_slow_ends_however_fast_it_began() {
        let end = end_after(&[(10, 10_000_000), (20, 10_009_000)]).unwrap();
        assert!(end.contains("slower than 1000 bytes"), "{end}");
    }

    #[test]
    fn a_piece_that_nobody_takes_is_noticed_and_one_that_is_taken_is_not() {
        static STALLED: AtomicBool = AtomicBool::new(false);
        let stall =
            Stall::watch(Duration::from_millis(100), || STALLED.store(true, Relaxed)).unwrap();
        stall.during(|| ());
        std::thread::sleep(Duration::from_millis(300));
        assert!(!STALLED.load(Relaxed));
        stall.during(|| {
            let waited = Instant::now();
            while !STALLED.load(Relaxed) && waited.elapsed() < Duration::from_secs(20) {
                std::thread::yield_now();
            }
        });
        assert!(STALLED.load(Relaxed));
    }
}
