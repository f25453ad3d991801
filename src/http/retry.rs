//! The rule whether a request is retried, and after which pause. At most once, because a visitor is waiting.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use ureq::http::StatusCode;

use super::Repeatable;
use super::failure::{Failure, Fault};

/// A longer `Retry-After` is for the person or the cron run that comes again.
const LONGEST_WAIT: u64 = 3;
/// Milliseconds, so that those who were refused together do not come back together.
const JITTER: u64 = 300;

/// The part of a reply that decides on a retry: status, and `Retry-After` in seconds.
pub struct RetryHint {
    pub status: StatusCode,
    pub retry_after: Option<u64>,
}

/// Returns the pause before the retry; `None` is the end. A request that may have changed something is not sent again.
pub fn pause(effect: Repeatable, end: &Result<RetryHint, Failure>) -> Option<Duration> {
    let reads = effect == Repeatable::Yes;
    let verdict = match end {
        // A kept connection may have been closed by the server in the meantime.
        Err(Failure::Lost(cause)) if reads && *cause.fault() == Fault::Closed => {
            return Some(Duration::ZERO);
        }
        Err(_) => return None,
        Ok(verdict) => verdict,
    };
    let was_refused = match verdict.status.as_u16() {
        429 => true,
        502..=504 => reads,
        _ => false,
    };
    let seconds = verdict.retry_after.filter(|wait| *wait <= LONGEST_WAIT)?;
    was_refused.then(|| Duration::from_millis(seconds * 1000 + random() % JITTER))
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::failure::Cause;

    fn answered(effect: Repeatable, status: u16, retry_after: Option<u64>) -> Option<u128> {
        let verdict = RetryHint {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after,
        };
        pause(effect, &Ok(verdict)).map(|pause| pause.as_millis() / 1000)
    }

    #[test]
    fn a_refused_request_is_sent_again_where_it_cannot_have_been_carried_out() {
        for effect in [Repeatable::Yes, Repeatable::IfVerified, Repeatable::Never] {
            assert_eq!(answered(effect, 429, Some(2)), Some(2));
            assert_eq!(answered(effect, 429, Some(60)), None);
            assert_eq!(answered(effect, 200, Some(1)), None);
            assert_eq!(answered(effect, 403, None), None);
        }
        assert_eq!(answered(Repeatable::Yes, 429, None), None);
        assert_eq!(answered(Repeatable::Yes, 503, Some(1)), Some(1));
        assert_eq!(answered(Repeatable::Yes, 502, None), None);
        assert_eq!(answered(Repeatable::Yes, 500, Some(1)), None);
        assert_eq!(answered(Repeatable::IfVerified, 503, Some(1)), None);
    }

    #[test]
    fn what_may_have_been_carried_out_is_never_sent_again() {
        let dropped = Err(Failure::Lost(Cause::new(Fault::Closed)));
        assert_eq!(pause(Repeatable::Yes, &dropped), Some(Duration::ZERO));
        assert_eq!(pause(Repeatable::IfVerified, &dropped), None);
        assert_eq!(pause(Repeatable::Never, &dropped), None);
        let late = Err(Failure::Lost(Cause::new(Fault::NotInTime)));
        assert_eq!(pause(Repeatable::Yes, &late), None);
    }
}
