//! Devices that were not seen for a month, by what the profile and the jobs show. What is not known is not old.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::format::{at, entries, name_of, number, text};
use super::pruned::{Totals, pruned};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::jobs::Jobs;
use crate::cometbackup::comet::profile::Profile;

const DAY: i64 = 24 * 60 * 60;
/// Days after which a device counts as old.
pub const DAYS: i64 = 30;

/// Returns when devices were last seen, in unix seconds, by their ids. Of a device that is not in it nothing is known.
pub(super) fn last_seen<'a>(
    profile: &'a Json,
    totals: &Totals,
    jobs: &'a Jobs,
) -> HashMap<&'a str, i64> {
    let mut seen: HashMap<&str, i64> = HashMap::new();
    // An item that is left out may be that of any device.
    if totals.items > bounds::ITEMS {
        return seen;
    }
    let items = entries(at(profile, &["Sources"]));
    for (device, moment) in items.map(|(_, item)| (text(at(item, &["OwnerDevice"])), job_of(item)))
    {
        if moment > 0 {
            let last = seen.entry(device).or_default();
            *last = moment.max(*last);
        }
    }
    let newest = jobs.newest.iter();
    for (device, moment) in
        newest.map(|job| (job.device.as_str(), job.start_time.max(job.end_time)))
    {
        if let Some(last) = seen.get_mut(device) {
            *last = moment.max(*last);
        }
    }
    for (device, known) in entries(at(profile, &["Devices"])) {
        let registered = number(at(known, &["RegistrationTime"]));
        if let Some(last) = seen.get_mut(device.as_str()) {
            *last = registered.max(*last);
        }
    }
    seen
}

/// Whether what was last seen then is old now.
pub(super) const fn is_old(last: i64, now: i64) -> bool {
    now - last > DAYS * DAY
}

/// The last moment at which an item's jobs say that its device was there.
fn job_of(item: &Json) -> i64 {
    let statistics = at(item, &["Statistics"]);
    let moments = [
        at(statistics, &["LastStartTime"]),
        at(statistics, &["LastBackupJob", "StartTime"]),
        at(statistics, &["LastBackupJob", "EndTime"]),
        at(statistics, &["LastSuccessfulBackupJob", "StartTime"]),
        at(statistics, &["LastSuccessfulBackupJob", "EndTime"]),
    ];
    moments.into_iter().map(number).max().unwrap_or_default()
}

/// A device of an account that was just read.
pub struct Device {
    pub name: String,
    /// Whether it was not seen for a month, by what the profile tells.
    pub is_old: bool,
}

/// Returns the device of this id; `None` where the account has none.
pub fn of(profile: &Profile, id: &str, now: i64) -> Option<Device> {
    let read = pruned(profile.text());
    let device = at(&read.profile, &["Devices", id]);
    let jobs = Jobs::default();
    let last = last_seen(&read.profile, &read.totals, &jobs)
        .get(id)
        .copied();
    device.is_object().then(|| Device {
        name: name_of(device, "FriendlyName")
            .unwrap_or("Unnamed device")
            .to_owned(),
        is_old: last.is_some_and(|last| is_old(last, now)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::pruned::Pruned;
    use super::*;
    use crate::cometbackup::comet::job::BackupJob;

    const NOW: i64 = 2_000_000_000;
    const OLD: i64 = NOW - 31 * DAY;

    fn profile(device: &str, item: &str) -> Pruned {
        pruned(&format!(
            r#"{{"Devices":{{"d":{device}}},"Sources":{{"s":{item}}}}}"#
        ))
    }

    fn item(field: &str, moment: i64) -> String {
        format!(r#"{{"OwnerDevice":"d","Statistics":{{"LastBackupJob":{{"{field}":{moment}}}}}}}"#)
    }

    fn judged(read: &Pruned, jobs: Vec<BackupJob>) -> Option<bool> {
        let jobs = Jobs::from(jobs);
        let last = last_seen(&read.profile, &read.totals, &jobs)
            .get("d")
            .copied();
        last.map(|last| is_old(last, NOW))
    }

    #[test]
    fn the_last_sign_of_life_decides() {
        let device = format!(r#"{{"RegistrationTime":{OLD}}}"#);
        let old = profile(&device, &item("StartTime", OLD));
        assert_eq!(judged(&old, Vec::new()), Some(true));
        let ended = profile(&device, &item("EndTime", NOW - DAY));
        assert_eq!(judged(&ended, Vec::new()), Some(false));
        let job = |device: &str| BackupJob {
            device: device.into(),
            start_time: NOW - DAY,
            ..BackupJob::default()
        };
        assert_eq!(judged(&old, vec![job("d")]), Some(false));
        assert_eq!(judged(&old, vec![job("another")]), Some(true));
        let new = format!(r#"{{"RegistrationTime":{NOW}}}"#);
        let again = profile(&new, &item("StartTime", OLD));
        assert_eq!(judged(&again, Vec::new()), Some(false));
    }

    #[test]
    fn what_is_not_known_is_not_old() {
        for item in [
            "null".to_owned(),
            item("StartTime", 0),
            item("StartTime", -5),
            r#"{"OwnerDevice":"d","Statistics":{"LastStartTime":"soon"}}"#.to_owned(),
            item("StartTime", OLD).replace("\"d\"", "\"another\""),
        ] {
            assert_eq!(judged(&profile("{}", &item), Vec::new()), None, "{item}");
        }
    }

    #[test]
    fn thirty_days_are_not_more_than_thirty_days() {
        assert!(!is_old(NOW - DAYS * DAY, NOW));
        assert!(is_old(NOW - DAYS * DAY - 1, NOW));
        assert!(!is_old(NOW + DAY, NOW));
    }
}
