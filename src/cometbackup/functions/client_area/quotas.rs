//! Quotas as the page shows them: used, allowed, percent.

use super::format::{at, minute, number, percent, size, text, yes};
use super::page_data::PageData;
use crate::cometbackup::comet::limits::{self, Limit};
use crate::cometbackup::comet::vault_figures::VaultFigures;
use crate::php_value::Value;
use serde_json::Value as Json;

fn vault(read: &PageData, id: &str) -> VaultFigures {
    VaultFigures::of(at(&read.profile, &["Destinations", id]))
}

pub(super) fn stored_limit(read: &PageData) -> Limit {
    Limit::together(read.vaults.iter().map(|id| vault(read, id).limit()))
}

/// `None`: no limit.
pub(super) fn protected_limit(profile: &Json) -> Option<i64> {
    yes(at(profile, &["AllProtectedItemsQuotaEnabled"]))
        .then(|| number(at(profile, &["AllProtectedItemsQuotaBytes"])))
}

/// Selected data of an item, as its last good backup found it.
pub(super) fn protected_by(item: &Json) -> i64 {
    let statistics = at(item, &["Statistics"]);
    // Servers before 21.6 have the last job only, and one that failed may have no size.
    let good = at(statistics, &["LastSuccessfulBackupJob"]);
    let last = at(statistics, &["LastBackupJob"]);
    let status = number(at(last, &["Status"]));
    if !good.is_object()
        || (number(at(good, &["TotalSize"])) == 0 && (5000..6000).contains(&status))
    {
        number(at(last, &["TotalSize"]))
    } else {
        number(at(good, &["TotalSize"]))
    }
}

pub(super) fn quotas(read: &PageData) -> Vec<(&'static str, Value)> {
    let mut figures = stored(read);
    figures.extend(protected_and_devices(read));
    figures
}

fn stored(read: &PageData) -> Vec<(&'static str, Value)> {
    let vaults: Vec<VaultFigures> = read.vaults.iter().map(|id| vault(read, id)).collect();
    let measured = limits::stored_together(vaults.iter().map(VaultFigures::stored));
    let stored = measured.unwrap_or_default();
    let measured_at = vaults.iter().map(VaultFigures::measured_at).max();
    let measured_at = measured_at.unwrap_or_default();
    let stored_size = if vaults.is_empty() {
        "nothing yet".to_owned()
    } else if measured.is_none() {
        "not measured yet".to_owned()
    } else {
        size(stored)
    };
    let (stored_of, percent) = match stored_limit(read) {
        Limit::None => ("unlimited".to_owned(), Value::Null),
        Limit::Bytes(bytes) => (size(bytes), percent(stored, bytes)),
        Limit::Shared => ("a shared limit".to_owned(), Value::Null),
    };
    vec![
        ("storedBytes", Value::Int(stored)),
        ("storedSize", stored_size.into()),
        ("storedOf", stored_of.into()),
        ("percent", percent),
        ("storedAt", minute(measured_at).into()),
    ]
}

fn protected_and_devices(read: &PageData) -> Vec<(&'static str, Value)> {
    let profile = &read.profile;
    let protected = read.totals.protected;
    let protected_limit = protected_limit(profile);
    let devices = i64::try_from(read.totals.devices).unwrap_or(i64::MAX);
    let devices_limit = Some(number(at(profile, &["MaximumDevices"]))).filter(|limit| *limit > 0);
    vec![
        ("protectedBytes", Value::Int(protected)),
        ("protectedSize", size(protected).into()),
        (
            "protectedAllowed",
            protected_limit
                .map_or_else(|| "unlimited".to_owned(), size)
                .into(),
        ),
        (
            "protectedPercent",
            protected_limit.map_or(Value::Null, |limit| self::percent(protected, limit)),
        ),
        ("devicesUsed", Value::Int(devices)),
        (
            "devicesAllowed",
            devices_limit.map_or_else(|| "unlimited".into(), Value::Int),
        ),
        (
            "devicesPercent",
            devices_limit.map_or(Value::Null, |limit| self::percent(devices, limit)),
        ),
    ]
}

/// State, figures and policy group, in one line.
pub(super) fn in_words(read: &PageData) -> String {
    let shown: std::collections::HashMap<_, _> = quotas(read).into_iter().collect();
    let word = |key: &str| {
        let value = shown.get(key).and_then(Value::text);
        value.unwrap_or_default()
    };
    let state = if yes(at(&read.profile, &["IsSuspended"])) {
        "suspended"
    } else {
        "active"
    };
    let policy = match text(at(&read.profile, &["PolicyID"])) {
        "" => "no policy group".to_owned(),
        id => format!("policy group {id}"),
    };
    format!(
        "{state}; stored {} (allowed: {}); protected {} (allowed: {}); devices {} (allowed: {}); {policy}",
        word("storedSize"),
        word("storedOf"),
        word("protectedSize"),
        word("protectedAllowed"),
        word("devicesUsed"),
        word("devicesAllowed"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::pruned::pruned;

    #[test]
    fn an_old_server_tells_the_last_job_only() {
        let of = |statistics: &str| {
            let text =
                format!(r#"{{"Sources":{{"s":{{"Statistics":{statistics}}},"t":{{}},"u":null}}}}"#);
            pruned(&text).totals.protected
        };
        assert_eq!(of(r#"{"LastBackupJob":{"TotalSize":5}}"#), 5);
        assert_eq!(
            of(r#"{"LastBackupJob":{"Status":5000,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#),
            5
        );
        assert_eq!(
            of(r#"{"LastBackupJob":{"Status":7002,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#),
            0
        );
        assert_eq!(
            of(
                r#"{"LastBackupJob":{"Status":7003,"TotalSize":0},"LastSuccessfulBackupJob":{"TotalSize":9}}"#
            ),
            9
        );
        assert_eq!(of("null"), 0);
        assert_eq!(of(r#"{"LastBackupJob":{"TotalSize":-5}}"#), 0);
    }
}
