//! The time at Jetpack, from the head of an answer: its clock and ours may differ by minutes.

use std::time::Instant;

use super::Api;
use crate::clock;

/// Jetpack's clock as an answer had it.
#[derive(Debug, Clone, Copy)]
pub struct RemoteClock {
    at: i64,
    read: Instant,
}

impl RemoteClock {
    /// Seconds since 1970, now.
    pub fn now(self) -> i64 {
        self.at + i64::try_from(self.read.elapsed().as_secs()).unwrap_or_default()
    }
}

impl Api<'_> {
    /// That of the last answer; `None` where none said it.
    pub const fn clock(&self) -> Option<RemoteClock> {
        self.clock.get()
    }

    pub(super) fn note_date(&self, date: Option<&str>) {
        if let Some(at) = date.and_then(clock::of_http_date) {
            let read = Instant::now();
            self.clock.set(Some(RemoteClock { at, read }));
        }
    }
}
