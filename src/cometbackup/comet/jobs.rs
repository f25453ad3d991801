//! The search for the jobs of an account: one request, whose reply is read as it arrives.
//!
//! The reply has no order; old servers reply `null` for none.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::api::{Api, Call, Field, STRANGE, field};
use super::bounds;
use super::job::{BackupJob, JobHead};
use super::job_days::{JobDays, day_of};
use crate::clock;
use crate::error::Error;
use crate::http::stream::{self, Timeouts};
use crate::http::{self, Repeatable, Reply, Request};
use crate::json::object::{self, Object};
use crate::json::stream as json_stream;
use crate::json::stream::{StreamEnd, StreamError};
use crate::text::plain;

/// Rows of the customer's table of jobs.
pub const SHOWN: usize = 200;

/// The newest jobs, and how all of them ended: a busy account has thousands, of which a page shows some.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Jobs {
    /// Newest first.
    pub newest: Vec<BackupJob>,
    /// Backups by protected item and day.
    pub days: JobDays,
    count: usize,
    /// Until it is known which of them are this account's.
    #[serde(skip)]
    starts: Vec<i64>,
}

impl Jobs {
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Leaves out jobs that began before this (unix seconds).
    pub fn since(mut self, moment: i64) -> Self {
        self.newest.retain(|job| job.start_time >= moment);
        self.starts.retain(|start| *start >= moment);
        self.count = self.starts.len();
        self.days.since(moment);
        self
    }
}

#[cfg(test)]
impl From<Vec<BackupJob>> for Jobs {
    fn from(mut all: Vec<BackupJob>) -> Self {
        all.sort_by_key(|job| Reverse(job.start_time));
        let starts: Vec<i64> = all.iter().map(|job| job.start_time).collect();
        let mut days = JobDays::default();
        for job in &all {
            let start = JobHead {
                username: String::new(),
                start_time: job.start_time,
                classification: job.classification,
                status: job.status,
                source: job.source.clone(),
            };
            days.add(&start, i64::MAX);
        }
        all.truncate(SHOWN);
        Self {
            newest: all,
            days,
            count: starts.len(),
            starts,
        }
    }
}

/// Jobs as they come. Those that may be shown stay as they were sent: reading them all would take most of the time.
#[derive(Default)]
struct IncomingJobs {
    newest: Vec<(i64, Box<[u8]>)>,
    /// Of the newest.
    bytes: usize,
    starts: Vec<i64>,
    days: JobDays,
    /// What began then or earlier is not among the newest.
    floor: Option<i64>,
}

impl IncomingJobs {
    fn add(&mut self, start: i64, element: &[u8]) -> Result<(), StreamError> {
        if self.starts.len() == bounds::JOBS_COUNT {
            return Err(format!(
                "it lists more than {} jobs of one account",
                bounds::JOBS_COUNT
            )
            .into());
        }
        self.starts.push(start);
        if self.floor.is_some_and(|floor| start <= floor) {
            return Ok(());
        }
        self.newest.push((start, element.into()));
        self.bytes += element.len();
        if self.newest.len() >= 2 * SHOWN || self.bytes > 2 * bounds::JOBS_SHOWN_BYTES {
            self.keep_newest();
        }
        Ok(())
    }

    /// As many as are shown, or as many as their bytes allow: the others count among those that are not shown.
    fn keep_newest(&mut self) {
        self.newest.sort_by_key(|(start, _)| Reverse(*start));
        self.bytes = 0;
        let fitting = self.newest.iter().take(SHOWN).take_while(|(_, element)| {
            self.bytes += element.len();
            self.bytes <= bounds::JOBS_SHOWN_BYTES
        });
        let kept = fitting.count();
        if kept < self.newest.len() {
            self.newest.truncate(kept);
            self.floor = self.newest.last().map(|(start, _)| *start).or(self.floor);
        }
        self.bytes = self.newest.iter().map(|(_, element)| element.len()).sum();
    }

    /// `None` where one of them cannot be read.
    fn read(mut self) -> Option<Jobs> {
        self.keep_newest();
        let read = |(_, element): &(i64, Box<[u8]>)| object::from_slice(element).ok();
        Some(Jobs {
            newest: self.newest.iter().map(read).collect::<Option<_>>()?,
            days: self.days,
            count: self.starts.len(),
            starts: self.starts,
        })
    }
}

/// Reads the jobs of `username` that began after `since`: a server that does not understand the search may send everybody's.
///
/// # Errors
/// Why the bytes are no list of jobs, or the reason of `bytes`.
pub fn read(
    username: &str,
    since: i64,
    bytes: impl FnMut(&mut [u8]) -> Result<usize, String>,
) -> Result<(StreamEnd, Jobs), StreamError> {
    let mut jobs = IncomingJobs::default();
    let tomorrow = day_of(clock::unix_now()) + 1;
    let ending = json_stream::elements(
        bounds::JOBS.of(bytes),
        bounds::JOB_BYTES,
        |start: Option<Object<JobHead>>, element| {
            let fits = |start: &JobHead| start.username == username && start.start_time > since;
            match start.map(|start| start.0).filter(fits) {
                Some(start) => {
                    jobs.days.add(&start, tomorrow);
                    jobs.add(start.start_time, element)
                }
                None => Ok(()),
            }
        },
    )?;
    let jobs = jobs.read().ok_or(StreamError::Malformed)?;
    Ok((ending, jobs))
}

/// The search for the jobs of an account that began after `since`. One request.
pub struct JobSearch {
    call: Call<'static>,
    request: Request<'static>,
    settings: http::HttpSettings,
    username: String,
    since: i64,
}

/// The reply, before it is judged.
pub enum JobsReply {
    Jobs(Jobs),
    Other(Reply),
    Lost(String),
}

impl JobSearch {
    pub fn new(api: &Api<'_>, username: &str, since: i64) -> Self {
        Self::of(api, username, None, since)
    }

    /// The search for those of one device.
    pub fn of_device(api: &Api<'_>, username: &str, device: &str, since: i64) -> Self {
        Self::of(api, username, Some(device), since)
    }

    fn of(api: &Api<'_>, username: &str, device: Option<&str>, since: i64) -> Self {
        let call = Call {
            endpoint: "get-jobs-for-custom-search",
            task: format!("read the jobs of the Comet account {}", plain(username)),
            fields: vec![("Query", search(username, device, since))],
        };
        Self {
            request: api.request(&call, Repeatable::Yes),
            settings: api.settings(),
            call,
            username: username.to_owned(),
            since,
        }
    }

    /// Sends the request, and reads the jobs as they arrive. Touches no PHP.
    pub fn send(&self) -> JobsReply {
        let mut stream = match stream::open(&self.settings, &self.request, Timeouts::Page) {
            Ok(stream) => stream,
            Err(failure) => return JobsReply::Lost(failure.reason()),
        };
        if !stream.status.is_success() {
            return JobsReply::Other(stream.into_answer(Vec::new(), http::ERROR_BYTES));
        }
        match read(&self.username, self.since, |piece| stream.read(piece)) {
            Ok((StreamEnd::All(_), jobs)) => JobsReply::Jobs(jobs),
            Ok((StreamEnd::Other(start), _)) => {
                JobsReply::Other(stream.into_answer(start, http::ERROR_BYTES))
            }
            Err(error) => JobsReply::Lost(error.reason(STRANGE)),
        }
    }

    /// Reads the reply, and writes it to the module log.
    pub fn judge(&self, api: &Api<'_>, reply: JobsReply) -> Result<Jobs, Error> {
        let (shown, end) = match reply {
            JobsReply::Jobs(jobs) => (format!("HTTP 200, {} jobs", jobs.count()), Ok(jobs)),
            JobsReply::Lost(reason) => (reason.clone(), Err(self.call.no_answer(reason))),
            JobsReply::Other(answer) => {
                let shown = api.shown(&self.call, &answer);
                let end = match api.judge_read(&self.call, answer) {
                    // Old servers answer null for none.
                    Ok(text) if text.trim() == "null" => Ok(Jobs::default()),
                    Ok(_) => Err(self.call.no_answer(STRANGE.to_owned())),
                    Err(error) => Err(error),
                };
                (shown, end)
            }
        };
        api.log(&self.call, &self.request.url, shown);
        end
    }
}

fn search(username: &str, device: Option<&str>, since: i64) -> Field {
    let rule = |name: &str, operator: &str, value: String| {
        json!({
            "ClauseType": "",
            "RuleField": format!("BackupJobDetail.{name}"),
            "RuleOperator": operator,
            "RuleValue": value,
        })
    };
    let mut rules = vec![
        rule("Username", "str_eq", username.to_owned()),
        rule("StartTime", "int_gt", since.to_string()),
    ];
    rules.extend(device.map(|device| rule("DeviceID", "str_eq", device.to_owned())));
    let clause = json!({ "ClauseType": "and", "ClauseChildren": rules });
    field(clause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn taken(elements: &[&str]) -> Option<Jobs> {
        read_all(10, &format!("[{}]", elements.join(",")))
    }

    fn read_all(since: i64, document: &str) -> Option<Jobs> {
        let mut rest = document.as_bytes();
        let read = read("ada", since, |piece| {
            rest.read(piece).map_err(|error| error.to_string())
        });
        match read {
            Ok((StreamEnd::All(_), jobs)) => Some(jobs),
            _ => None,
        }
    }

    #[test]
    fn jobs_of_this_account_come_newest_first() {
        let jobs = taken(&[
            r#"{"GUID":"a","Username":"ada","StartTime":20}"#,
            r#"{"GUID":"b","Username":"bob","StartTime":30}"#,
            r#"{"GUID":"c","Username":"ada","StartTime":40,"EndTime":0}"#,
            r#"{"GUID":"d","Username":"ada","StartTime":9}"#,
            "null",
        ]);
        let jobs = jobs.unwrap();
        let guids: Vec<&str> = jobs.newest.iter().map(|job| job.guid.as_str()).collect();
        assert_eq!((guids, jobs.count()), (vec!["c", "a"], 2));
        assert_eq!(jobs.since(21).count(), 1);
    }

    #[test]
    fn a_job_is_an_object_and_nothing_is_read_by_position() {
        assert!(taken(&[r#"["ada",20]"#]).is_none());
        assert!(taken(&[r#"["a","ada",4001,5000,20]"#]).is_none());
    }

    #[test]
    fn of_thousands_the_newest_are_kept_and_all_are_counted() {
        let all: Vec<String> = (1..=5000)
            .map(|start| {
                let start = start * 7919 % 5003;
                format!(r#"{{"Username":"ada","StartTime":{start}}}"#)
            })
            .collect();
        let jobs = read_all(0, &format!("[{}]", all.join(","))).unwrap();
        assert_eq!((jobs.newest.len(), jobs.count()), (SHOWN, 5000));
        let (first, last) = (jobs.newest.first().unwrap(), jobs.newest.last().unwrap());
        assert!(first.start_time > 4990 && last.start_time > 4790);
    }

    #[test]
    fn of_long_jobs_as_many_are_kept_as_a_page_shows_and_all_are_counted() {
        let error = "x".repeat(100_000);
        let mut jobs = IncomingJobs::default();
        for start in 1..=300 {
            let job = format!(r#"{{"Username":"ada","StartTime":{start},"Error":"{error}"}}"#);
            jobs.add(start, job.as_bytes()).unwrap();
            assert!(jobs.bytes <= 2 * bounds::JOBS_SHOWN_BYTES + bounds::JOB_BYTES);
        }
        let jobs = jobs.read().unwrap();
        assert_eq!((jobs.newest.len(), jobs.count()), (41, 300));
        let shown = jobs.newest.iter().map(|job| job.start_time);
        assert!(shown.eq((260..=300).rev()));
    }

    #[test]
    fn more_jobs_than_an_account_can_have_are_not_read_on() {
        let mut jobs = IncomingJobs::default();
        for start in 0..bounds::JOBS_COUNT {
            jobs.add(i64::try_from(start).unwrap(), b"{}").unwrap();
            assert!(jobs.newest.len() < 2 * SHOWN);
        }
        let sentence = "it lists more than 200000 jobs of one account";
        assert_eq!(jobs.add(1, b"{}"), Err(sentence.to_owned().into()));
    }

    #[test]
    fn what_is_no_job_is_not_understood() {
        for wrong in ["1", "[", "\"jobs\"", "{"] {
            assert!(taken(&[wrong]).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_name_with_quotes_stays_one_value_of_the_search() {
        let Field::Plain(text) = search("a\"},{\"x\":\"é", None, 1_794_094_200) else {
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
