//! The allow-list of profile fields for the template, by level. A field that is not listed, new ones included, never
//! reaches a page.

use super::format::{at, entries, list};
use crate::php_value::Value;
use serde_json::Value as Json;

/// What of a document a page may show. Everything else is left out, fields of later servers included.
pub(super) enum AllowedField {
    /// Number, text, yes or no.
    Scalar,
    Texts,
    Object(&'static [(&'static str, Self)]),
    /// By ids.
    Map(&'static [(&'static str, Self)]),
}

pub(super) const PROFILE: &[(&str, AllowedField)] = &[
    ("Username", AllowedField::Scalar),
    ("AccountName", AllowedField::Scalar),
    ("LocalTimezone", AllowedField::Scalar),
    ("LanguageCode", AllowedField::Scalar),
    ("OrganizationID", AllowedField::Scalar),
    ("GroupID", AllowedField::Scalar),
    ("Emails", AllowedField::Texts),
    ("SendEmailReports", AllowedField::Scalar),
    ("Destinations", AllowedField::Map(VAULT)),
    ("Sources", AllowedField::Map(ITEM)),
    ("BackupRules", AllowedField::Map(RULE)),
    ("Devices", AllowedField::Map(DEVICE)),
    ("IsSuspended", AllowedField::Scalar),
    ("LastSuspended", AllowedField::Scalar),
    ("AllProtectedItemsQuotaEnabled", AllowedField::Scalar),
    ("AllProtectedItemsQuotaBytes", AllowedField::Scalar),
    ("MaximumDevices", AllowedField::Scalar),
    ("QuotaOffice365ProtectedAccounts", AllowedField::Scalar),
    ("QuotaHyperVGuests", AllowedField::Scalar),
    ("QuotaVMwareGuests", AllowedField::Scalar),
    ("PolicyID", AllowedField::Scalar),
    ("RequirePasswordChange", AllowedField::Scalar),
    ("CreateTime", AllowedField::Scalar),
];

pub(super) const VAULT: &[(&str, AllowedField)] = &[
    ("Description", AllowedField::Scalar),
    ("CreateTime", AllowedField::Scalar),
    ("ModifyTime", AllowedField::Scalar),
    ("DestinationType", AllowedField::Scalar),
    ("RepoInitTimestamp", AllowedField::Scalar),
    ("StorageLimitEnabled", AllowedField::Scalar),
    ("StorageLimitBytes", AllowedField::Scalar),
    ("StorageLimitID", AllowedField::Scalar),
    (
        "Statistics",
        AllowedField::Object(&[(
            "ClientProvidedSize",
            AllowedField::Object(&[
                ("Size", AllowedField::Scalar),
                ("MeasureStarted", AllowedField::Scalar),
                ("MeasureCompleted", AllowedField::Scalar),
            ]),
        )]),
    ),
];

const ITEM: &[(&str, AllowedField)] = &[
    ("Engine", AllowedField::Scalar),
    ("Description", AllowedField::Scalar),
    ("OwnerDevice", AllowedField::Scalar),
    ("CreateTime", AllowedField::Scalar),
    ("ModifyTime", AllowedField::Scalar),
    (
        "Statistics",
        AllowedField::Object(&[
            ("LastStartTime", AllowedField::Scalar),
            ("LastBackupJob", AllowedField::Object(LAST_JOB)),
            ("LastSuccessfulBackupJob", AllowedField::Object(LAST_JOB)),
        ]),
    ),
];

const LAST_JOB: &[(&str, AllowedField)] = &[
    ("GUID", AllowedField::Scalar),
    ("Classification", AllowedField::Scalar),
    ("Status", AllowedField::Scalar),
    ("StartTime", AllowedField::Scalar),
    ("EndTime", AllowedField::Scalar),
    ("TotalDirectories", AllowedField::Scalar),
    ("TotalFiles", AllowedField::Scalar),
    ("TotalSize", AllowedField::Scalar),
    ("TotalChunks", AllowedField::Scalar),
    ("UploadSize", AllowedField::Scalar),
    ("DownloadSize", AllowedField::Scalar),
    ("TotalAccountsCount", AllowedField::Scalar),
    ("TotalVmCount", AllowedField::Scalar),
];

/// Commands before and after a job may hold passwords.
const RULE: &[(&str, AllowedField)] = &[
    ("Description", AllowedField::Scalar),
    ("CreateTime", AllowedField::Scalar),
    ("ModifyTime", AllowedField::Scalar),
    ("Source", AllowedField::Scalar),
    ("Destination", AllowedField::Scalar),
];

pub(super) const DEVICE: &[(&str, AllowedField)] = &[
    ("FriendlyName", AllowedField::Scalar),
    ("RegistrationTime", AllowedField::Scalar),
    (
        "PlatformVersion",
        AllowedField::Object(&[
            ("version", AllowedField::Scalar),
            ("distribution", AllowedField::Scalar),
            ("os", AllowedField::Scalar),
            ("arch", AllowedField::Scalar),
        ]),
    ),
    ("ClientVersion", AllowedField::Scalar),
];

/// Returns the part of an object that a table allows; a map that is missing or `null` is an empty one.
pub(super) fn picked(from: &Json, fields: &[(&str, AllowedField)]) -> Value {
    let shown = fields.iter().filter_map(|(name, shape)| {
        let value = at(from, &[*name]);
        let value = match shape {
            AllowedField::Scalar => scalar(value)?,
            AllowedField::Texts => list(
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|text| text.as_str().map(Value::from)),
            ),
            AllowedField::Object(fields) if value.is_object() => picked(value, fields),
            AllowedField::Object(_) => return None,
            AllowedField::Map(fields) => Value::Array(
                entries(value)
                    .map(|(id, entry)| (id.clone(), picked(entry, fields)))
                    .collect(),
            ),
        };
        Some(((*name).to_owned(), value))
    });
    Value::Array(shown.collect())
}

/// Returns a scalar; `None` for what is absent or no scalar.
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
