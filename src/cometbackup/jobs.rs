//! Jobs of an account: what was backed up, restored and cleaned up, and how it ended.
//!
//! Facts: the vendor's SDKs up to 25.9.8. The server answers in no order; old servers answer `null` for none.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::api::{Api, Call, Field, field};
use crate::error::{Error, plain};

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

/// Jobs of the account that began after `since`, newest first. One request.
pub fn read(api: &Api<'_>, username: &str, since: i64) -> Result<Vec<Job>, Error> {
    let call = Call {
        endpoint: "get-jobs-for-custom-search",
        task: format!("read the jobs of the Comet account {}", plain(username)),
        fields: vec![("Query", search(username, since))],
    };
    let jobs = api.read(&call, from_answer)?;
    Ok(of_account(jobs, username, since))
}

fn search(username: &str, since: i64) -> Field {
    let rule = |name: &str, operator: &str, value: String| {
        json!({
            "ClauseType": "",
            "RuleField": format!("BackupJobDetail.{name}"),
            "RuleOperator": operator,
            "RuleValue": value,
        })
    };
    let clause = json!({
        "ClauseType": "and",
        "ClauseChildren": [
            rule("Username", "str_eq", username.to_owned()),
            rule("StartTime", "int_gt", since.to_string()),
        ],
    });
    field(clause.to_string())
}

fn from_answer(answer: &str) -> Option<Vec<Job>> {
    let jobs: Option<Vec<Option<Job>>> = serde_json::from_str(answer).ok()?;
    Some(jobs.unwrap_or_default().into_iter().flatten().collect())
}

/// A server that does not understand the question may answer with everybody's jobs.
fn of_account(mut jobs: Vec<Job>, username: &str, since: i64) -> Vec<Job> {
    jobs.retain(|job| job.username == username && job.start_time > since);
    jobs.sort_by_key(|job| std::cmp::Reverse(job.start_time));
    jobs
}

fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    from: D,
) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_of_this_account_come_newest_first() {
        let answer = r#"[{"GUID":"a","Username":"ada","StartTime":20},{"GUID":"b","Username":"bob","StartTime":30},
            {"GUID":"c","Username":"ada","StartTime":40,"EndTime":0},{"GUID":"d","Username":"ada","StartTime":9},null]"#;
        let jobs = of_account(from_answer(answer).unwrap(), "ada", 10);
        let guids: Vec<&str> = jobs.iter().map(|job| job.guid.as_str()).collect();
        assert_eq!(guids, ["c", "a"]);
    }

    #[test]
    fn null_is_none_and_anything_else_is_no_list() {
        assert!(from_answer("null").unwrap().is_empty());
        assert!(from_answer("[]").unwrap().is_empty());
        for wrong in ["{}", "\"jobs\"", "[1]", "[[]"] {
            assert!(from_answer(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn fields_of_another_type_are_empty() {
        let answer = r#"[{"GUID":7,"Username":"ada","StartTime":"soon","TotalSize":1e40,"UploadSize":null,
            "Status":{},"SourceGUID":[],"Future":{"x":1}}]"#;
        let jobs = from_answer(answer).unwrap();
        let job = jobs.first().unwrap();
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

    #[test]
    fn a_name_with_quotes_stays_one_value_of_the_search() {
        let Field::Plain(text) = search("a\"},{\"x\":\"é", 1_794_094_200) else {
            panic!("the search is no secret");
        };
        let clause: serde_json::Value = serde_json::from_str(&text).unwrap();
        let rules = clause["ClauseChildren"].as_array().unwrap();
        assert_eq!(rules.len(), 2);
        assert_eq!(rules[0]["RuleValue"], "a\"},{\"x\":\"é");
        assert_eq!(rules[1]["RuleValue"], "1794094200");
        assert_eq!(rules[1]["RuleOperator"], "int_gt");
    }
}
