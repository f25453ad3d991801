//! Comet's status codes for a customer: what happened, why a backup is missing, and what he can do.

use crate::cometbackup::comet::job::{self, JobEnding};
use crate::whmcs::texts::Texts;

/// Keys of the texts for one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// The words in the column of results.
    pub state: &'static str,
    /// Completes "Shared folders has not been backed up for 4 days: …". Empty where it is no reason.
    pub why: &'static str,
    /// Empty where there is nothing to do.
    pub advice: &'static str,
}

#[rustfmt::skip]
const STATUSES: &[(i64, Words)] = &[
    (6003, Words { state: "status.retry", why: "", advice: "" }),
    (6004, Words { state: "status.not_started", why: "", advice: "" }),
    (7000, Words { state: "status.timeout", why: "why.timeout", advice: "do.timeout" }),
    (7001, Words { state: "status.warnings", why: "", advice: "do.warnings" }),
    (7003, Words { state: "status.quota", why: "why.quota", advice: "do.quota" }),
    (7004, Words { state: "status.missed", why: "why.missed", advice: "do.missed" }),
    (7005, Words { state: "status.canceled", why: "why.canceled", advice: "do.canceled" }),
    (7006, Words { state: "status.skipped", why: "", advice: "do.skipped" }),
    (7007, Words { state: "status.broken_off", why: "why.broken_off", advice: "do.broken_off" }),
];

const SUCCESS: Words = Words {
    state: "status.success",
    why: "",
    advice: "",
};
const RUNNING: Words = Words {
    state: "status.running",
    why: "",
    advice: "",
};
const ERROR: Words = Words {
    state: "status.error",
    why: "why.error",
    advice: "do.error",
};
const UNKNOWN: Words = Words {
    state: "status.unknown",
    why: "",
    advice: "",
};

/// Codes of later servers are judged by their thousand.
pub(super) fn words(status: i64) -> Words {
    if let Some((_, words)) = STATUSES.iter().find(|(code, _)| *code == status) {
        return *words;
    }
    match job::ending(status) {
        JobEnding::Success => SUCCESS,
        JobEnding::Unfinished => RUNNING,
        JobEnding::Failure | JobEnding::Warning => ERROR,
        JobEnding::Unknown => UNKNOWN,
    }
}

/// Returns what the customer can do; empty where there is nothing. Without a device's name it says "the device".
pub(super) fn advice(texts: &Texts, words: Words, device: &str) -> String {
    if words.advice.is_empty() {
        return String::new();
    }
    about_device(texts, words.advice, device)
}

/// Returns a text with `{device}` in it.
pub(super) fn about_device(texts: &Texts, key: &str, device: &str) -> String {
    let device = if device.is_empty() {
        texts.text("device.unnamed")
    } else {
        device
    };
    texts.fill(key, &[("device", device)])
}

const JOBS: &[(i64, &str)] = &[
    (4001, "job.backup"),
    (4002, "job.restore"),
    (4003, "job.retention"),
    (4004, "job.unlock"),
    (4005, "job.snapshot_deletion"),
    (4006, "job.measure"),
    (4007, "job.update"),
    (4008, "job.import"),
    (4009, "job.reindex"),
    (4010, "job.verify"),
    (4011, "job.uninstall"),
];

/// Returns the key of what a job does.
pub(super) fn job_word(classification: i64) -> &'static str {
    let known = JOBS.iter().find(|(code, _)| *code == classification);
    known.map_or("job.unknown", |(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_words_and_later_ones_those_of_their_thousand() {
        for (status, expected) in [
            (5000, SUCCESS),
            (5999, SUCCESS),
            (6001, RUNNING),
            (6999, RUNNING),
            (7002, ERROR),
            (7999, ERROR),
            (8000, UNKNOWN),
            (-1, UNKNOWN),
        ] {
            assert_eq!(words(status), expected, "{status}");
        }
        assert_eq!(words(7003).why, "why.quota");
        assert_eq!(job_word(4002), "job.restore");
        assert_eq!(job_word(4000), "job.unknown");
    }
}
