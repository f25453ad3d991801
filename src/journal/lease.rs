//! Leases: how long the row that holds a service's lock counts without a word of its process, before others take over.

use std::time::Duration;

use crate::http::{LONGEST_TIMEOUT, REPEATED_WITHIN};

/// For a database that is slow, or whose nodes' clocks differ.
const MARGIN: u64 = 30;

/// The most requests that a function sends before it writes into the journal again: one that changes something, and four
/// questions where its answer is lost.
pub const MOST_REQUESTS: u64 = 5;

/// The longest lease: an end that lies further ahead was written before the clock was set back.
pub const LONGEST: Lease = Lease::of(MOST_REQUESTS, LONGEST_TIMEOUT);

/// Seconds from now on, by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease(u64);

impl Lease {
    /// The lease of work in the database alone.
    pub const WITHOUT_REQUEST: Self = Self(60);

    /// A lease until so many requests, one after the other, have certainly ended.
    pub const fn of(requests: u64, request_timeout: Duration) -> Self {
        let rounded_up = request_timeout.as_secs() + (request_timeout.subsec_nanos() > 0) as u64;
        Self(requests * (rounded_up + REPEATED_WITHIN.as_secs()) + MARGIN)
    }

    pub const fn seconds(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_outlasts_its_requests_and_none_is_longer_than_the_longest() {
        assert_eq!(Lease::of(1, Duration::from_secs(30)).seconds(), 90);
        assert_eq!(Lease::of(1, Duration::from_secs_f64(0.4)).seconds(), 61);
        assert_eq!(Lease::of(MOST_REQUESTS, LONGEST_TIMEOUT), LONGEST);
    }
}
