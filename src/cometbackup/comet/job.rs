//! A job of an account: what was backed up, restored or cleaned up, and how it ended.
//!
//! Facts: the vendor's SDKs up to 25.9.8.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

const FIRST_SUCCESS: i64 = 5000;
const FIRST_UNFINISHED: i64 = 6000;
const FIRST_FAILURE: i64 = 7000;
const LAST_FAILURE: i64 = 7999;

/// Code, the PHP module's word, what it means for the customer.
const STATUSES: &[(i64, &str, Ending)] = &[
    (5000, "Success", Ending::Success),
    (6000, "Running", Ending::Unfinished),
    (6001, "Running", Ending::Unfinished),
    (6002, "Running", Ending::Unfinished),
    (6003, "Waiting to retry", Ending::Unfinished),
    (6004, "Not yet started", Ending::Unfinished),
    (7000, "Timeout", Ending::Failure),
    (7001, "Warning", Ending::Warning),
    (7002, "Error", Ending::Failure),
    (7003, "Quota Exceeded", Ending::Failure),
    (7004, "Missed", Ending::Warning),
    (7005, "Cancelled", Ending::Warning),
    (7006, "Skipped", Ending::Warning),
    (7007, "Abandoned", Ending::Failure),
];

const CLASSIFICATIONS: &[(i64, &str)] = &[
    (4001, "Backup"),
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

/// How a job ended, for its color and its symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Success,
    Unfinished,
    Warning,
    Failure,
    Unknown,
}

/// `BackupJobDetail`. A field that is missing, `null` or of another type is empty.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Job {
    #[serde(rename = "GUID", deserialize_with = "lenient")]
    pub guid: String,
    #[serde(deserialize_with = "lenient")]
    pub username: String,
    #[serde(deserialize_with = "lenient")]
    pub classification: i64,
    #[serde(deserialize_with = "lenient")]
    pub status: i64,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub start_time: i64,
    /// 0 while the job runs.
    #[serde(deserialize_with = "lenient")]
    pub end_time: i64,
    #[serde(rename = "SourceGUID", deserialize_with = "lenient")]
    pub source: String,
    #[serde(rename = "DestinationGUID", deserialize_with = "lenient")]
    pub vault: String,
    #[serde(rename = "DeviceID", deserialize_with = "lenient")]
    pub device: String,
    #[serde(deserialize_with = "lenient")]
    pub client_version: String,
    #[serde(deserialize_with = "lenient")]
    pub total_directories: i64,
    #[serde(deserialize_with = "lenient")]
    pub total_files: i64,
    #[serde(deserialize_with = "lenient")]
    pub total_size: i64,
    #[serde(deserialize_with = "lenient")]
    pub total_chunks: i64,
    #[serde(deserialize_with = "lenient")]
    pub upload_size: i64,
    #[serde(deserialize_with = "lenient")]
    pub download_size: i64,
}

/// Of a job that may not be shown, only whose it is and when it began.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Start {
    #[serde(deserialize_with = "lenient")]
    pub username: String,
    /// Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub start_time: i64,
}

impl Job {
    pub fn status_word(&self) -> &'static str {
        match STATUSES.iter().find(|(code, ..)| *code == self.status) {
            Some((_, word, _)) => word,
            None => match self.ending() {
                Ending::Success => "Success",
                Ending::Unfinished => "Running",
                Ending::Failure => "Error",
                _ => "Unknown",
            },
        }
    }

    /// Codes of later servers are judged by their thousand.
    pub fn ending(&self) -> Ending {
        match STATUSES.iter().find(|(code, ..)| *code == self.status) {
            Some((.., ending)) => *ending,
            None => match self.status {
                FIRST_SUCCESS..FIRST_UNFINISHED => Ending::Success,
                FIRST_UNFINISHED..FIRST_FAILURE => Ending::Unfinished,
                FIRST_FAILURE..=LAST_FAILURE => Ending::Failure,
                _ => Ending::Unknown,
            },
        }
    }

    pub fn classification_word(&self) -> &'static str {
        CLASSIFICATIONS
            .iter()
            .find(|(code, _)| *code == self.classification)
            .map_or("Unknown", |(_, word)| word)
    }
}

/// A number or a text; anything else in its place is empty.
fn lenient<'de, D: Deserializer<'de>, T: FromJson>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Lenient(PhantomData))
}

trait FromJson: Default {
    fn from_number(_: i64) -> Self {
        Self::default()
    }

    fn from_text(_: &str) -> Self {
        Self::default()
    }
}

impl FromJson for i64 {
    fn from_number(number: i64) -> Self {
        number
    }
}

impl FromJson for String {
    fn from_text(text: &str) -> Self {
        text.to_owned()
    }
}

struct Lenient<T>(PhantomData<T>);

impl<'de, T: FromJson> Visitor<'de> for Lenient<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_i64<E>(self, number: i64) -> Result<T, E> {
        Ok(T::from_number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<T, E> {
        Ok(i64::try_from(number).map_or_else(|_| T::default(), T::from_number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_another_type_are_empty() {
        let answer = r#"{"GUID":7,"Username":"ada","StartTime":"soon","TotalSize":1e40,"UploadSize":null,
            "Status":{},"SourceGUID":[],"Future":{"x":1}}"#;
        let job: Job = serde_json::from_str(answer).unwrap();
        assert_eq!((job.guid.as_str(), job.username.as_str()), ("", "ada"));
        assert_eq!((job.start_time, job.total_size, job.upload_size), (0, 0, 0));
        assert_eq!(
            (job.status_word(), job.ending()),
            ("Unknown", Ending::Unknown)
        );
        assert_eq!(job.classification_word(), "Unknown");
    }

    #[test]
    fn codes_have_the_recorded_words_and_later_ones_their_thousand() {
        for (code, word, ending) in [
            (5000, "Success", Ending::Success),
            (5999, "Success", Ending::Success),
            (6001, "Running", Ending::Unfinished),
            (6999, "Running", Ending::Unfinished),
            (7001, "Warning", Ending::Warning),
            (7002, "Error", Ending::Failure),
            (7003, "Quota Exceeded", Ending::Failure),
            (7999, "Error", Ending::Failure),
            (8000, "Unknown", Ending::Unknown),
            (-1, "Unknown", Ending::Unknown),
        ] {
            let job = Job {
                status: code,
                ..Job::default()
            };
            assert_eq!((job.status_word(), job.ending()), (word, ending), "{code}");
        }
        for (code, word) in [
            (4001, "Backup"),
            (4002, "Restore"),
            (4011, "Uninstall"),
            (4099, "Unknown"),
        ] {
            let job = Job {
                classification: code,
                ..Job::default()
            };
            assert_eq!(job.classification_word(), word);
        }
    }
}
