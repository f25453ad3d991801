//! What of a profile a page may show: lists of fields, by level. No secret is on them.

use super::format::{at, entries, list};
use crate::php_value::Value;
use serde_json::Value as Json;

/// What of a document a page may show. Everything else is left out, fields of later servers included.
pub(super) enum Shown {
    /// Number, text, yes or no.
    Scalar,
    Texts,
    Object(&'static [(&'static str, Self)]),
    /// By ids.
    Map(&'static [(&'static str, Self)]),
}

pub(super) const PROFILE: &[(&str, Shown)] = &[
    ("Username", Shown::Scalar),
    ("AccountName", Shown::Scalar),
    ("LocalTimezone", Shown::Scalar),
    ("LanguageCode", Shown::Scalar),
    ("OrganizationID", Shown::Scalar),
    ("GroupID", Shown::Scalar),
    ("Emails", Shown::Texts),
    ("SendEmailReports", Shown::Scalar),
    ("Destinations", Shown::Map(VAULT)),
    ("Sources", Shown::Map(ITEM)),
    ("BackupRules", Shown::Map(RULE)),
    ("Devices", Shown::Map(DEVICE)),
    ("IsSuspended", Shown::Scalar),
    ("LastSuspended", Shown::Scalar),
    ("AllProtectedItemsQuotaEnabled", Shown::Scalar),
    ("AllProtectedItemsQuotaBytes", Shown::Scalar),
    ("MaximumDevices", Shown::Scalar),
    ("QuotaOffice365ProtectedAccounts", Shown::Scalar),
    ("QuotaHyperVGuests", Shown::Scalar),
    ("QuotaVMwareGuests", Shown::Scalar),
    ("PolicyID", Shown::Scalar),
    ("RequirePasswordChange", Shown::Scalar),
    ("CreateTime", Shown::Scalar),
];

pub(super) const VAULT: &[(&str, Shown)] = &[
    ("Description", Shown::Scalar),
    ("CreateTime", Shown::Scalar),
    ("ModifyTime", Shown::Scalar),
    ("DestinationType", Shown::Scalar),
    ("RepoInitTimestamp", Shown::Scalar),
    ("StorageLimitEnabled", Shown::Scalar),
    ("StorageLimitBytes", Shown::Scalar),
    ("StorageLimitID", Shown::Scalar),
    (
        "Statistics",
        Shown::Object(&[(
            "ClientProvidedSize",
            Shown::Object(&[
                ("Size", Shown::Scalar),
                ("MeasureStarted", Shown::Scalar),
                ("MeasureCompleted", Shown::Scalar),
            ]),
        )]),
    ),
];

pub(super) const ITEM: &[(&str, Shown)] = &[
    ("Engine", Shown::Scalar),
    ("Description", Shown::Scalar),
    ("OwnerDevice", Shown::Scalar),
    ("CreateTime", Shown::Scalar),
    ("ModifyTime", Shown::Scalar),
    (
        "Statistics",
        Shown::Object(&[
            ("LastStartTime", Shown::Scalar),
            ("LastBackupJob", Shown::Object(LAST_JOB)),
            ("LastSuccessfulBackupJob", Shown::Object(LAST_JOB)),
        ]),
    ),
];

pub(super) const LAST_JOB: &[(&str, Shown)] = &[
    ("GUID", Shown::Scalar),
    ("Classification", Shown::Scalar),
    ("Status", Shown::Scalar),
    ("StartTime", Shown::Scalar),
    ("EndTime", Shown::Scalar),
    ("TotalDirectories", Shown::Scalar),
    ("TotalFiles", Shown::Scalar),
    ("TotalSize", Shown::Scalar),
    ("TotalChunks", Shown::Scalar),
    ("UploadSize", Shown::Scalar),
    ("DownloadSize", Shown::Scalar),
    ("TotalAccountsCount", Shown::Scalar),
    ("TotalVmCount", Shown::Scalar),
];

/// Commands before and after a job may hold passwords.
pub(super) const RULE: &[(&str, Shown)] = &[
    ("Description", Shown::Scalar),
    ("CreateTime", Shown::Scalar),
    ("ModifyTime", Shown::Scalar),
    ("Source", Shown::Scalar),
    ("Destination", Shown::Scalar),
];

pub(super) const DEVICE: &[(&str, Shown)] = &[
    ("FriendlyName", Shown::Scalar),
    ("RegistrationTime", Shown::Scalar),
    (
        "PlatformVersion",
        Shown::Object(&[
            ("version", Shown::Scalar),
            ("distribution", Shown::Scalar),
            ("os", Shown::Scalar),
            ("arch", Shown::Scalar),
        ]),
    ),
    ("ClientVersion", Shown::Scalar),
];

/// The part of an object that a table allows; a map that is missing or `null` is an empty one.
pub(super) fn picked(from: &Json, fields: &[(&str, Shown)]) -> Value {
    let shown = fields.iter().filter_map(|(name, shape)| {
        let value = at(from, &[*name]);
        let value = match shape {
            Shown::Scalar => scalar(value)?,
            Shown::Texts => list(
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|text| text.as_str().map(Value::from)),
            ),
            Shown::Object(fields) if value.is_object() => picked(value, fields),
            Shown::Object(_) => return None,
            Shown::Map(fields) => Value::Array(
                entries(value)
                    .map(|(id, entry)| (id.clone(), picked(entry, fields)))
                    .collect(),
            ),
        };
        Some(((*name).to_owned(), value))
    });
    Value::Array(shown.collect())
}

/// `None` for what is absent or no scalar.
pub(super) fn scalar(value: &Json) -> Option<Value> {
    match value {
        Json::Bool(yes) => Some(Value::Bool(*yes)),
        Json::String(text) => Some(text.as_str().into()),
        Json::Number(number) => number
            .as_i64()
            .map(Value::Int)
            .or_else(|| number.as_f64().map(Value::Float)),
        _ => None,
    }
}
