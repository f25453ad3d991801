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

impl Api<'_> {
    /// Seconds since 1970, now, by Jetpack's clock as the last answer had it, or by ours where none said it.
    pub fn now(&self) -> i64 {
        self.clock.get().map_or_else(clock::unix_now, |clock| {
            clock.at + i64::try_from(clock.read.elapsed().as_secs()).unwrap_or_default()
        })
    }

    /// Whether an answer has said what time it is at Jetpack.
    pub const fn has_clock(&self) -> bool {
        self.clock.get().is_some()
    }

    pub(super) fn note_date(&self, date: Option<&str>) {
        if let Some(at) = date.and_then(clock::of_http_date) {
            let read = Instant::now();
            self.clock.set(Some(RemoteClock { at, read }));
        }
    }
}
