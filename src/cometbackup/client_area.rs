//! `cometbackup_ClientArea`: the customer's page. Two requests: the profile, and the jobs of the last 14 days.
//!
//! The PHP module's template variables stay; what a profile holds beyond the tables below stays out of the page.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account_table::Account;
use super::backup::Backup;
use super::downloads::DOWNLOADS;
use super::jobs::{self, Ending, Job};
use super::options::Options;
use super::profile::Profile;
use super::{account_table, open_database, vault};
use crate::clock;
use crate::error::Error;
use crate::owner::Owner;
use crate::value::Value;
use crate::whmcs::{Host, Service, Status};

/// Relative to the module's folder, without `.tpl`.
const TEMPLATE: &str = "clientarea";

const DAY: i64 = 24 * 60 * 60;
const DAYS_OF_JOBS: i64 = 14;

/// Rows of the table of jobs: a busy account has thousands.
const JOBS_SHOWN: usize = 200;

const GB: i64 = 1 << 30;
const UNITS: [(i64, &str); 5] = [
    (1 << 50, "PB"),
    (1 << 40, "TB"),
    (GB, "GB"),
    (1 << 20, "MB"),
    (1 << 10, "KB"),
];

const NO_ACCOUNT: &str =
    "The figures of your account cannot be shown right now. Please try again in a few minutes.";
const NO_JOBS: &str =
    "The jobs of the last 14 days cannot be shown right now. Please try again in a few minutes.";

/// What of a document a page may show. Everything else is left out, fields of later servers included.
enum Shown {
    /// Number, text, yes or no.
    Scalar,
    Texts,
    Object(&'static [(&'static str, Self)]),
    /// By ids.
    Map(&'static [(&'static str, Self)]),
}

const PROFILE: &[(&str, Shown)] = &[
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

const VAULT: &[(&str, Shown)] = &[
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

const ITEM: &[(&str, Shown)] = &[
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

const LAST_JOB: &[(&str, Shown)] = &[
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
const RULE: &[(&str, Shown)] = &[
    ("Description", Shown::Scalar),
    ("CreateTime", Shown::Scalar),
    ("ModifyTime", Shown::Scalar),
    ("Source", Shown::Scalar),
    ("Destination", Shown::Scalar),
];

const DEVICE: &[(&str, Shown)] = &[
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

/// What the page tells about the service as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    Suspended,
    Preparing,
    Ended,
    Unavailable,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Preparing => "preparing",
            Self::Ended => "ended",
            Self::Unavailable => "unavailable",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Active => "",
            Self::Suspended => {
                "This account is suspended: no backups are made. What is stored is kept. Please pay any open invoice or contact us."
            }
            Self::Preparing => {
                "Your backup account is being prepared and will appear here once your order is complete."
            }
            Self::Ended => {
                "This service has ended. Please place a new order or contact us if you would like to use backups again."
            }
            Self::Unavailable => {
                "Your backup account cannot be shown right now. Your backups are not affected by this. Please try again in a few minutes, and contact us if this page stays the same."
            }
        }
    }
}

/// What was read, as far as it could be.
#[derive(Default)]
struct Read {
    username: String,
    profile: Json,
    hash: String,
    /// The vaults that the plan pays for.
    vaults: Vec<String>,
    jobs: Vec<Job>,
    errors: Vec<&'static str>,
}

/// WHMCS's answer: the template and its variables.
pub fn run(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    if service.status == Status::Ended {
        return Ok(page(State::Ended, Some(service.owner), &Read::default()));
    }
    let preparing = || {
        Ok(page(
            State::Preparing,
            Some(service.owner),
            &Read::default(),
        ))
    };
    if service.status == Status::Pending {
        let mut database = open_database(host)?;
        if account_table::find(&mut database, service.owner)?.is_none() {
            return preparing();
        }
    }
    let mut backup = Backup::open(host, service)?;
    let recorded = backup.recorded()?;
    // A name that is only planned may be somebody else's.
    if recorded.as_ref().is_some_and(|account| account.is_planned) {
        return preparing();
    }
    let read = match backup.account_and_profile() {
        Ok((account, profile)) => with_profile(&backup, &account, &profile),
        Err(error) => match recorded.filter(|_| says_nothing_of_the_account(&error)) {
            Some(account) => without_profile(&backup, &account, &error)?,
            None => return Err(error),
        },
    };
    let is_suspended =
        service.status == Status::Suspended || yes(at(&read.profile, &["IsSuspended"]));
    let state = if is_suspended {
        State::Suspended
    } else {
        State::Active
    };
    Ok(page(state, Some(service.owner), &read))
}

/// The page of a service whose account cannot be read just now.
pub fn unavailable() -> Value {
    page(State::Unavailable, None, &Read::default())
}

fn with_profile(backup: &Backup<'_>, account: &Account, profile: &Profile) -> Read {
    let option = Options::read(&backup.service.options).vault_quota;
    let mut read = Read {
        username: account.username.clone(),
        profile: profile.to_json(),
        hash: profile.hash.clone(),
        vaults: vault::limited(account, profile, option),
        ..Read::default()
    };
    match jobs_of(backup, account) {
        Ok(mut jobs) => {
            // What is older belongs to an earlier account of the same name, which may have been another customer's.
            jobs.retain(|job| job.start_time >= profile.created_at());
            read.jobs = jobs;
        }
        Err(error) => {
            tell(backup, &error);
            read.errors.push(NO_JOBS);
        }
    }
    read
}

fn without_profile(backup: &Backup<'_>, account: &Account, missing: &Error) -> Result<Read, Error> {
    let jobs = jobs_of(backup, account)?;
    tell(backup, missing);
    Ok(Read {
        username: account.username.clone(),
        jobs,
        errors: vec![NO_ACCOUNT],
        ..Read::default()
    })
}

fn jobs_of(backup: &Backup<'_>, account: &Account) -> Result<Vec<Job>, Error> {
    let since = clock::unix_now() - DAYS_OF_JOBS * DAY;
    jobs::read(&backup.api(), &account.username, since)
}

/// Whether the account may be as it was. After a refusal it may be gone, and a server that cannot be
/// reached need not be asked twice.
const fn says_nothing_of_the_account(error: &Error) -> bool {
    match error {
        Error::NoAnswer { .. } => true,
        Error::Refused { status, .. } => *status >= 500,
        _ => false,
    }
}

/// Customers see no reason: it names addresses and administrators.
fn tell(backup: &Backup<'_>, error: &Error) {
    backup
        .host
        .log_activity(format!("{error} - {}", backup.service.owner));
}

fn page(state: State, owner: Option<Owner>, read: &Read) -> Value {
    let mut variables = recorded_variables(read);
    variables.extend([
        ("accountState", state.word().into()),
        ("stateMessage", state.message().into()),
        ("suspended", Value::Bool(state == State::Suspended)),
        (
            "errors",
            list(read.errors.iter().map(|text| Value::from(*text))),
        ),
        (
            "accountName",
            text(at(&read.profile, &["AccountName"])).into(),
        ),
        (
            "createdAt",
            minute(number(at(&read.profile, &["CreateTime"]))).into(),
        ),
        ("known", Value::Bool(read.profile.is_object())),
    ]);
    variables.extend(quotas(read));
    variables.push(("vaults", vaults(read)));
    variables.push(("devices", devices(&read.profile)));
    variables.extend(jobs_shown(read));
    let links = match owner {
        Some(owner) if state == State::Active => downloads(owner),
        _ => Value::Array(Vec::new()),
    };
    variables.push(("downloads", links));
    array(vec![
        ("templatefile", TEMPLATE.into()),
        ("vars", array(variables)),
    ])
}

/// The variables of the PHP module, with its names and formats.
fn recorded_variables(read: &Read) -> Vec<(&'static str, Value)> {
    let profile = &read.profile;
    let found = profile.is_object();
    let answer = array(vec![
        ("Status", Value::Int(if found { 200 } else { 0 })),
        ("Message", if found { "OK" } else { "" }.into()),
        ("ProfileHash", read.hash.as_str().into()),
        ("Profile", picked(profile, PROFILE)),
    ]);
    let jobs = read.jobs.iter().take(JOBS_SHOWN);
    vec![
        ("Username", read.username.as_str().into()),
        (
            "AllProtectedItemsQuota",
            gigabytes(protected_limit(profile).unwrap_or_default()),
        ),
        (
            "MaximumDevices",
            Value::Int(number(at(profile, &["MaximumDevices"]))),
        ),
        (
            "CreateTime",
            time(number(at(profile, &["CreateTime"])), "%Y-%m-%d %I:%M:%S%P").into(),
        ),
        (
            "StorageVaultQuota",
            match stored_limit(read) {
                Limit::Bytes(bytes) => gigabytes(bytes),
                _ => Value::Bool(false),
            },
        ),
        ("totalSize", size(protected(profile)).into()),
        ("userProfile", answer),
        (
            "getJobsForUser",
            list(jobs.filter_map(|job| recorded_job(job, profile))),
        ),
    ]
}

/// As the PHP module has it: none of an item that is gone, and its end in Unix seconds.
fn recorded_job(job: &Job, profile: &Json) -> Option<Value> {
    let item = at(profile, &["Sources", &job.source]);
    if !item.is_object() {
        return None;
    }
    let device = name_of(at(profile, &["Devices", &job.device]), "FriendlyName");
    Some(array(vec![
        ("GUID", job.guid.as_str().into()),
        ("Username", job.username.as_str().into()),
        ("Classification", job.classification_word().into()),
        ("Status", job.status_word().into()),
        (
            "StartTime",
            time(job.start_time, "%Y-%m-%d %H:%M:%S").into(),
        ),
        ("EndTime", Value::Int(job.end_time)),
        ("SourceGUID", job.source.as_str().into()),
        ("DestinationGUID", job.vault.as_str().into()),
        ("DeviceID", job.device.as_str().into()),
        ("ClientVersion", job.client_version.as_str().into()),
        ("TotalDirectories", Value::Int(job.total_directories)),
        ("TotalFiles", Value::Int(job.total_files)),
        ("TotalSize", size(job.total_size).into()),
        ("TotalChunks", Value::Int(job.total_chunks)),
        ("UploadSize", size(job.upload_size).into()),
        ("DownloadSize", size(job.download_size).into()),
        ("DeviceName", device.unwrap_or("Unknown").into()),
        ("SourceDescription", text(at(item, &["Description"])).into()),
    ]))
}

/// A limit of what may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    None,
    Bytes(i64),
    /// A shared quota of the server decides, and only the server knows it.
    Shared,
}

fn limit_of(vault: &Json) -> Limit {
    if !text(at(vault, &["StorageLimitID"])).is_empty() {
        Limit::Shared
    } else if yes(at(vault, &["StorageLimitEnabled"])) {
        Limit::Bytes(number(at(vault, &["StorageLimitBytes"])))
    } else {
        Limit::None
    }
}

/// One vault without a limit is as good as no limit.
fn stored_limit(read: &Read) -> Limit {
    let mut limits = read
        .vaults
        .iter()
        .map(|id| limit_of(at(&read.profile, &["Destinations", id])));
    let Some(first) = limits.next() else {
        return Limit::None;
    };
    limits.fold(first, |sum, limit| match (sum, limit) {
        (Limit::None, _) | (_, Limit::None) => Limit::None,
        (Limit::Bytes(sum), Limit::Bytes(bytes)) => Limit::Bytes(sum.saturating_add(bytes)),
        _ => Limit::Shared,
    })
}

/// `None`: never measured. The client measures when it runs a job.
fn stored_in(vault: &Json) -> Option<i64> {
    let measured = at(vault, &["Statistics", "ClientProvidedSize"]);
    let bytes = number(at(measured, &["Size"]));
    (bytes > 0 || number(at(measured, &["MeasureCompleted"])) > 0).then_some(bytes)
}

/// `None`: no limit.
fn protected_limit(profile: &Json) -> Option<i64> {
    yes(at(profile, &["AllProtectedItemsQuotaEnabled"]))
        .then(|| number(at(profile, &["AllProtectedItemsQuotaBytes"])))
}

/// Selected data of all items, as their last good backup found it.
fn protected(profile: &Json) -> i64 {
    entries(at(profile, &["Sources"]))
        .map(|(_, item)| {
            let statistics = at(item, &["Statistics"]);
            // Servers before 21.6 tell the last job only, and one that failed may have no size.
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
        })
        .fold(0, i64::saturating_add)
}

fn quotas(read: &Read) -> Vec<(&'static str, Value)> {
    let profile = &read.profile;
    let vaults: Vec<&Json> = read
        .vaults
        .iter()
        .map(|id| at(profile, &["Destinations", id]))
        .collect();
    let measured: Vec<i64> = vaults.iter().filter_map(|vault| stored_in(vault)).collect();
    let stored = measured.iter().copied().fold(0, i64::saturating_add);
    let measured_at = vaults
        .iter()
        .map(|vault| {
            number(at(
                vault,
                &["Statistics", "ClientProvidedSize", "MeasureCompleted"],
            ))
        })
        .max()
        .unwrap_or_default();
    let stored_size = if vaults.is_empty() {
        "nothing yet".to_owned()
    } else if measured.is_empty() {
        "not measured yet".to_owned()
    } else {
        size(stored)
    };
    let (stored_of, percent) = match stored_limit(read) {
        Limit::None => ("unlimited".to_owned(), Value::Null),
        Limit::Bytes(bytes) => (size(bytes), percent(stored, bytes)),
        Limit::Shared => ("a shared limit".to_owned(), Value::Null),
    };
    let protected = protected(profile);
    let protected_limit = protected_limit(profile);
    let devices = i64::try_from(entries(at(profile, &["Devices"])).count()).unwrap_or(i64::MAX);
    let devices_limit = Some(number(at(profile, &["MaximumDevices"]))).filter(|limit| *limit > 0);
    vec![
        ("storedBytes", Value::Int(stored)),
        ("storedSize", stored_size.into()),
        ("storedOf", stored_of.into()),
        ("percent", percent),
        ("storedAt", minute(measured_at).into()),
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

fn vaults(read: &Read) -> Value {
    list(
        entries(at(&read.profile, &["Destinations"])).map(|(id, vault)| {
            let stored = stored_in(vault).map_or_else(|| "not measured yet".to_owned(), size);
            let allowed = match limit_of(vault) {
                Limit::None => "unlimited".to_owned(),
                Limit::Bytes(bytes) => size(bytes),
                Limit::Shared => "a shared limit".to_owned(),
            };
            array(vec![
                (
                    "name",
                    name_of(vault, "Description")
                        .unwrap_or("Storage vault")
                        .into(),
                ),
                ("stored", stored.into()),
                ("allowed", allowed.into()),
                ("ofPlan", Value::Bool(read.vaults.contains(id))),
            ])
        }),
    )
}

fn devices(profile: &Json) -> Value {
    let items: Vec<&str> = entries(at(profile, &["Sources"]))
        .filter_map(|(_, item)| at(item, &["OwnerDevice"]).as_str())
        .collect();
    list(entries(at(profile, &["Devices"])).map(|(id, device)| {
        let protects = items.iter().filter(|owner| *owner == id).count();
        array(vec![
            (
                "name",
                name_of(device, "FriendlyName")
                    .unwrap_or("Unnamed device")
                    .into(),
            ),
            ("system", system(at(device, &["PlatformVersion"])).into()),
            ("version", text(at(device, &["ClientVersion"])).into()),
            (
                "registered",
                minute(number(at(device, &["RegistrationTime"]))).into(),
            ),
            (
                "items",
                Value::Int(i64::try_from(protects).unwrap_or(i64::MAX)),
            ),
        ])
    }))
}

fn system(platform: &Json) -> String {
    let os = match text(at(platform, &["os"])) {
        "windows" => "Windows",
        "darwin" => "macOS",
        "linux" => "Linux",
        other => other,
    };
    let distribution = text(at(platform, &["distribution"]));
    let words: HashSet<String> = distribution.split(' ').map(str::to_lowercase).collect();
    let version = text(at(platform, &["version"]));
    let shown = [
        if words.contains(&os.to_lowercase()) {
            ""
        } else {
            os
        },
        distribution,
        version,
    ];
    let shown: Vec<&str> = shown.into_iter().filter(|word| !word.is_empty()).collect();
    shown.join(" ")
}

fn jobs_shown(read: &Read) -> [(&'static str, Value); 3] {
    let more = read.jobs.len().saturating_sub(JOBS_SHOWN);
    let rows = read.jobs.iter().take(JOBS_SHOWN);
    [
        ("jobs", list(rows.map(|job| shown_job(job, &read.profile)))),
        (
            "jobsMore",
            Value::Int(i64::try_from(more).unwrap_or(i64::MAX)),
        ),
        ("jobsKnown", Value::Bool(!read.errors.contains(&NO_JOBS))),
    ]
}

fn shown_job(job: &Job, profile: &Json) -> Value {
    let named = |map: &str, id: &str, field: &str, gone: &'static str| {
        if id.is_empty() || !profile.is_object() {
            return String::new();
        }
        let known = name_of(at(profile, &[map, id]), field);
        known.unwrap_or(gone).to_owned()
    };
    let device = named("Devices", &job.device, "FriendlyName", "Removed device");
    let item = named("Sources", &job.source, "Description", "Removed item");
    let vault = named("Destinations", &job.vault, "Description", "Removed vault");
    let (kind, symbol) = match job.ending() {
        Ending::Success => ("success", "\u{2713}"),
        Ending::Unfinished => ("running", "\u{2026}"),
        Ending::Warning => ("warning", "!"),
        Ending::Failure => ("failure", "\u{2715}"),
        Ending::Unknown => ("unknown", "?"),
    };
    array(vec![
        ("type", job.classification_word().into()),
        ("state", job.status_word().into()),
        ("kind", kind.into()),
        ("symbol", symbol.into()),
        ("device", device.into()),
        ("item", item.into()),
        ("vault", vault.into()),
        ("started", minute(job.start_time).into()),
        ("ended", minute(job.end_time).into()),
        ("duration", duration(job).into()),
        ("files", Value::Int(job.total_files.max(0))),
        ("size", size(job.total_size).into()),
        ("uploaded", size(job.upload_size).into()),
        ("downloaded", size(job.download_size).into()),
    ])
}

/// Links in groups, each group at the place of its first link.
fn downloads(owner: Owner) -> Value {
    let mut groups: Vec<&str> = Vec::new();
    for download in DOWNLOADS {
        if !groups.contains(&download.group) {
            groups.push(download.group);
        }
    }
    let addon = match owner {
        Owner::Service(_) => String::new(),
        Owner::Addon { id, .. } => format!("&addonId={id}"),
    };
    let id = owner.service_id();
    let sorted = groups
        .into_iter()
        .flat_map(|group| DOWNLOADS.iter().filter(move |link| link.group == group));
    list(sorted.map(|link| {
        let kind = format!("downloadResponse{}", link.name);
        let url = format!("clientarea.php?action=productdetails&id={id}{addon}&type={kind}");
        array(vec![
            ("type", kind.into()),
            ("label", link.label.into()),
            ("group", link.group.into()),
            ("recommended", Value::Bool(link.recommended)),
            ("url", url.into()),
        ])
    }))
}

/// The part of an object that a table allows; a map that is missing or `null` is an empty one.
fn picked(from: &Json, fields: &[(&str, Shown)]) -> Value {
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
fn scalar(value: &Json) -> Option<Value> {
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

fn entries(map: &Json) -> impl Iterator<Item = (&String, &Json)> {
    map.as_object().into_iter().flatten()
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

fn yes(value: &Json) -> bool {
    value.as_bool().unwrap_or_default()
}

/// Sizes, counts and times: what is missing, no number or negative is 0, what is too large the largest.
fn number(value: &Json) -> i64 {
    match value.as_i64() {
        Some(number) => number.max(0),
        None if value.is_u64() => i64::MAX,
        None => 0,
    }
}

/// What stands at a path of keys; `null` where it does not exist.
fn at<'a>(value: &'a Json, path: &[&str]) -> &'a Json {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .unwrap_or(&Json::Null)
}

/// `None` where there is no object, or no name in it.
fn name_of<'a>(entry: &'a Json, field: &str) -> Option<&'a str> {
    at(entry, &[field])
        .as_str()
        .filter(|name| !name.trim().is_empty())
}

fn array(entries: Vec<(&'static str, Value)>) -> Value {
    Value::Array(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(
        values
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
    )
}

/// `5.00 GB`, `900 bytes`: powers of 1024, as Comet and the PHP module count.
fn size(bytes: i64) -> String {
    let bytes = bytes.max(0);
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let hundredths = (i128::from(bytes) * 100 + i128::from(unit / 2)) / i128::from(*unit);
            format!("{}.{:02} {name}", hundredths / 100, hundredths % 100)
        }
        None if bytes == 1 => "1 byte".to_owned(),
        None => format!("{bytes} bytes"),
    }
}

fn gigabytes(bytes: i64) -> Value {
    if bytes % GB == 0 {
        return Value::Int(bytes / GB);
    }
    #[allow(clippy::cast_precision_loss)]
    let exact = bytes as f64 / GB as f64;
    Value::Float((exact * 100.0).round() / 100.0)
}

fn percent(used: i64, allowed: i64) -> Value {
    if allowed <= 0 {
        return Value::Int(100);
    }
    let percent = i128::from(used) * 100 / i128::from(allowed);
    Value::Int(i64::try_from(percent).unwrap_or(i64::MAX))
}

/// Empty where there is no time.
fn time(seconds: i64, format: &str) -> String {
    if seconds <= 0 {
        return String::new();
    }
    Timestamp::from_second(seconds)
        .map(|moment| moment.strftime(format).to_string())
        .unwrap_or_default()
}

fn minute(seconds: i64) -> String {
    time(seconds, "%Y-%m-%d %H:%M")
}

fn duration(job: &Job) -> String {
    let seconds = job.end_time.saturating_sub(job.start_time);
    match seconds {
        _ if job.end_time <= 0 || seconds < 0 => String::new(),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the sample documents: two vaults, three items of which one failed by quota, names of strangers.
    const PROFILE: &str = r#"{"Username":"northwind-4127","AccountName":"Northwind Traders Ltd","Emails":["it@northwind.example"],
        "Destinations":{
          "v1":{"Description":"Managed storage (Frankfurt)","CreateTime":1729314060,"DestinationType":1003,
            "CometBucketKey":"SECRET-bucket","S3SecretKey":"SECRET-s3","SFTPPassword":"SECRET-sftp","Storj":{"Passphrase":"SECRET-storj"},
            "EncryptedEncryptionKey":"SECRET-key","StorageLimitEnabled":true,"StorageLimitBytes":214748364800,
            "Statistics":{"ClientProvidedSize":{"Size":201523724288,"MeasureCompleted":1763936450,"Key":"SECRET-new"}},
            "PreExec":["SECRET-command"]},
          "v2":{"Description":"Offsite copy","DestinationType":1000,"StorageLimitEnabled":false,"StorageLimitBytes":0,
            "Statistics":{"ClientProvidedSize":{"Size":55835623424,"MeasureCompleted":1763945350}}}},
        "Sources":{
          "s1":{"Engine":"engine1/file","Description":"Shared folders","OwnerDevice":"d1","EngineProps":{"PASSWORD":"SECRET-engine"},
            "Statistics":{"LastBackupJob":{"Status":5000,"TotalSize":248085592065},
              "LastSuccessfulBackupJob":{"Status":5000,"TotalSize":248085592065,"CancellationID":"SECRET-cancel"}}},
          "s2":{"Engine":"engine1/windisk","Description":"System disk","OwnerDevice":"d1",
            "Statistics":{"LastBackupJob":{"Status":7003,"TotalSize":0},
              "LastSuccessfulBackupJob":{"Status":5000,"TotalSize":107374182400}}},
          "s3":{"Engine":"engine1/winmsofficemail","Description":"Müller & Söhne <b>","OwnerDevice":"d2"}},
        "BackupRules":{"r1":{"Description":"Nightly","Source":"s1","Destination":"v1","PreExec":["SECRET-rule"]}},
        "Devices":{
          "d1":{"FriendlyName":"NW-FILES01","RegistrationTime":1729319000,"ClientVersion":"25.9.6",
            "PlatformVersion":{"version":"10.0.20348","distribution":"Windows Server 2022","os":"windows","arch":"amd64"}},
          "d2":{"FriendlyName":"<script>alert(1)</script>","PlatformVersion":{"version":"12","distribution":"debian","os":"linux"}}},
        "IsSuspended":false,"AllProtectedItemsQuotaEnabled":true,"AllProtectedItemsQuotaBytes":536870912000,"MaximumDevices":3,
        "PolicyID":"p1","Policy":{"X":"SECRET-policy"},"PasswordFormat":2,"PasswordHash":"SECRET-hash","PasswordRecovery":"SECRET-recovery",
        "TOTPKey":"SECRET-totp","CreateTime":1729314000,"CreationGUID":"g","FutureSecret":{"Deep":"SECRET-future"}}"#;

    fn read(profile: &str) -> Read {
        let answer = format!(r#"{{"Status":200,"ProfileHash":"h1","Profile":{profile}}}"#);
        let profile = Profile::from_answer(&answer).unwrap();
        Read {
            username: "northwind-4127".into(),
            profile: profile.to_json(),
            hash: profile.hash.clone(),
            vaults: profile.vaults().into_iter().take(1).collect(),
            ..Read::default()
        }
    }

    fn vars(read: &Read) -> Value {
        page(State::Active, Some(Owner::Service(200)), read)
            .get("vars")
            .clone()
    }

    fn word(value: &Value) -> String {
        value.text().unwrap_or_else(|| format!("{value:?}"))
    }

    fn job(at: i64) -> Job {
        Job {
            guid: format!("j{at}"),
            username: "northwind-4127".into(),
            classification: 4001,
            status: 5000,
            start_time: at,
            end_time: at + 3661,
            source: "s1".into(),
            vault: "v1".into(),
            device: "d1".into(),
            total_files: 1234,
            total_size: 5_368_709_120,
            upload_size: 3_145_728,
            download_size: 900,
            ..Job::default()
        }
    }

    fn rows(value: &Value) -> usize {
        match value {
            Value::Array(rows) => rows.len(),
            _ => panic!("no list: {value:?}"),
        }
    }

    #[test]
    fn no_secret_and_no_field_of_later_servers_is_on_the_page() {
        let mut read = read(PROFILE);
        read.jobs = vec![job(1_763_900_000)];
        let mut texts = String::new();
        collect(&vars(&read), &mut texts);
        assert!(texts.contains("Managed storage (Frankfurt)"));
        assert!(!texts.contains("SECRET"), "{texts}");
        for field in [
            "PasswordHash",
            "EngineProps",
            "FutureSecret",
            "TOTPKey",
            "CometBucketKey",
            "PreExec",
        ] {
            assert!(!texts.contains(field), "{field}");
        }
    }

    fn collect(value: &Value, texts: &mut String) {
        match value {
            Value::Array(entries) => {
                for (key, value) in entries {
                    texts.push_str(key);
                    texts.push('\n');
                    collect(value, texts);
                }
            }
            Value::Bytes(text) => {
                texts.push_str(&String::from_utf8_lossy(text));
                texts.push('\n');
            }
            _ => {}
        }
    }

    #[test]
    fn used_and_allowed_are_of_the_vault_the_plan_pays_for() {
        let vars = vars(&read(PROFILE));
        for (name, expected) in [
            ("storedSize", "187.68 GB"),
            ("storedOf", "200.00 GB"),
            ("percent", "93"),
            ("storedAt", "2025-11-23 22:20"),
            ("protectedSize", "331.05 GB"),
            ("protectedAllowed", "500.00 GB"),
            ("protectedPercent", "66"),
            ("devicesUsed", "2"),
            ("devicesAllowed", "3"),
            ("devicesPercent", "66"),
            ("storedBytes", "201523724288"),
        ] {
            assert_eq!(word(vars.get(name)), expected, "{name}");
        }
        let copy = vars.get("vaults").get("1");
        assert_eq!(copy.get("ofPlan"), &Value::Bool(false));
        assert_eq!(word(copy.get("stored")), "52.00 GB");
    }

    #[test]
    fn variables_of_the_php_module_keep_names_and_formats() {
        let mut read = read(PROFILE);
        let gone = Job {
            source: "gone".into(),
            ..job(1_763_900_001)
        };
        let lost_device = Job {
            device: "gone".into(),
            classification: 4099,
            ..job(1_763_900_000)
        };
        read.jobs = vec![gone, lost_device];
        let vars = vars(&read);
        assert_eq!(vars.get("AllProtectedItemsQuota"), &Value::Int(500));
        assert_eq!(vars.get("StorageVaultQuota"), &Value::Int(200));
        assert_eq!(vars.get("MaximumDevices"), &Value::Int(3));
        assert_eq!(word(vars.get("CreateTime")), "2024-10-19 05:00:00am");
        assert_eq!(word(vars.get("totalSize")), "331.05 GB");
        let answer = vars.get("userProfile");
        assert_eq!(answer.get("Status"), &Value::Int(200));
        assert_eq!(word(answer.get("ProfileHash")), "h1");
        let vault = answer.get("Profile").get("Destinations").get("v1");
        assert_eq!(vault.get("StorageLimitBytes"), &Value::Int(214_748_364_800));
        let jobs = vars.get("getJobsForUser");
        assert_eq!(rows(jobs), 1);
        for (name, expected) in [
            ("DeviceName", "Unknown"),
            ("SourceDescription", "Shared folders"),
            ("Classification", "Unknown"),
            ("Status", "Success"),
            ("TotalFiles", "1234"),
            ("TotalSize", "5.00 GB"),
            ("UploadSize", "3.00 MB"),
            ("DownloadSize", "900 bytes"),
            ("StartTime", "2025-11-23 12:13:20"),
            ("EndTime", "1763903661"),
        ] {
            assert_eq!(word(jobs.get("0").get(name)), expected, "{name}");
        }
        // The page itself shows both, with what is gone named as that.
        assert_eq!(rows(vars.get("jobs")), 2);
        let first = vars.get("jobs").get("0");
        assert_eq!(word(first.get("item")), "Removed item");
        assert_eq!(word(first.get("started")), "2025-11-23 12:13");
        assert_eq!(word(first.get("duration")), "1 h 1 min");
    }

    #[test]
    fn a_new_account_has_no_limits_and_nothing_is_measured() {
        for profile in [
            r#"{"Destinations":{},"Devices":{},"Sources":{},"MaximumDevices":0,"AllProtectedItemsQuotaEnabled":false,
                "AllProtectedItemsQuotaBytes":99,"CreateTime":1767225600}"#,
            r#"{"Destinations":null,"Devices":null,"Sources":null,"Emails":null,"CreateTime":1767225600}"#,
            r#"{"Destinations":[],"Devices":7,"Sources":"x","MaximumDevices":"many","AllProtectedItemsQuotaEnabled":1,
                "CreateTime":1767225600}"#,
        ] {
            let vars = vars(&read(profile));
            assert_eq!(vars.get("AllProtectedItemsQuota"), &Value::Int(0));
            assert_eq!(vars.get("StorageVaultQuota"), &Value::Bool(false));
            assert_eq!(word(vars.get("CreateTime")), "2026-01-01 12:00:00am");
            assert_eq!(word(vars.get("totalSize")), "0 bytes");
            assert_eq!(word(vars.get("storedOf")), "unlimited");
            assert_eq!(word(vars.get("devicesAllowed")), "unlimited");
            assert_eq!(vars.get("percent"), &Value::Null);
            let shown = vars.get("userProfile").get("Profile");
            for map in ["Destinations", "Devices", "Sources", "Emails"] {
                assert_eq!(rows(shown.get(map)), 0, "{map}");
            }
        }
        let fresh = read(r#"{"Destinations":{"v1":{"StorageLimitEnabled":false}},"CreateTime":1}"#);
        assert_eq!(word(vars(&fresh).get("storedSize")), "not measured yet");
    }

    #[test]
    fn vaults_are_added_up_and_one_without_a_limit_lifts_it() {
        let mut read = read(
            r#"{"Destinations":{"a":{"StorageLimitEnabled":true,"StorageLimitBytes":1610612736},
                "b":{"StorageLimitEnabled":true,"StorageLimitBytes":1073741824},"c":{},
                "d":{"StorageLimitID":"q1","StorageLimitBytes":5},
                "e":{"StorageLimitEnabled":true,"StorageLimitBytes":9223372036854775807}}}"#,
        );
        let mut limit = |ids: &[&str]| {
            read.vaults = ids.iter().map(|id| (*id).to_owned()).collect();
            (
                stored_limit(&read),
                vars(&read).get("StorageVaultQuota").clone(),
            )
        };
        assert_eq!(
            limit(&["a"]),
            (Limit::Bytes(1_610_612_736), Value::Float(1.5))
        );
        assert_eq!(limit(&["a", "b"]).1, Value::Float(2.5));
        assert_eq!(limit(&["a", "c"]), (Limit::None, Value::Bool(false)));
        assert_eq!(limit(&["a", "d"]), (Limit::Shared, Value::Bool(false)));
        assert_eq!(limit(&["a", "e"]).0, Limit::Bytes(i64::MAX));
        assert_eq!(limit(&[]).0, Limit::None);
    }

    #[test]
    fn an_old_server_tells_the_last_job_only() {
        let protected = |statistics: &str| {
            let text =
                format!(r#"{{"Sources":{{"s":{{"Statistics":{statistics}}},"t":{{}},"u":null}}}}"#);
            super::protected(&serde_json::from_str(&text).unwrap())
        };
        assert_eq!(protected(r#"{"LastBackupJob":{"TotalSize":5}}"#), 5);
        assert_eq!(
            protected(
                r#"{"LastBackupJob":{"Status":5000,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#
            ),
            5
        );
        assert_eq!(
            protected(
                r#"{"LastBackupJob":{"Status":7002,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#
            ),
            0
        );
        assert_eq!(
            protected(
                r#"{"LastBackupJob":{"Status":7003,"TotalSize":0},"LastSuccessfulBackupJob":{"TotalSize":9}}"#
            ),
            9
        );
        assert_eq!(protected("null"), 0);
        assert_eq!(protected(r#"{"LastBackupJob":{"TotalSize":-5}}"#), 0);
    }

    #[test]
    fn two_hundred_jobs_are_shown_and_the_rest_is_counted() {
        let mut read = read(PROFILE);
        read.jobs = (0..2000).map(|at| job(1_764_000_000 - at)).collect();
        let vars = vars(&read);
        assert_eq!(rows(vars.get("jobs")), JOBS_SHOWN);
        assert_eq!(rows(vars.get("getJobsForUser")), JOBS_SHOWN);
        assert_eq!(vars.get("jobsMore"), &Value::Int(1800));
    }

    #[test]
    fn without_profile_or_jobs_the_rest_is_there() {
        let lost = Read {
            username: "ada".into(),
            jobs: vec![job(1_764_000_000)],
            errors: vec![NO_ACCOUNT],
            ..Read::default()
        };
        let vars = vars(&lost);
        assert_eq!(vars.get("known"), &Value::Bool(false));
        assert_eq!(vars.get("jobsKnown"), &Value::Bool(true));
        assert_eq!(rows(vars.get("jobs")), 1);
        assert_eq!(word(vars.get("errors").get("0")), NO_ACCOUNT);
        assert_eq!(
            rows(vars.get("userProfile").get("Profile").get("Devices")),
            0
        );

        let away = unavailable();
        let vars = away.get("vars");
        assert_eq!(word(vars.get("accountState")), "unavailable");
        assert_eq!(rows(vars.get("downloads")), 0);
        assert_eq!(rows(vars.get("getJobsForUser")), 0);
        assert_eq!(word(away.get("templatefile")), "clientarea");
    }

    #[test]
    fn an_error_that_leaves_the_account_in_doubt_shows_nothing_of_it() {
        let refused = |status| Error::Refused {
            task: String::new(),
            status,
            code: String::new(),
            message: String::new(),
            request_id: None,
            advice: String::new(),
        };
        assert!(!says_nothing_of_the_account(&refused(403)));
        assert!(!says_nothing_of_the_account(&refused(400)));
        assert!(!says_nothing_of_the_account(&Error::Unusable(
            "made anew".into()
        )));
        assert!(says_nothing_of_the_account(&refused(500)));
    }

    #[test]
    fn links_keep_the_parameters_of_the_php_module() {
        let addon = Owner::Addon {
            id: 7,
            service: 200,
        };
        let links = downloads(Owner::Service(200));
        assert_eq!(rows(&links), DOWNLOADS.len());
        assert_eq!(
            word(links.get("0").get("url")),
            "clientarea.php?action=productdetails&id=200&type=downloadResponseWindowsAnyCPUZip"
        );
        assert!(word(downloads(addon).get("0").get("url")).contains("&id=200&addonId=7&"));
        let Value::Array(rows) = &links else {
            panic!("no list");
        };
        let mut groups: Vec<String> = rows.iter().map(|(_, row)| word(row.get("group"))).collect();
        groups.dedup();
        let distinct: HashSet<&String> = groups.iter().collect();
        assert_eq!(distinct.len(), groups.len(), "{groups:?}");
    }

    #[test]
    fn sizes_are_as_recorded() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (900, "900 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.00 KB"),
            (3_145_728, "3.00 MB"),
            (5_368_709_120, "5.00 GB"),
            (5_369_757_696, "5.00 GB"),
            (1_649_267_441_664, "1.50 TB"),
            (i64::MAX, "8192.00 PB"),
            (i64::MIN, "0 bytes"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_none() {
        for (seconds, text) in [
            (0, ""),
            (-5, ""),
            (i64::MAX, ""),
            (1_763_936_450, "2025-11-23 22:20"),
        ] {
            assert_eq!(minute(seconds), text, "{seconds}");
        }
        let backwards = Job {
            start_time: 10,
            end_time: 5,
            ..Job::default()
        };
        assert_eq!(duration(&backwards), "");
        assert_eq!(percent(i64::MAX, 1), Value::Int(i64::MAX));
        assert_eq!(
            number(&serde_json::from_str("18446744073709551615").unwrap()),
            i64::MAX
        );
    }

    #[test]
    fn systems_are_named_once() {
        for (platform, text) in [
            (
                r#"{"os":"windows","distribution":"Windows Server 2022","version":"10.0"}"#,
                "Windows Server 2022 10.0",
            ),
            (
                r#"{"os":"linux","distribution":"debian","version":"12"}"#,
                "Linux debian 12",
            ),
            (r#"{"os":"darwin","version":"15.1"}"#, "macOS 15.1"),
            ("null", ""),
        ] {
            assert_eq!(system(&serde_json::from_str(platform).unwrap()), text);
        }
    }
}
