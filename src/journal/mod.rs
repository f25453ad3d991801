//! The journal: what was asked of the other side, written down before it is asked.
//!
//! A unique key on `open_key` lets one operation live for a service and module, whichever process,
//! web server or Galera node begins it. It is NULL in every row that has ended.

mod process;

use std::time::{Duration, Instant};

use mysql::prelude::Queryable;
use mysql::{Row, Transaction, params};

use crate::clock;
use crate::database::{DUPLICATE, Database, Fault};
use crate::error::Error;
use crate::owner::Owner;
use process::Process;

/// Made by `prepare`; rows are kept, they are what tells after a crash.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_journal (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    module VARCHAR(32) NOT NULL,
    owner_type VARCHAR(8) NOT NULL,
    owner_id INT UNSIGNED NOT NULL,
    operation VARCHAR(32) NOT NULL,
    state VARCHAR(8) NOT NULL,
    open_key VARCHAR(64) NULL,
    asked VARCHAR(255) NOT NULL,
    answered VARCHAR(1000) NULL,
    remote_id VARCHAR(64) NULL,
    request_id VARCHAR(255) NULL,
    begun_at DATETIME NOT NULL,
    sent_at DATETIME NULL,
    ended_at DATETIME NULL,
    host VARCHAR(255) NOT NULL,
    process VARCHAR(64) NOT NULL,
    UNIQUE KEY open_key (open_key),
    KEY owner (module, owner_type, owner_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

const BEGIN: &str = "INSERT INTO mod_whmcs_provisioning_journal
    (module, owner_type, owner_id, operation, state, open_key, asked, begun_at, host, process)
    VALUES (:module, :owner_type, :owner_id, :operation, 'begun', :open_key, :asked, :now, :host, :process)";

const SENT: &str = "UPDATE mod_whmcs_provisioning_journal SET state='sent', sent_at=:now
    WHERE id=:id AND state='begun'";

const END: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, open_key=NULL, answered=:answered, remote_id=:remote_id, request_id=:request_id, ended_at=:now
    WHERE id=:id";

/// An operation that repeats an unknown one, and whose end is known, decides that one too.
const SETTLE: &str = "UPDATE mod_whmcs_provisioning_journal SET state='done'
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND asked=:asked AND state='unknown'";

const HOLDER: &str = "SELECT id, state, DATE_FORMAT(begun_at, '%Y-%m-%d %H:%i:%s'), host, process,
    begun_at < UTC_TIMESTAMP() - INTERVAL 10 MINUTE
    FROM mod_whmcs_provisioning_journal WHERE open_key=:open_key";

const LAST: &str = "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(ended_at, sent_at, begun_at), '%Y-%m-%d %H:%i:%s')
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id ORDER BY id DESC LIMIT 1";

const UNKNOWN: &str = "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(sent_at, begun_at), '%Y-%m-%d %H:%i:%s')
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND state='unknown' ORDER BY id LIMIT 1";

/// How long a second caller waits for the first one's end before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is about to be done, and to whose service.
#[derive(Debug, Clone)]
pub struct Intent<'a> {
    pub module: &'static str,
    pub owner: Owner,
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
}

/// Makes the table where it is missing.
pub fn prepare(database: &mut Database) -> Result<(), Fault> {
    database.change("create the journal table", CREATE, ())?;
    Ok(())
}

/// Writes the intent down. Waits for another process that works on the same service; takes over
/// from one that died.
///
/// # Errors
/// `Error::Busy` when the other process is still at work after ten seconds.
pub fn begin(database: &mut Database, intent: &Intent<'_>) -> Result<Entry, Error> {
    let waited = Instant::now();
    let mut pause = Duration::from_millis(20);
    loop {
        let fault = match insert(database, intent) {
            Ok(id) => return Ok(Entry { id }),
            Err(fault) => fault,
        };
        if fault.table_is_not_ours() {
            prepare(database)?;
            continue;
        }
        if fault.code != DUPLICATE {
            return Err(fault.into());
        }
        let Some(holder) = holder(database, intent)? else {
            continue;
        };
        if holder.too_old || holder.process.is_gone() {
            abandon(database, &holder)?;
        } else if waited.elapsed() >= PATIENCE {
            return Err(Error::Busy {
                since: holder.begun_at,
            });
        } else {
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    }
}

/// From here on the request may have left.
pub fn sent(database: &mut Database, entry: &Entry) -> Result<(), Error> {
    let changed = database.change(
        "write the journal",
        SENT,
        params! { "id" => entry.id, "now" => clock::now() },
    )?;
    if changed == 1 {
        return Ok(());
    }
    // Another process took this one for dead and closed its row.
    Err(Error::Busy {
        since: clock::now(),
    })
}

/// Writes the end, by itself.
pub fn end(database: &mut Database, entry: &Entry, end: End, answer: &Answer) -> Result<(), Fault> {
    database.change("write the journal", END, end_parameters(entry, end, answer))?;
    Ok(())
}

/// Writes the end together with what the operation changed in other tables.
pub fn end_within(
    transaction: &mut Transaction<'_>,
    entry: &Entry,
    end: End,
    answer: &Answer,
) -> mysql::Result<()> {
    transaction.exec_drop(END, end_parameters(entry, end, answer))
}

/// Ends the unknown operations that asked for the same as this one, which is now done.
pub fn settle_within(transaction: &mut Transaction<'_>, intent: &Intent<'_>) -> mysql::Result<()> {
    transaction.exec_drop(
        SETTLE,
        params! {
            "module" => intent.module,
            "owner_type" => intent.owner.kind(),
            "owner_id" => intent.owner.id(),
            "operation" => intent.operation,
            "asked" => cut(intent.asked, 255),
        },
    )
}

/// The last operation on the service, whatever its end.
pub fn last(
    database: &mut Database,
    module: &'static str,
    owner: Owner,
) -> Result<Option<Record>, Fault> {
    let parameters = params! {
        "module" => module, "owner_type" => owner.kind(), "owner_id" => owner.id(),
    };
    let rows = database.rows("read the journal", LAST, parameters, Record::read);
    none_without_table(rows)
}

/// The oldest operation of this kind on the service whose end is not known.
pub fn undecided(
    database: &mut Database,
    module: &'static str,
    owner: Owner,
    operation: &'static str,
) -> Result<Option<Record>, Fault> {
    let parameters = params! {
        "module" => module, "owner_type" => owner.kind(), "owner_id" => owner.id(),
        "operation" => operation,
    };
    let rows = database.rows("read the journal", UNKNOWN, parameters, Record::read);
    none_without_table(rows)
}

/// A person, or the other side, has said what became of an unknown operation.
pub fn decide(
    database: &mut Database,
    record: &Record,
    decision: End,
    answer: &Answer,
) -> Result<(), Fault> {
    end(database, &Entry { id: record.id }, decision, answer)
}

/// The same, together with what the decision changes in other tables.
pub fn decide_within(
    transaction: &mut Transaction<'_>,
    record: &Record,
    decision: End,
    answer: &Answer,
) -> mysql::Result<()> {
    end_within(transaction, &Entry { id: record.id }, decision, answer)
}

struct Holder {
    id: u64,
    was_sent: bool,
    begun_at: String,
    process: Process,
    /// Ten minutes are more than any request may take (`settings::LONGEST_WAIT`): whoever began
    /// this is gone, on another host or before a restart of this one.
    too_old: bool,
}

fn insert(database: &mut Database, intent: &Intent<'_>) -> Result<u64, Fault> {
    let process = Process::own();
    database.insert(
        "write the journal",
        BEGIN,
        params! {
            "module" => intent.module,
            "owner_type" => intent.owner.kind(),
            "owner_id" => intent.owner.id(),
            "operation" => intent.operation,
            "open_key" => open_key(intent),
            "asked" => cut(intent.asked, 255),
            "now" => clock::now(),
            "host" => process.host,
            "process" => process.name,
        },
    )
}

fn holder(database: &mut Database, intent: &Intent<'_>) -> Result<Option<Holder>, Fault> {
    let parameters = params! { "open_key" => open_key(intent) };
    let rows = database.rows("read the journal", HOLDER, parameters, |row| Holder {
        id: column(row, 0),
        was_sent: column::<String>(row, 1) == "sent",
        begun_at: column(row, 2),
        process: Process {
            host: column(row, 3),
            name: column(row, 4),
        },
        too_old: column(row, 5),
    })?;
    Ok(rows.into_iter().next())
}

/// Ends the row of a process that died: before sending nothing can have happened, after it anything.
fn abandon(database: &mut Database, holder: &Holder) -> Result<(), Fault> {
    let (state, text) = if holder.was_sent {
        (End::Unknown, "the process ended before the answer came")
    } else {
        (End::Failed, "the process ended before the request was sent")
    };
    let answer = Answer {
        text: text.into(),
        ..Answer::default()
    };
    end(database, &Entry { id: holder.id }, state, &answer)
}

fn open_key(intent: &Intent<'_>) -> String {
    format!(
        "{}:{}:{}",
        intent.module,
        intent.owner.kind(),
        intent.owner.id()
    )
}

fn end_parameters(entry: &Entry, end: End, answer: &Answer) -> mysql::Params {
    params! {
        "id" => entry.id,
        "state" => end.state(),
        "answered" => cut(&answer.text, 1000),
        "remote_id" => answer.remote_id.as_deref().map(|id| cut(id, 64)),
        "request_id" => answer.request_id.as_deref().map(|id| cut(id, 255)),
        "now" => clock::now(),
    }
}

impl Record {
    fn read(row: &Row) -> Self {
        Self {
            id: column(row, 0),
            operation: column(row, 1),
            state: column(row, 2),
            asked: column(row, 3),
            answered: column::<Option<String>>(row, 4).unwrap_or_default(),
            request_id: column(row, 5),
            at: column(row, 6),
        }
    }
}

/// A column of a row that our own SELECT named; a type it cannot have reads as empty.
pub fn column<T: mysql::prelude::FromValue + Default>(row: &Row, at: usize) -> T {
    row.get_opt(at).and_then(Result::ok).unwrap_or_default()
}

fn none_without_table(rows: Result<Vec<Record>, Fault>) -> Result<Option<Record>, Fault> {
    match rows {
        Ok(rows) => Ok(rows.into_iter().next()),
        Err(fault) if fault.table_is_not_ours() => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}
