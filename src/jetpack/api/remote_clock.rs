//! The clock at Jetpack, from the head of an answer: it and ours may differ by minutes.

use std::time::Instant;

use super::Api;
use crate::clock;

/// The time at Jetpack as an answer had it, and when that was read here.
#[derive(Debug, Clone, Copy)]
pub struct RemoteClock {
    at: i64,
    read: Instant,
}

impl Api<'_> {
    /// Returns this moment in seconds since 1970, by Jetpack's clock as the last answer had it, else by ours.
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
