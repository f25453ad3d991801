//! The journal: what was asked of the other side, written down before it is asked.
//!
//! A unique key on `open_key` lets one operation live for a service and module, whichever process,
//! web server or Galera node begins it. It is NULL in every row that has ended.

mod holder;
mod lease;
mod lock;
mod parameters;
mod retention;
mod statements;
pub mod survey;

use std::time::{Duration, Instant};

use mysql::{Params, Row};

use crate::clock;
use crate::database::{
    DUPLICATE, DUPLICATE_COLUMN, Database, Query, SqlError, Transaction, column, params,
};
use crate::error::Error;
use crate::hash::sha256;
use crate::installation;
use crate::service_id::ServiceId;
pub use holder::notice_the_dead;
use holder::{abandon, holder};
pub use lease::{Lease, MOST_REQUESTS};
pub use lock::Lock;
use parameters::{
    answer_parameters, decision_parameters, insert_parameters, settle_parameters, with_state,
};
pub use retention::{forget_old, forget_service};
use statements::{
    ADD_LEASES, BEGIN, CLAIM, CREATE, DECIDE, DONE, FAILED_OR_UNKNOWN, GIVE_BACK, HAS_LEASES, LAST,
    MOOT, OPEN, SENT, SETTLE, UNKNOWN, WITHDRAW,
};

/// How long a second caller waits for the first one's end before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is about to be done, and to whose service.
#[derive(Debug, Clone)]
pub struct Intent<'a> {
    pub module: &'static str,
    pub service_id: ServiceId,
    /// `issue`, `revoke`, `attach`, `detach`.
    pub operation: &'static str,
    /// What is asked, without secrets.
    pub asked: &'a str,
}

/// An operation that has begun and not ended.
#[derive(Debug)]
#[must_use = "an entry that is not ended blocks the service"]
pub struct Entry {
    id: u64,
}

impl Entry {
    /// An operation whose number was kept outside the database.
    pub const fn of(id: u64) -> Self {
        Self { id }
    }

    pub const fn id(&self) -> u64 {
        self.id
    }
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
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

/// What came back, without secrets.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub text: String,
    pub remote_id: Option<String>,
    pub request_id: Option<String>,
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

/// Creates the table where it is missing, and adds what an earlier version's lacks.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    let shape = [(CREATE, Params::Empty), (HAS_LEASES, Params::Empty)];
    let [_, leases] = database.query_all("create the journal table", &shape)?;
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

/// Runs what needs the table as this version has it; again once it is so.
fn with_schema<T>(
    database: &mut Database,
    work: impl Fn(&mut Database) -> Result<T, SqlError>,
) -> Result<T, SqlError> {
    match work(database) {
        Err(fault) if fault.is_missing_schema() => {
            prepare(database)?;
            work(database)
        }
        end => end,
    }
}

/// Writes the intent down, in a row that holds the lock on the service. Waits for another process that works on it;
/// takes over from one that died.
///
/// # Errors
/// `Error::Busy` when the other process is still at work after ten seconds; `Error::Refusal` in a copy of WHMCS.
pub fn begin(database: &mut Database, intent: &Intent<'_>, lease: Lease) -> Result<Entry, Error> {
    let id = wait_for(database, intent, |database| {
        let parameters = insert_parameters(intent, open_key(intent), lease);
        database.insert("write the journal", BEGIN, parameters)
    })?;
    Ok(Entry { id })
}

/// Tries to insert the row that holds the lock until it can; in a copy of WHMCS never.
fn wait_for<T>(
    database: &mut Database,
    intent: &Intent<'_>,
    insert: impl Fn(&mut Database) -> Result<T, SqlError>,
) -> Result<T, Error> {
    installation::own(database)?;
    let waited = Instant::now();
    let mut pause = Duration::from_millis(20);
    let mut since = None;
    loop {
        let fault = match with_schema(database, &insert) {
            Ok(inserted) => return Ok(inserted),
            Err(fault) => fault,
        };
        if fault.code == DUPLICATE {
            match holder(database, intent)? {
                Some(holder) if holder.is_gone() => abandon(database, &holder)?,
                Some(holder) => since = Some(holder.begun_at),
                None => {}
            }
        } else if !fault.may_be_tried_again() {
            return Err(fault.into());
        }
        if waited.elapsed() >= PATIENCE {
            return Err(Error::Busy {
                since: since.unwrap_or_else(clock::now),
            });
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(250));
    }
}

/// Takes a row back of which nothing was sent, because nothing is left to do. Where the database is away for a moment
/// it is tried again: the row of a process that lives on would stop all others for minutes.
pub fn withdraw(database: &mut Database, entry: &Entry) -> Result<(), SqlError> {
    database.retrying(|database| {
        database.execute("write the journal", WITHDRAW, params! { "id" => entry.id })?;
        Ok(())
    })
}

/// From here on the request may have left. The lock is extended by the time that it may take.
///
/// # Errors
/// `Error::Busy` where another process took this one for dead and closed its row: nothing may be sent then.
pub fn sent(database: &mut Database, entry: &Entry, lease: Lease) -> Result<(), Error> {
    let parameters = params! { "id" => entry.id, "lease" => lease.seconds() };
    match database.execute("write the journal", SENT, parameters)? {
        1 => Ok(()),
        _ => Err(busy()),
    }
}

fn busy() -> Error {
    Error::Busy {
        since: clock::now(),
    }
}

/// Writes that an operation was not carried out, or that this is not known.
pub fn end(
    database: &mut Database,
    entry: &Entry,
    end: End,
    answer: &Answer,
) -> Result<(), SqlError> {
    let parameters = with_state(answer_parameters(entry.id, answer), end);
    database.execute("write the journal", FAILED_OR_UNKNOWN, parameters)?;
    Ok(())
}

/// Writes that it is done, where nothing else is stored.
pub fn done(database: &mut Database, entry: &Entry, answer: &Answer) -> Result<(), SqlError> {
    let parameters = answer_parameters(entry.id, answer);
    database.execute("write the journal", DONE, parameters)?;
    Ok(())
}

/// Writes that it is done, in the transaction that stores what came of it. False where it stands
/// there already: an earlier try was committed and only the word of it was lost.
pub fn done_within(
    transaction: &mut Transaction<'_>,
    entry: &Entry,
    answer: &Answer,
) -> mysql::Result<bool> {
    Ok(transaction.execute(DONE, answer_parameters(entry.id, answer))? == 1)
}

/// Ends the unknown operations that asked for the same as this one, which is now done.
pub fn settle_within(transaction: &mut Transaction<'_>, intent: &Intent<'_>) -> mysql::Result<()> {
    transaction.execute(SETTLE, settle_parameters(intent, End::Done))?;
    Ok(())
}

/// The other side was asked: the unknown operations of this kind were carried out, or were not.
pub fn settle(database: &mut Database, intent: &Intent<'_>, end: End) -> Result<(), SqlError> {
    database.execute("write the journal", SETTLE, settle_parameters(intent, end))?;
    Ok(())
}

/// What the unknown operations on the service were about is gone; `why` goes before what they say.
pub fn moot(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    why: &str,
) -> Result<(), SqlError> {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(), "why" => why,
    };
    database.execute("write the journal", MOOT, parameters)?;
    Ok(())
}

/// The last operation on the service, whatever its end.
pub fn last(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<Option<Record>, SqlError> {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    let rows = database.query("read the journal", LAST, parameters, Record::read);
    none_without_table(rows)
}

/// Asks whether anything is open on the service: an operation under way, or one whose end is not known. One row if so.
pub fn open_on(module: &'static str, service_id: ServiceId) -> Query {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    (OPEN, parameters)
}

/// Asks for the oldest operation of this kind on the service whose end is not known; a row is a `Record`.
pub fn undecided_on(module: &'static str, service_id: ServiceId, operation: &'static str) -> Query {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
        "operation" => operation,
    };
    (UNKNOWN, parameters)
}

/// The oldest operation of this kind on the service whose end is not known.
pub fn undecided(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    operation: &'static str,
) -> Result<Option<Record>, SqlError> {
    let (statement, parameters) = undecided_on(module, service_id, operation);
    let rows = database.query("read the journal", statement, parameters, Record::read);
    none_without_table(rows)
}

/// A person has said what became of an unknown operation. False where that is decided already.
pub fn decide(
    database: &mut Database,
    record: &Record,
    decision: End,
    answer: &Answer,
) -> Result<bool, SqlError> {
    let parameters = with_state(decision_parameters(record, answer), decision);
    Ok(database.execute("write the journal", DECIDE, parameters)? == 1)
}

/// The same, together with what the decision changes in other tables.
pub fn decide_within(
    transaction: &mut Transaction<'_>,
    record: &Record,
    decision: End,
    answer: &Answer,
) -> mysql::Result<bool> {
    let parameters = with_state(decision_parameters(record, answer), decision);
    Ok(transaction.execute(DECIDE, parameters)? == 1)
}

/// Runs `work` while no other transaction that claims the same subject is between its first and last statement.
pub fn claiming_within<T>(
    transaction: &mut Transaction<'_>,
    record: &Record,
    subject: &str,
    work: impl FnOnce(&mut Transaction<'_>) -> mysql::Result<T>,
) -> mysql::Result<T> {
    // 160 bits of the hash: the column has 64 characters.
    let claim = format!("claim:{:.40}", sha256(subject));
    transaction.execute(CLAIM, params! { "id" => record.id, "claim" => claim })?;
    let value = work(transaction)?;
    transaction.execute(GIVE_BACK, params! { "id" => record.id })?;
    Ok(value)
}

fn open_key(intent: &Intent<'_>) -> String {
    format!(
        "{}:{}:{}",
        intent.module,
        intent.service_id.kind(),
        intent.service_id.number()
    )
}

impl Record {
    /// Whether it was sent less than so many seconds ago.
    pub fn is_younger_than(&self, seconds: i64) -> bool {
        self.age.is_some_and(|age| age < seconds)
    }

    /// From a row of `undecided_on`.
    pub fn read(row: &Row) -> Self {
        Self {
            id: column(row, 0),
            operation: column(row, 1),
            state: column(row, 2),
            asked: column(row, 3),
            answered: column::<Option<String>>(row, 4).unwrap_or_default(),
            request_id: column(row, 5),
            at: column(row, 6),
            age: column(row, 7),
        }
    }
}

fn none_without_table(rows: Result<Vec<Record>, SqlError>) -> Result<Option<Record>, SqlError> {
    match rows {
        Ok(rows) => Ok(rows.into_iter().next()),
        Err(fault) if fault.is_missing_schema() => Ok(None),
        Err(fault) => Err(fault),
    }
}
