//! The account as the verdict looks at it: profile, jobs and last contact of the devices in one.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::format::{at, entries, name_of, number, text};
use super::judgment::{Item, JudgedAccount};
use super::old_devices;
use super::page_data::PageData;
use super::quotas::is_full;
use super::reading::DAYS_OF_JOBS;
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::job::{self, BACKUP, BackupJob, JobEnding};
use crate::cometbackup::comet::job_days::day_of;

/// Returns the account at a moment (unix seconds); `is_suspended` says whether the service or the account is. An item
/// without a name has that of `unnamed`.
pub(super) fn account(
    read: &PageData,
    is_suspended: bool,
    now: i64,
    unnamed: &str,
) -> JudgedAccount {
    let profile = &read.profile;
    let seen = old_devices::last_seen(profile, &read.totals, &read.jobs);
    let newest = newest_backups(&read.jobs.newest);
    let items = entries(at(profile, &["Sources"])).map(|(id, item)| {
        let device = text(at(item, &["OwnerDevice"]));
        Item {
            name: name_of(item, "Description").unwrap_or(unnamed).to_owned(),
            device: device_name(profile, device),
            created_at: number(at(item, &["CreateTime"])),
            device_seen: seen.get(device).copied(),
            rhythm: rhythm(read, id, day_of(now)),
            ..backups(item, newest.get(id.as_str()).map_or(&[], Vec::as_slice))
        }
    });
    JudgedAccount {
        now,
        is_suspended,
        suspended_at: number(at(profile, &["LastSuspended"])).max(0),
        devices: read.totals.devices,
        items: items.collect(),
        has_more_items: read.totals.items > bounds::ITEMS,
        is_full: is_full(read),
    }
}

/// Returns the device's name; its id where it has none, and nothing where the account does not have it.
pub(super) fn device_name(profile: &Json, id: &str) -> String {
    let device = at(profile, &["Devices", id]);
    if !device.is_object() {
        return String::new();
    }
    name_of(device, "FriendlyName").unwrap_or(id).to_owned()
}

/// Backups by protected item, the newest first.
fn newest_backups(jobs: &[BackupJob]) -> HashMap<&str, Vec<&BackupJob>> {
    let mut of_items: HashMap<&str, Vec<&BackupJob>> = HashMap::new();
    for job in jobs.iter().filter(|job| job.classification == BACKUP) {
        of_items.entry(&job.source).or_default().push(job);
    }
    of_items
}

/// What the item's own statistics say, and jobs that began later.
fn backups(item: &Json, newest: &[&BackupJob]) -> Item {
    let statistics = at(item, &["Statistics"]);
    let last = of_statistics(at(statistics, &["LastBackupJob"]));
    let good = at(statistics, &["LastSuccessfulBackupJob"]);
    let listed = newest
        .iter()
        .map(|job| (job.status, job.start_time, job.end_time));
    let all: Vec<(i64, i64, i64)> = listed.chain(last).chain(of_statistics(good)).collect();
    let is_good = |status: i64| job::is_whole(status);
    let good_at = all
        .iter()
        .filter(|(status, ..)| is_good(*status))
        .map(|(_, _, end)| *end)
        .max();
    let over = all
        .iter()
        .filter(|(status, ..)| job::ending(*status) != JobEnding::Unfinished);
    let last_over = over
        .map(|(status, _, end)| (*status, *end))
        .max_by_key(|(_, end)| *end);
    let running = all
        .iter()
        .filter(|(status, ..)| job::ending(*status) == JobEnding::Unfinished);
    let running_since = running.map(|(_, start, _)| *start).max();
    let begun_later = |since: i64| last_over.is_none_or(|(_, end)| end <= since);
    Item {
        // Servers before 21.6.6 keep the last job of an item only.
        may_have_better: good_at.is_none() && !good.is_object() && last_over.is_some(),
        good_at,
        last: last_over,
        running_since: running_since.filter(|since| begun_later(*since)),
        ..Item::default()
    }
}

/// Status, start and end; `None` where no job ran.
fn of_statistics(job: &Json) -> Option<(i64, i64, i64)> {
    let of = |name: &str| number(at(job, &[name]));
    let (status, start, end) = (of("Status"), of("StartTime"), of("EndTime"));
    (start > 0).then_some((status, start, if end > 0 { end } else { start }))
}

/// Days between the good backups of the last two weeks: three of them at least, or two that are a week apart. `None` where
/// any of its backups failed in that time.
fn rhythm(read: &PageData, item: &str, today: i64) -> Option<i64> {
    let days = (today - DAYS_OF_JOBS..=today).map(|day| (day, read.jobs.days.of(item, day)));
    let mut good = Vec::new();
    for (day, backups) in days {
        if backups.failed > 0 || backups.not_made > 0 {
            return None;
        }
        if backups.good > 0 || backups.with_warnings > 0 {
            good.push(day);
        }
    }
    let gaps = good
        .iter()
        .zip(good.iter().skip(1))
        .map(|(one, next)| next - one);
    let longest = gaps.max()?;
    (good.len() > 2 || (6..=8).contains(&longest)).then_some(longest)
}
