//! The reconciliation engine of both modules: the runs, and the table of findings that a person has to look at.
//!
//! A run reports what it sees. What an earlier run found and this one does not see again is removed at its end;
//! a run that breaks off removes nothing.

pub mod listing;
mod lock;
mod run;
mod single;
mod statements;

use std::time::Duration;

use crate::database::schema::{Shape, nothing_without_table};
use crate::database::{Database, SqlError, column, params};
use crate::error::Error;
use crate::installation::heartbeats;
use crate::journal;
use crate::service_id::ServiceId;
use crate::whmcs::Host;
pub use lock::prepare;
pub use run::Run;
use run::RunEnd;
pub use single::{is_shown, settle, show};
use statements::{FINDINGS, FORGET, LAST_RUNS, OF_SERVERS, OF_SERVICE, RUNS};

/// How long a person's run waits for another's end; the daily one does not.
const PATIENCE: Duration = Duration::from_secs(10);
/// Findings that a button's message shows; the page lists them all.
const MOST_ANSWERED: usize = 5;

/// The tables as this version has them.
pub const SHAPES: [Shape; 2] = [
    Shape {
        name: FINDINGS,
        added: &[],
    },
    Shape {
        name: RUNS,
        added: &[],
    },
];

/// The last reconciliation of a whole module.
#[derive(Debug)]
pub struct LastRun {
    pub module: String,
    /// UTC; `None` where none has ended yet.
    pub ended_at: Option<String>,
    pub found: Option<u64>,
    /// Whether it ended within two days.
    pub is_recent: bool,
}

/// The last run of each module; none where there was none.
pub fn last_runs(database: &mut Database) -> Result<Vec<LastRun>, SqlError> {
    let runs = database.query("read the table of runs", LAST_RUNS, (), |row| LastRun {
        module: column(row, 0),
        ended_at: column(row, 1),
        found: column(row, 2),
        is_recent: column(row, 3),
    });
    nothing_without_table(runs)
}

/// A finding: one thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The service or product addon; `None` where there is none.
    pub service_id: Option<ServiceId>,
    /// What it is, in a word that does not change: `missing`, `ended`.
    pub kind: &'static str,
    /// Which one, of several of a kind and owner: the hint of a license, the name of an account. No secret.
    pub subject: String,
    /// One plain sentence that says what is wrong and what to do.
    pub text: String,
    pub server_id: Option<u32>,
}

/// The scope of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Everything,
    Of(ServiceId),
}

/// Whose run it is, and what its lines in the Activity Log begin with.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    pub module: &'static str,
    /// "Jetpack".
    pub label: &'static str,
    pub scope: Scope,
}

/// A finding as the service page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// UTC.
    pub since: String,
}

/// Runs `work` as the only run of the module, over everything. `work` returns what it looked at ("12 services").
/// What is new goes to the Activity Log; the summary is returned.
pub fn reconcile_all(
    host: &dyn Host,
    database: &mut Database,
    task: Task,
    work: impl FnOnce(&mut Run, &mut Database) -> Result<String, Error>,
) -> Result<String, Error> {
    if let Err(fault) = heartbeats::beat(host, database) {
        let label = task.label;
        host.log_activity(format!("{label} reconciliation: {}", Error::from(fault)));
    }
    let end = run::run(host, database, task, Duration::ZERO, work);
    match end {
        Ok(ended) => {
            if let Err(fault) = journal::forget_old(database, host.keep_journal_days()) {
                host.log_activity(format!(
                    "{} reconciliation: {}",
                    task.label,
                    Error::from(fault)
                ));
            }
            for line in ended.lines {
                host.log_activity(line);
            }
            Ok(ended.summary)
        }
        Err(error) => {
            host.log_activity(format!("{} reconciliation broke off: {error}", task.label));
            Err(error)
        }
    }
}

/// Reconciles one service: nothing where all is well, else what was repaired and what was found, as an error.
pub fn reconcile_one(
    host: &dyn Host,
    database: &mut Database,
    task: Task,
    service_id: ServiceId,
    work: impl FnOnce(&mut Run, &mut Database) -> Result<String, Error>,
) -> Result<(), Error> {
    let task = Task {
        scope: Scope::Of(service_id),
        ..task
    };
    let RunEnd { repaired, .. } = run::run(host, database, task, PATIENCE, work)?;
    let found = of_service(database, task.module, service_id)?;
    let mut sentences = repaired;
    sentences.extend(found.into_iter().map(|shown| shown.text));
    if sentences.is_empty() {
        return Ok(());
    }
    let more = sentences.len().saturating_sub(MOST_ANSWERED);
    sentences.truncate(MOST_ANSWERED);
    if more > 0 {
        sentences.push(format!("The service page shows {more} more."));
    }
    Err(Error::Refusal(sentences.join(" ")))
}

/// Returns what is open for a service or product addon, for its page. Nothing where there is no table yet.
pub fn of_service(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<Vec<Shown>, SqlError> {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    let rows = database.query(
        "read the table of findings",
        OF_SERVICE,
        parameters,
        |row| Shown {
            text: column(row, 0),
            since: column(row, 1),
        },
    );
    nothing_without_table(rows)
}

/// Returns what is open of the servers of a module, and not of a service. Nothing where there is no table yet.
pub fn of_servers(database: &mut Database, module: &'static str) -> Result<Vec<Shown>, SqlError> {
    let parameters = params! { "module" => module };
    let task = "read the table of findings";
    let rows = database.query(task, OF_SERVERS, parameters, |row| Shown {
        text: column(row, 0),
        since: column(row, 1),
    });
    nothing_without_table(rows)
}

/// Removes what was found of a service that was deleted.
pub fn forget(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<(), SqlError> {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    let removed = database.execute("write the table of findings", FORGET, parameters);
    nothing_without_table(removed).map(drop)
}

/// The findings as a field of the service page, escaped; `None` where there are none.
pub fn field(shown: &[Shown]) -> Option<(&'static str, String)> {
    let lines: Vec<String> = shown
        .iter()
        .map(|finding| {
            crate::text::escape_html(&format!("{} (since {} UTC)", finding.text, finding.since))
        })
        .collect();
    (!lines.is_empty()).then(|| ("Reconciliation", lines.join("<br>")))
}
