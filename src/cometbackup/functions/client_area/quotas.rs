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

/// Returns the limit of protected bytes; `None` where there is none.
pub(super) fn protected_limit(profile: &Json) -> Option<i64> {
    yes(at(profile, &["AllProtectedItemsQuotaEnabled"]))
        .then(|| number(at(profile, &["AllProtectedItemsQuotaBytes"])))
}

/// The bytes and counts of an account; `None` where nothing is measured, or there is no limit.
pub(super) struct QuotaFigures {
    pub has_vaults: bool,
    pub stored: Option<i64>,
    pub stored_of: Option<i64>,
    /// The storage has a limit that is shared with other accounts.
    pub is_shared: bool,
    /// Unix seconds; 0 where that is not known.
    pub measured_at: i64,
    pub protected: i64,
    pub protected_of: Option<i64>,
    pub devices: i64,
    pub devices_of: Option<i64>,
}

pub(super) fn figures(read: &PageData) -> QuotaFigures {
    let vaults: Vec<VaultFigures> = read.vaults.iter().map(|id| vault(read, id)).collect();
    let limit = stored_limit(read);
    let devices_limit = number(at(&read.profile, &["MaximumDevices"]));
    QuotaFigures {
        has_vaults: !vaults.is_empty(),
        stored: limits::stored_together(vaults.iter().map(VaultFigures::stored)),
        stored_of: match limit {
            Limit::Bytes(bytes) => Some(bytes),
            _ => None,
        },
        is_shared: limit == Limit::Shared,
        measured_at: vaults
            .iter()
            .map(VaultFigures::measured_at)
            .max()
            .unwrap_or_default(),
        protected: read.totals.protected,
        protected_of: protected_limit(&read.profile),
        devices: i64::try_from(read.totals.devices).unwrap_or(i64::MAX),
        devices_of: Some(devices_limit).filter(|limit| *limit > 0),
    }
}

/// Whether the storage that the plan pays for, or the data that may be selected, is at its limit.
pub(super) fn is_full(read: &PageData) -> bool {
    let figures = figures(read);
    let stored = figures.stored.zip(figures.stored_of);
    stored.is_some_and(|(stored, of)| of > 0 && stored >= of)
        || figures
            .protected_of
            .is_some_and(|of| figures.protected > of)
}

pub(super) fn quotas(read: &PageData) -> Vec<(&'static str, Value)> {
    let figures = figures(read);
    let mut variables = stored(&figures);
    variables.extend(protected_and_devices(&figures));
    variables
}

fn stored(figures: &QuotaFigures) -> Vec<(&'static str, Value)> {
    let stored = figures.stored.unwrap_or_default();
    let stored_size = if !figures.has_vaults {
        "nothing yet".to_owned()
    } else if figures.stored.is_none() {
        "not measured yet".to_owned()
    } else {
        size(stored)
    };
    let (stored_of, percent) = match (figures.stored_of, figures.is_shared) {
        (Some(bytes), _) => (size(bytes), percent(stored, bytes)),
        (None, true) => ("a shared limit".to_owned(), Value::Null),
        (None, false) => ("unlimited".to_owned(), Value::Null),
    };
    vec![
        ("storedBytes", Value::Int(stored)),
        ("storedSize", stored_size.into()),
        ("storedOf", stored_of.into()),
        ("percent", percent),
        ("storedAt", minute(figures.measured_at).into()),
    ]
}

fn protected_and_devices(figures: &QuotaFigures) -> Vec<(&'static str, Value)> {
    let (protected, protected_limit) = (figures.protected, figures.protected_of);
    let (devices, devices_limit) = (figures.devices, figures.devices_of);
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

/// Returns state, figures and policy group in one line.
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
