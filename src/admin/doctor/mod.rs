//! The doctor: what is fine in this installation and what is not, each with what it means and what to do.
//!
//! It changes nothing but what any page of WHMCS may: the table of private directories, and the one that knows
//! whether this WHMCS is a copy.

mod database;
mod jobs;
mod machine;
mod remote;
#[cfg(feature = "php")]
mod settings_of_php;
mod state_dir;
mod tables;
mod tokens;
mod versions;

use crate::error::Error;
use crate::php_value::Value;
use crate::whmcs::{Host, open_database};

/// The reach of the doctor's questions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This machine and WHMCS's database.
    Here,
    /// Jetpack and each Comet Server as well.
    RemoteApis,
}

/// A line of the doctor: one check and its result.
pub struct Line {
    /// What was looked at, in words that do not change: `database.rights`.
    pub check: &'static str,
    pub state: CheckState,
    /// What was found; where it is not fine, what it means and what to do.
    pub text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    Fine,
    /// Works, and somebody should know.
    Note,
    /// Does not work.
    Fault,
}

impl Line {
    fn fine(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, CheckState::Fine, text)
    }

    fn note(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, CheckState::Note, text)
    }

    fn fault(check: &'static str, text: impl Into<String>) -> Self {
        Self::new(check, CheckState::Fault, text)
    }

    fn new(check: &'static str, state: CheckState, text: impl Into<String>) -> Self {
        Self {
            check,
            state,
            text: text.into(),
        }
    }

    /// `["check" => …, "state" => "fine", "note" or "fault", "text" => …]`.
    fn value(self) -> Value {
        let state = match self.state {
            CheckState::Fine => "fine",
            CheckState::Note => "note",
            CheckState::Fault => "fault",
        };
        Value::Array(vec![
            ("check".into(), self.check.into()),
            ("state".into(), state.into()),
            ("text".into(), self.text.into()),
        ])
    }
}

/// Returns all lines as a PHP list. Nothing is sent to a remote API but with `Reach::RemoteApis`: one request to Jetpack
/// and two to each Comet Server.
pub fn run(host: &dyn Host, reach: Reach) -> Value {
    list(lines(host, reach))
}

/// Returns the same lines for a page.
pub fn lines(host: &dyn Host, reach: Reach) -> Vec<Line> {
    let mut lines = versions::lines(host);
    #[cfg(feature = "php")]
    lines.extend(settings_of_php::lines());
    lines.extend(machine::lines());
    if let Err(error) = of_database(host, &mut lines) {
        lines.push(Line::fault("database.connection", sentence(&error)));
    } else {
        lines.push(tokens::line(host));
    }
    if reach == Reach::RemoteApis {
        lines.extend(remote::lines(host));
    }
    lines
}

/// Returns the lines on the versions of files and extension; no statement.
pub fn versions(host: &dyn Host) -> Vec<Line> {
    versions::lines(host)
}

fn of_database(host: &dyn Host, lines: &mut Vec<Line>) -> Result<(), Error> {
    let settings = host.database()?;
    let mut database = open_database(host)?;
    let parts = [
        ("database", database::lines(&mut database, &settings)),
        ("database.tables", tables::lines(&mut database)),
        ("jobs", jobs::lines(&mut database)),
        ("state_dir", state_dir::lines(host, &mut database)),
    ];
    for (check, part) in parts {
        // One that cannot be looked at hides no other.
        let part = part.unwrap_or_else(|error| vec![Line::fault(check, sentence(&error))]);
        lines.extend(part);
    }
    Ok(())
}

/// Returns the whole answer where there is no other: one fault.
pub fn failed(sentence: &str) -> Value {
    list(vec![Line::fault("check", sentence)])
}

fn list(lines: Vec<Line>) -> Value {
    let numbered = lines.into_iter().enumerate();
    Value::Array(
        numbered
            .map(|(at, line)| (at.to_string(), line.value()))
            .collect(),
    )
}

/// An error as staff read it.
fn sentence(error: &Error) -> String {
    error.for_staff("")
}
