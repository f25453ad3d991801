//! The jobs of an account: asked for in one question, and read as they arrive.
//!
//! The server answers in no order; old servers answer `null` for none.

use std::cmp::Reverse;

use serde_json::json;

use super::api::{Api, Call, Field, field};
use super::job::{Job, Start};
use crate::error::{Error, plain};
use crate::http::stream::{self, Patience};
use crate::http::{self, Answer, Effect, Request};
use crate::json_stream::{self, Ending, STRANGE};

/// Rows of the customer's table of jobs.
pub const SHOWN: usize = 200;
/// Bytes; jobs are a few hundred long.
const LONGEST_JOB: usize = 256 * 1024;
/// Bytes that are read of an answer that is no list.
const LONGEST_ERROR: u64 = 64 * 1024;

/// The newest jobs, and when all of them began: a busy account has thousands, of which a page shows some.
#[derive(Debug, Default)]
pub struct Jobs {
    /// Newest first.
    pub newest: Vec<Job>,
    starts: Vec<i64>,
}

impl Jobs {
    pub const fn count(&self) -> usize {
        self.starts.len()
    }

    /// Without those that began before this (unix seconds).
    pub fn since(mut self, moment: i64) -> Self {
        self.newest.retain(|job| job.start_time >= moment);
        self.starts.retain(|start| *start >= moment);
        self
    }
}

#[cfg(test)]
impl From<Vec<Job>> for Jobs {
    fn from(mut all: Vec<Job>) -> Self {
        all.sort_by_key(|job| Reverse(job.start_time));
        let starts = all.iter().map(|job| job.start_time).collect();
        all.truncate(SHOWN);
        Self {
            newest: all,
            starts,
        }
    }
}

/// Jobs as they come. Those that may be shown stay as they were sent: reading them all would take most of the time.
#[derive(Default)]
struct Coming {
    newest: Vec<(i64, Box<[u8]>)>,
    starts: Vec<i64>,
    /// What began then or earlier is not among the newest.
    floor: Option<i64>,
}

impl Coming {
    fn add(&mut self, start: i64, element: &[u8]) {
        self.starts.push(start);
        if self.floor.is_some_and(|floor| start <= floor) {
            return;
        }
        self.newest.push((start, element.into()));
        if self.newest.len() >= 2 * SHOWN {
            self.keep_newest();
        }
    }

    fn keep_newest(&mut self) {
        self.newest.sort_by_key(|(start, _)| Reverse(*start));
        self.newest.truncate(SHOWN);
        self.floor = self.newest.last().map(|(start, _)| *start);
    }

    /// `None` where one of them cannot be read.
    fn read(mut self) -> Option<Jobs> {
        self.keep_newest();
        let read = |(_, element): &(i64, Box<[u8]>)| serde_json::from_slice(element).ok();
        Some(Jobs {
            newest: self.newest.iter().map(read).collect::<Option<_>>()?,
            starts: self.starts,
        })
    }
}

/// The question for the jobs of an account that began after `since`. One request.
pub struct Question {
    call: Call<'static>,
    request: Request<'static>,
    settings: http::Settings,
    username: String,
    since: i64,
}

/// What came back, before anybody has judged it.
pub enum Asked {
    Jobs(Jobs),
    Other(Answer),
    Lost(String),
}

impl Question {
    pub fn new(api: &Api<'_>, username: &str, since: i64) -> Self {
        let call = Call {
            endpoint: "get-jobs-for-custom-search",
            task: format!("read the jobs of the Comet account {}", plain(username)),
            fields: vec![("Query", search(username, since))],
        };
        Self {
            request: api.request(&call, Effect::Reads),
            settings: api.settings(),
            call,
            username: username.to_owned(),
            since,
        }
    }

    /// Asks, and reads the jobs as they arrive. Touches no PHP.
    pub fn ask(&self) -> Asked {
        let mut stream = match stream::open(&self.settings, &self.request, Patience::Page) {
            Ok(stream) => stream,
            Err(failure) => return Asked::Lost(failure.reason()),
        };
        if !stream.status.is_success() {
            return Asked::Other(stream.into_answer(Vec::new(), LONGEST_ERROR));
        }
        let mut jobs = Coming::default();
        match self.read(&mut jobs, |piece| stream.read(piece)) {
            Ok(Ending::All) => match jobs.read() {
                Some(jobs) => Asked::Jobs(jobs),
                None => Asked::Lost(STRANGE.to_owned()),
            },
            Ok(Ending::Other(start)) => Asked::Other(stream.into_answer(start, LONGEST_ERROR)),
            Err(reason) => Asked::Lost(reason),
        }
    }

    /// A server that does not understand the question may answer with everybody's jobs.
    fn read(
        &self,
        jobs: &mut Coming,
        bytes: impl FnMut(&mut [u8]) -> Result<usize, String>,
    ) -> Result<Ending, String> {
        json_stream::elements(bytes, LONGEST_JOB, |start: Option<Start>, element| {
            let fits =
                |start: &Start| start.username == self.username && start.start_time > self.since;
            if let Some(start) = start.filter(fits) {
                jobs.add(start.start_time, element);
            }
        })
    }

    /// What the answer says, told to the module log.
    pub fn judge(&self, api: &Api<'_>, asked: Asked) -> Result<Jobs, Error> {
        let lost = |reason| Error::NoAnswer {
            task: self.call.task.clone(),
            reason,
        };
        let (shown, end) = match asked {
            Asked::Jobs(jobs) => (format!("HTTP 200, {} jobs", jobs.count()), Ok(jobs)),
            Asked::Lost(reason) => (reason.clone(), Err(lost(reason))),
            Asked::Other(answer) => {
                let judged = api.judge(&self.call, &answer);
                let shown = api.shown_answer(&self.call, &Ok(answer));
                let end = match judged {
                    Err(refused) => Err(refused),
                    // Old servers answer null for none.
                    Ok(Ok(text)) if text.trim() == "null" => Ok(Jobs::default()),
                    Ok(Ok(_)) => Err(lost(STRANGE.to_owned())),
                    Ok(Err(reason)) => Err(lost(reason)),
                };
                (shown, end)
            }
        };
        api.log(&self.call, &self.request.url, shown);
        end
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::server::Server;
    use crate::secret::Secret;
    use crate::whmcs::plain::Plain;
    use std::io::Read;

    fn question(since: i64) -> Question {
        let server = Server {
            id: 1,
            base: "https://comet.example".into(),
            username: "admin".into(),
            password: Secret::new("secret".into()),
        };
        let host = Plain::new("");
        Question::new(&Api::new(&host, &server), "ada", since)
    }

    fn taken(elements: &[&str]) -> Option<Jobs> {
        read(10, &format!("[{}]", elements.join(",")))
    }

    fn read(since: i64, document: &str) -> Option<Jobs> {
        let mut rest = document.as_bytes();
        let mut jobs = Coming::default();
        let end = question(since).read(&mut jobs, |piece| {
            rest.read(piece).map_err(|error| error.to_string())
        });
        assert!(jobs.newest.len() < 2 * SHOWN);
        (end == Ok(Ending::All)).then(|| jobs.read())?
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
    fn of_thousands_the_newest_are_kept_and_all_are_counted() {
        let all: Vec<String> = (1..=5000)
            .map(|start| {
                let start = start * 7919 % 5003;
                format!(r#"{{"Username":"ada","StartTime":{start}}}"#)
            })
            .collect();
        let jobs = read(0, &format!("[{}]", all.join(","))).unwrap();
        assert_eq!((jobs.newest.len(), jobs.count()), (SHOWN, 5000));
        let (first, last) = (jobs.newest.first().unwrap(), jobs.newest.last().unwrap());
        assert!(first.start_time > 4990 && last.start_time > 4790);
    }

    #[test]
    fn what_is_no_job_is_not_understood() {
        for wrong in ["1", "[", "\"jobs\"", "{"] {
            assert!(taken(&[wrong]).is_none(), "{wrong}");
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
