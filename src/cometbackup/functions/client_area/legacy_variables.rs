//! The PHP module's template variables, in its formats, so that a host's own template goes on working.

use super::allow_list::{PROFILE, picked};
use super::format::{array, at, gigabytes, list, name_of, number, size, text, time};
use super::page_data::PageData;
use super::quotas::{protected_limit, stored_limit};
use crate::cometbackup::comet::job::BackupJob;
use crate::cometbackup::comet::limits::Limit;
use crate::php_value::Value;
use serde_json::Value as Json;

/// Returns the variables of the PHP module, with its names and formats.
pub(super) fn legacy_variables(read: &PageData) -> Vec<(&'static str, Value)> {
    let profile = &read.profile;
    let found = profile.is_object();
    let answer = array(vec![
        ("Status", Value::Int(if found { 200 } else { 0 })),
        ("Message", if found { "OK" } else { "" }.into()),
        ("ProfileHash", read.hash.as_str().into()),
        ("Profile", picked(profile, PROFILE)),
    ]);
    let jobs = read.jobs.newest.iter();
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
        ("totalSize", size(read.totals.protected).into()),
        ("userProfile", answer),
        (
            "getJobsForUser",
            list(jobs.filter_map(|job| recorded_job(job, profile))),
        ),
    ]
}

/// As the PHP module has it: none of an item that is gone, and its end in Unix seconds.
fn recorded_job(job: &BackupJob, profile: &Json) -> Option<Value> {
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
