//! The backups of each protected item, day by day, by how they ended: a busy account has more jobs than a page shows one by
//! one.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::bounds;
use super::job::{self, BACKUP, JobEnding, JobHead};

const DAY: i64 = 24 * 60 * 60;

/// Returns the day of a moment in unix seconds, by UTC.
pub const fn day_of(moment: i64) -> i64 {
    moment.div_euclid(DAY)
}

/// The backups of an item that began on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DayOfBackups {
    #[serde(skip_serializing_if = "is_none")]
    pub good: u32,
    /// They went to their end, and something may be missing.
    #[serde(skip_serializing_if = "is_none")]
    pub with_warnings: u32,
    #[serde(skip_serializing_if = "is_none")]
    pub failed: u32,
    /// Missed, canceled or skipped.
    #[serde(skip_serializing_if = "is_none")]
    pub not_made: u32,
    #[serde(skip_serializing_if = "is_none")]
    pub running: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

impl DayOfBackups {
    fn add(&mut self, status: i64) {
        let count = match job::ending(status) {
            JobEnding::Success => &mut self.good,
            JobEnding::Unfinished => &mut self.running,
            JobEnding::Warning if job::is_whole(status) => &mut self.with_warnings,
            JobEnding::Warning => &mut self.not_made,
            JobEnding::Failure => &mut self.failed,
            JobEnding::Unknown => return,
        };
        *count = count.saturating_add(1);
    }
}

/// Backups by protected item and day (days since 1970).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobDays(HashMap<String, BTreeMap<i64, DayOfBackups>>);

impl JobDays {
    /// Adds a job. The last day that counts is `until`: a device whose clock is wrong has jobs of every year.
    pub(super) fn add(&mut self, job: &JobHead, until: i64) {
        let day = day_of(job.start_time);
        if job.classification != BACKUP || job.source.is_empty() || day > until {
            return;
        }
        if let Some(days) = self.0.get_mut(&job.source) {
            days.entry(day).or_default().add(job.status);
        } else if self.0.len() < bounds::ITEMS && job.source.len() <= bounds::TEXT_BYTES {
            let days = self.0.entry(job.source.clone()).or_default();
            days.entry(day).or_default().add(job.status);
        }
    }

    /// Leaves out what began on a day before this moment (unix seconds).
    pub(super) fn since(&mut self, moment: i64) {
        for days in self.0.values_mut() {
            *days = days.split_off(&day_of(moment));
        }
    }

    /// Returns the backups of an item on a day; nothing where there were none.
    pub fn of(&self, item: &str, day: i64) -> DayOfBackups {
        let days = self.0.get(item);
        days.and_then(|days| days.get(&day).copied())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(source: &str, start_time: i64, status: i64) -> JobHead {
        JobHead {
            classification: BACKUP,
            source: source.into(),
            start_time,
            status,
            ..JobHead::default()
        }
    }

    #[test]
    fn backups_are_counted_by_item_and_day_and_nothing_else_is() {
        let mut days = JobDays::default();
        for (source, at, status) in [
            ("a", 10 * DAY, 5000),
            ("a", 11 * DAY - 1, 7001),
            ("a", 11 * DAY, 7002),
            ("a", 11 * DAY, 7999),
            ("b", 11 * DAY, 7004),
            ("b", 11 * DAY, 6001),
            ("b", 11 * DAY, -1),
            ("", 11 * DAY, 5000),
            ("a", i64::MAX, 5000),
        ] {
            days.add(&job(source, at, status), 12);
        }
        let restore = JobHead {
            classification: 4002,
            ..job("a", 12 * DAY, 5000)
        };
        days.add(&restore, 12);
        let expected = |good, with_warnings, failed, not_made, running| DayOfBackups {
            good,
            with_warnings,
            failed,
            not_made,
            running,
        };
        assert_eq!(days.of("a", 10), expected(1, 1, 0, 0, 0));
        assert_eq!(days.of("a", 11), expected(0, 0, 2, 0, 0));
        assert_eq!(days.of("b", 11), expected(0, 0, 0, 1, 1));
        assert_eq!(days.of("a", 12), DayOfBackups::default());
        assert_eq!(days.of("c", 11), DayOfBackups::default());

        let kept: JobDays = serde_json::from_str(&serde_json::to_string(&days).unwrap()).unwrap();
        assert_eq!(kept, days);
        days.since(11 * DAY + 5);
        assert_eq!(days.of("a", 10), DayOfBackups::default());
        assert_eq!(days.of("a", 11), expected(0, 0, 2, 0, 0));
    }
}
