//! A write-ahead journal of remote changes: a row exists before its request leaves, and its state says how far it got.
//!
//! Whatever changes something at Jetpack or Comet goes through `operation::run`, under the lock on the service. Exactly one
//! call is not in the journal: Change Password tells each connected device of a Comet customer the new password. It changes
//! nothing at the server, stores nothing, and is best effort.
//!
//! # One lock for each command, in both modules
//! A command takes the lock once and keeps it to its end: everything it has read stays true, so it reads once, in the
//! round trip that takes the lock, and needs no second look before each request. An earlier state of our jetpack module
//! took a lock for each request: that costs as many statements and three more readings, because others may issue and
//! revoke between two requests, so that each step has to compare again what there is with what there was. What one lock
//! costs instead: a second command waits for the whole of the first one, not for one request of it, and after ten seconds
//! it says since when the other is at work. A command of many licenses ends by itself after two minutes.
//!
//! The unique key on `open_key` lets one lock live for a service and module, whichever process, web server or Galera node
//! takes it. It is NULL in every other row. A row in state `sent` has beside it a lock that is held, or that a dead process
//! left: who takes the next lock closes it as `unknown`, before anything is read.

mod decision;
mod holder;
mod lease;
pub mod listing;
mod lock;
pub mod operation;
mod parameters;
mod retention;
mod statements;

use mysql::{Params, Row};

use crate::database::schema::{Shape, nothing_without_table};
use crate::database::{DUPLICATE_COLUMN, DUPLICATE_KEY_NAME, Database, Query, SqlError, column};
use crate::error::Error;
use crate::service_id::ServiceId;

pub use decision::{decide, decide_within, settle, void_unknown};
pub use lease::{Lease, MOST_REQUESTS};
pub use lock::{Readings, ServiceLock, close_abandoned};
use parameters::of_service;
pub use retention::{forget_old, forget_service};
use statements::{
    ADD_LEASES, ADD_STATES, ALL_UNKNOWN, CREATE, DONE_BEFORE, HAS_LEASES, HAS_STATES, LAST, MARK,
    OPEN, TABLE, UNKNOWN,
};

/// A remote change as the journal names it.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// `issue`, `revoke`, `add account`.
    pub name: &'static str,
    /// Without secrets. A request for the same has the same words.
    pub asked: &'a str,
}

/// The end of an operation, as the column `state` has it. An `Outcome` has the same words, and what belongs to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
    /// Nothing has changed remotely.
    Failed,
    /// Sent, and what came of it is not known.
    Unknown,
}

impl End {
    const fn state(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer to a request, without secrets.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub text: String,
    pub remote_id: Option<String>,
    pub request_id: Option<String>,
}

impl Answer {
    /// Returns what the journal keeps of a failure.
    pub fn of(error: &Error) -> Self {
        Self {
            text: error.to_string(),
            remote_id: None,
            request_id: error.request_id().map(str::to_owned),
        }
    }
}

/// A row as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: u64,
    pub operation: String,
    pub state: String,
    pub asked: String,
    pub answered: String,
    pub request_id: Option<String>,
    /// UTC, `2026-01-15 10:00:01`.
    pub at: String,
    /// Seconds since it was sent; `None` where the clock was set back since.
    pub age: Option<i64>,
}

impl Record {
    /// Whether the operation ended in this way.
    pub fn ended(&self, end: End) -> bool {
        self.state == end.state()
    }
}

/// The journal's table as this version has it.
pub const SHAPES: [Shape; 1] = [Shape {
    name: TABLE,
    added: &[("expires_at", "DATETIME(6) NULL")],
}];

/// Creates the table where it is missing, and adds what an earlier version's lacks.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    let shape = [CREATE, HAS_LEASES, HAS_STATES].map(|one| (one, Params::Empty));
    let [_, leases, states] = database.query_all("create the journal table", &shape)?;
    if states.is_empty() {
        let task = "add the index state to the table mod_whmcs_provisioning_journal (the database user needs the right INDEX for that, once)";
        match database.execute(task, ADD_STATES, ()) {
            // Another process was as quick; and without it a list is only slower.
            Err(fault) if fault.code == DUPLICATE_KEY_NAME || fault.is_denied() => {}
            added => drop(added?),
        }
    }
    if !leases.is_empty() {
        return Ok(());
    }
    let task = "add the column expires_at to the table mod_whmcs_provisioning_journal (the database user needs the right ALTER for that, once)";
    match database.execute(task, ADD_LEASES, ()) {
        // Another process was as quick.
        Err(fault) if fault.code == DUPLICATE_COLUMN => Ok(()),
        added => added.map(drop),
    }
}

/// The last operation on the service, whatever its end.
pub fn last(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<Option<Record>, SqlError> {
    let found = last_operations(database, module, service_id, 1)?;
    Ok(found.into_iter().next())
}

/// The last operations on the service, whatever their end, newest first.
pub fn last_operations(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    count: u32,
) -> Result<Vec<Record>, SqlError> {
    let mut parameters = of_service(module, service_id);
    parameters.push(("count".into(), count.into()));
    let rows = database.query("read the journal", LAST, parameters, Record::read);
    nothing_without_table(rows)
}

/// Asks for a mark that is another one as soon as an operation on the service has begun or ended; no row where there was
/// none yet.
pub fn mark_of(module: &'static str, service_id: ServiceId) -> Query {
    (MARK, of_service(module, service_id).into())
}

/// Reads a row of `mark_of`.
pub fn mark(row: &Row) -> String {
    column(row, 0)
}

/// Whether the journal still knows that this was done for the service.
pub fn has_done(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    operation: Operation<'_>,
) -> Result<bool, SqlError> {
    let mut parameters = of_service(module, service_id);
    parameters.push(("operation".into(), operation.name.into()));
    parameters.push(("asked".into(), operation.asked.into()));
    let rows = database.query("read the journal", DONE_BEFORE, parameters, |_| ());
    Ok(!nothing_without_table(rows)?.is_empty())
}

/// Asks whether anything is open on the service: an operation under way, or one whose end is not known. One row if so.
pub fn open_on(module: &'static str, service_id: ServiceId) -> Query {
    (OPEN, of_service(module, service_id).into())
}

/// The oldest operation of this kind on the service whose end is not known.
pub fn undecided(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    operation: &'static str,
) -> Result<Option<Record>, SqlError> {
    let mut parameters = of_service(module, service_id);
    parameters.push(("operation".into(), operation.into()));
    let rows = database.query("read the journal", UNKNOWN, parameters, Record::read);
    Ok(nothing_without_table(rows)?.into_iter().next())
}

/// Returns all operations on the service whose end is not known, the oldest first.
pub fn all_undecided(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<Vec<Record>, SqlError> {
    let parameters = of_service(module, service_id);
    let rows = database.query("read the journal", ALL_UNKNOWN, parameters, Record::read);
    nothing_without_table(rows)
}

impl Record {
    /// Whether it was sent less than so many seconds ago.
    pub fn is_younger_than(&self, seconds: i64) -> bool {
        self.age.is_some_and(|age| age < seconds)
    }

    /// Reads a row of `LAST`, `UNKNOWN` or `ALL_UNKNOWN`.
    fn read(row: &Row) -> Self {
        Self {
            id: column(row, 0),
            operation: column(row, 1),
            state: column(row, 2),
            asked: column(row, 3),
            answered: column(row, 4),
            request_id: column(row, 5),
            at: column(row, 6),
            age: column(row, 7),
        }
    }
}
