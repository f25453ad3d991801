//! A job of an account: what was backed up, restored or cleaned up, and how it ended.
//!
//! Facts: the vendor's SDKs up to 25.9.8.

use serde::{Deserialize, Serialize, Serializer};

use crate::json::lenient;

const FIRST_SUCCESS: i64 = 5000;
const FIRST_UNFINISHED: i64 = 6000;
const FIRST_FAILURE: i64 = 7000;
const LAST_FAILURE: i64 = 7999;
/// It finished, and something may be incomplete.
const WITH_WARNINGS: i64 = 7001;

/// Code, the PHP module's word, what it means for the customer.
const STATUSES: &[(i64, &str, JobEnding)] = &[
    (5000, "Success", JobEnding::Success),
    (6000, "Running", JobEnding::Unfinished),
    (6001, "Running", JobEnding::Unfinished),
    (6002, "Running", JobEnding::Unfinished),
    (6003, "Waiting to retry", JobEnding::Unfinished),
    (6004, "Not yet started", JobEnding::Unfinished),
    (7000, "Timeout", JobEnding::Failure),
    (WITH_WARNINGS, "Warning", JobEnding::Warning),
    (7002, "Error", JobEnding::Failure),
    (7003, "Quota Exceeded", JobEnding::Failure),
    (7004, "Missed", JobEnding::Warning),
    (7005, "Cancelled", JobEnding::Warning),
    (7006, "Skipped", JobEnding::Warning),
    (7007, "Abandoned", JobEnding::Failure),
];

/// The classification of a backup.
pub const BACKUP: i64 = 4001;

const CLASSIFICATIONS: &[(i64, &str)] = &[
    (BACKUP, "Backup"),
    (4002, "Restore"),
    (4003, "Retention"),
    (4004, "Unlock"),
    (4005, "Snapshot Deletion"),
    (4006, "Re-measure"),
    (4007, "Software Update"),
    (4008, "Import"),
    (4009, "Reindex"),
    (4010, "Deep Verify"),
    (4011, "Uninstall"),
];

/// The end of a job, for its color and its symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobEnding {
    Success,
    Unfinished,
    Warning,
    Failure,
    Unknown,
}

/// `BackupJobDetail`. A field that is missing, `null` or of another type is empty.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BackupJob {
    #[serde(rename = "GUID", deserialize_with = "lenient::text")]
    pub guid: String,
    #[serde(deserialize_with = "lenient::text")]
    pub username: String,
    #[serde(deserialize_with = "lenient::whole")]
    pub classification: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub status: i64,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub start_time: i64,
    /// 0 while the job runs.
    #[serde(deserialize_with = "lenient::whole")]
    pub end_time: i64,
    #[serde(rename = "SourceGUID", deserialize_with = "lenient::text")]
    pub source: String,
    #[serde(rename = "DestinationGUID", deserialize_with = "lenient::text")]
    pub vault: String,
    #[serde(rename = "DeviceID", deserialize_with = "lenient::text")]
    pub device: String,
    #[serde(deserialize_with = "lenient::text")]
    pub client_version: String,
    #[serde(deserialize_with = "lenient::whole")]
    pub total_directories: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub total_files: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub total_size: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub total_chunks: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub upload_size: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub download_size: i64,
}

/// Its fields in their order, without names, so that what is kept of a page is short. It is read back by position.
impl Serialize for BackupJob {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let fields = (
            &self.guid,
            &self.username,
            self.classification,
            self.status,
            self.start_time,
            self.end_time,
            &self.source,
            &self.vault,
            &self.device,
            &self.client_version,
            self.total_directories,
            self.total_files,
            self.total_size,
            self.total_chunks,
            self.upload_size,
            self.download_size,
        );
        fields.serialize(to)
    }
}

/// The head of a job that may not be shown: whose it is, when it began and how it ended.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct JobHead {
    #[serde(deserialize_with = "lenient::text")]
    pub username: String,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub start_time: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub classification: i64,
    #[serde(deserialize_with = "lenient::whole")]
    pub status: i64,
    #[serde(rename = "SourceGUID", deserialize_with = "lenient::text")]
    pub source: String,
}

/// Codes of later servers are judged by their thousand.
pub fn ending(status: i64) -> JobEnding {
    match STATUSES.iter().find(|(code, ..)| *code == status) {
        Some((.., ending)) => *ending,
        None => match status {
            FIRST_SUCCESS..FIRST_UNFINISHED => JobEnding::Success,
            FIRST_UNFINISHED..FIRST_FAILURE => JobEnding::Unfinished,
            FIRST_FAILURE..=LAST_FAILURE => JobEnding::Failure,
            _ => JobEnding::Unknown,
        },
    }
}

/// Whether a backup with this status went to its end: its figures are those of what it protects.
pub fn is_whole(status: i64) -> bool {
    ending(status) == JobEnding::Success || status == WITH_WARNINGS
}

impl BackupJob {
    pub fn status_word(&self) -> &'static str {
        match STATUSES.iter().find(|(code, ..)| *code == self.status) {
            Some((_, word, _)) => word,
            None => match self.ending() {
                JobEnding::Success => "Success",
                JobEnding::Unfinished => "Running",
                JobEnding::Failure => "Error",
                _ => "Unknown",
            },
        }
    }

    pub fn ending(&self) -> JobEnding {
        ending(self.status)
    }

    pub fn classification_word(&self) -> &'static str {
        CLASSIFICATIONS
            .iter()
            .find(|(code, _)| *code == self.classification)
            .map_or("Unknown", |(_, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_another_type_are_empty() {
        let answer = r#"{"GUID":7,"Username":"ada","StartTime":"soon","TotalSize":1e40,"UploadSize":null,"TotalFiles":-1,
            "Status":{},"SourceGUID":[],"Future":{"x":1}}"#;
        let job: BackupJob = serde_json::from_str(answer).unwrap();
        assert_eq!((job.guid.as_str(), job.username.as_str()), ("", "ada"));
        assert_eq!((job.start_time, job.total_size, job.upload_size), (0, 0, 0));
        assert_eq!(job.total_files, 0);
        assert_eq!(
            (job.status_word(), job.ending()),
            ("Unknown", JobEnding::Unknown)
        );
        assert_eq!(job.classification_word(), "Unknown");
    }

    #[test]
    fn a_job_that_was_kept_is_the_same_again() {
        let answer = r#"{"GUID":"g","Username":"ada","Classification":1,"Status":2,"StartTime":3,"EndTime":4,"SourceGUID":"s",
            "DestinationGUID":"v","DeviceID":"d","ClientVersion":"25.9","TotalDirectories":5,"TotalFiles":6,"TotalSize":7,
            "TotalChunks":8,"UploadSize":9,"DownloadSize":10}"#;
        let job: BackupJob = serde_json::from_str(answer).unwrap();
        let kept = serde_json::to_string(&job).unwrap();
        assert_eq!(
            kept,
            r#"["g","ada",1,2,3,4,"s","v","d","25.9",5,6,7,8,9,10]"#
        );
        assert_eq!(serde_json::from_str::<BackupJob>(&kept).unwrap(), job);
    }

    #[test]
    fn codes_have_the_recorded_words_and_later_ones_their_thousand() {
        for (code, word, ending) in [
            (5000, "Success", JobEnding::Success),
            (5999, "Success", JobEnding::Success),
            (6001, "Running", JobEnding::Unfinished),
            (6999, "Running", JobEnding::Unfinished),
            (WITH_WARNINGS, "Warning", JobEnding::Warning),
            (7002, "Error", JobEnding::Failure),
            (7003, "Quota Exceeded", JobEnding::Failure),
            (7999, "Error", JobEnding::Failure),
            (8000, "Unknown", JobEnding::Unknown),
            (-1, "Unknown", JobEnding::Unknown),
        ] {
            let job = BackupJob {
                status: code,
                ..BackupJob::default()
            };
            assert_eq!((job.status_word(), job.ending()), (word, ending), "{code}");
        }
        for (code, word) in [
            (4001, "Backup"),
            (4002, "Restore"),
            (4011, "Uninstall"),
            (4099, "Unknown"),
        ] {
            let job = BackupJob {
                classification: code,
                ..BackupJob::default()
            };
            assert_eq!(job.classification_word(), word);
        }
    }
}
