//! The connection to WHMCS's database: one for a PHP request, opened at first use.

mod settings;
mod transaction;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mysql::prelude::Queryable;
use mysql::{Conn, Error as DriverError, Params, Row, TxOpts};

use crate::error::Error;
use crate::stop_point;

pub use settings::{Reached, Settings, Tls};
pub use transaction::Transaction;

/// `ER_DUP_ENTRY`, of the MySQL error reference, as the others.
pub const DUPLICATE: u16 = 1062;
pub const UNKNOWN_COLUMN: u16 = 1054;
pub const UNKNOWN_TABLE: u16 = 1146;
const UNKNOWN_VARIABLE: u16 = 1193;
const LOCK_WAIT_TIMEOUT: u16 = 1205;
/// Galera reports a failed certification as this, too. The server has undone all of it.
const DEADLOCK: u16 = 1213;
/// How often that may happen to a statement before it is told.
const UNDONE: u32 = 10;

/// A Galera node shows what another has committed a moment later: without this, a license just revoked is still there.
const CAUSAL_READS: &str = "SET SESSION wsrep_sync_wait=1";

struct Idle {
    process: u32,
    settings: Settings,
    answer_timeout: Duration,
    connection: Conn,
}

/// Kept between the calls of one request and closed at its end: a host has hundreds of workers,
/// and MySQL's default limit is 151 connections.
static IDLE: Mutex<Option<Idle>> = Mutex::new(None);

/// A connection in use. Dropping it keeps the connection for the next call of this request.
pub struct Database {
    settings: Settings,
    connection: Option<Conn>,
    connect_timeout: Duration,
    answer_timeout: Duration,
}

impl Database {
    /// Opens the connection, or takes the one this request has already opened.
    pub fn open(
        settings: Settings,
        connect_timeout: Duration,
        answer_timeout: Duration,
    ) -> Result<Self, Error> {
        let mut database = Self {
            connection: take_idle(&settings, answer_timeout),
            settings,
            connect_timeout,
            answer_timeout,
        };
        if database.connection.is_none() {
            database.reconnect()?;
        }
        Ok(database)
    }

    /// Which database it is, by whatever way it is reached.
    pub fn identity(&self) -> String {
        format!("{}@{}", self.settings.user, self.settings.name)
    }

    /// Throws the connection away and opens another.
    pub fn reconnect(&mut self) -> Result<(), Error> {
        self.connection = None;
        let options = self
            .settings
            .options(self.connect_timeout, self.answer_timeout);
        let unopened = |error| Error::Database {
            task: "open a connection".into(),
            reason: reason(&error),
        };
        let opened = stop_point::around(|| "CONNECT".into(), || Conn::new(options));
        let mut connection = opened.map_err(unopened)?;
        // One round trip: the second statement is refused by a server that is not built for Galera.
        let session = format!("{}; {CAUSAL_READS}", self.settings.session());
        match connection.query_drop(session) {
            Err(DriverError::MySqlError(refusal)) if refusal.code == UNKNOWN_VARIABLE => {}
            end => end.map_err(unopened)?,
        }
        self.connection = Some(connection);
        Ok(())
    }

    /// Rows of a statement. `task` completes "Could not …" in the error.
    pub fn rows<T>(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
        read: impl Fn(&Row) -> T,
    ) -> Result<Vec<T>, Fault> {
        let parameters = parameters.into();
        let rows: Vec<Row> = self.run(task, |connection| {
            step(statement, || connection.exec(statement, parameters.clone()))
        })?;
        Ok(rows.iter().map(read).collect())
    }

    /// Hands over each row of a statement as it comes: for results that are too long to hold. What was handed over
    /// cannot be taken back, so it is not run again.
    pub fn each(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
        mut read: impl FnMut(&Row),
    ) -> Result<(), Fault> {
        let parameters = parameters.into();
        self.attempt(task, |connection| {
            let rows = step(statement, || connection.exec_iter(statement, parameters))?;
            for row in rows {
                read(&row?);
            }
            Ok(())
        })
    }

    /// Runs a statement that is used once: it is neither prepared nor kept by the server. It holds no outside text.
    pub fn once(&mut self, task: &str, statement: &str) -> Result<(), Fault> {
        self.run(task, |connection| {
            step(statement, || connection.query_drop(statement))
        })
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn change(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> Result<u64, Fault> {
        let parameters = parameters.into();
        self.run(task, |connection| {
            step(statement, || {
                connection.exec_drop(statement, parameters.clone())
            })?;
            Ok(connection.affected_rows())
        })
    }

    /// Runs an INSERT; answers the new row's id.
    pub fn insert(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> Result<u64, Fault> {
        let parameters = parameters.into();
        self.run(task, |connection| {
            step(statement, || {
                connection.exec_drop(statement, parameters.clone())
            })?;
            Ok(connection.last_insert_id())
        })
    }

    /// Runs all of `work` or nothing of it.
    pub fn transaction<T>(
        &mut self,
        task: &str,
        work: impl Fn(&mut Transaction<'_>) -> mysql::Result<T>,
    ) -> Result<T, Fault> {
        let mut committing = false;
        let end = self.run(task, |connection| {
            committing = false;
            let begun = step("BEGIN", || connection.start_transaction(TxOpts::default()))?;
            let mut transaction = Transaction::new(begun);
            let value = work(&mut transaction)?;
            committing = true;
            transaction.commit()?;
            Ok(value)
        });
        end.map_err(|fault| Fault {
            // A Galera node that is cut off during COMMIT says that it failed, and the others may have it.
            maybe_committed: committing && fault.code != DEADLOCK,
            ..fault
        })
    }

    /// Runs a write that must not be lost and may run twice: again on a new connection, three times in three seconds.
    pub fn persist(&mut self, write: impl Fn(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut last = match write(self) {
            Ok(()) => return Ok(()),
            Err(fault) => fault,
        };
        for pause in [100, 600, 2300] {
            std::thread::sleep(Duration::from_millis(pause));
            if self.reconnect().is_err() {
                continue;
            }
            match write(self) {
                Ok(()) => return Ok(()),
                Err(fault) => {
                    last = Fault {
                        maybe_committed: last.maybe_committed || fault.maybe_committed,
                        ..fault
                    }
                }
            }
        }
        Err(last)
    }

    /// Runs it, again where the server undid it because of others.
    fn run<T>(
        &mut self,
        task: &str,
        mut work: impl FnMut(&mut Conn) -> mysql::Result<T>,
    ) -> Result<T, Fault> {
        let mut tries = 0;
        loop {
            match self.attempt(task, &mut work) {
                Err(fault) if fault.code == DEADLOCK && tries < UNDONE => tries += 1,
                end => return end,
            }
            // Processes that met differ by their numbers, so they do not meet again.
            let apart = std::process::id() % 16;
            std::thread::sleep(Duration::from_millis(u64::from(tries * (4 + apart))));
        }
    }

    fn attempt<T>(
        &mut self,
        task: &str,
        work: impl FnOnce(&mut Conn) -> mysql::Result<T>,
    ) -> Result<T, Fault> {
        let Some(connection) = self.connection.as_mut() else {
            return Err(Fault::gone(task));
        };
        work(connection).map_err(|error| {
            // Only a server that answered in full has left the connection in a known state.
            if !matches!(error, DriverError::MySqlError(_)) {
                self.connection = None;
            }
            Fault {
                code: match &error {
                    DriverError::MySqlError(refusal) => refusal.code,
                    _ => 0,
                },
                maybe_committed: false,
                task: task.to_owned(),
                reason: reason(&error),
            }
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let idle = Idle {
                process: std::process::id(),
                settings: self.settings.clone(),
                answer_timeout: self.answer_timeout,
                connection,
            };
            replace_idle(Some(idle));
        }
    }
}

/// A statement that failed.
#[derive(Debug)]
pub struct Fault {
    /// The server's code, 0 where the connection broke.
    pub code: u16,
    /// COMMIT was sent and its answer lost: it may stand in the table.
    pub maybe_committed: bool,
    task: String,
    reason: String,
}

impl Fault {
    fn gone(task: &str) -> Self {
        Self {
            code: 0,
            maybe_committed: false,
            task: task.to_owned(),
            reason: "the connection is lost".into(),
        }
    }

    /// A deadlock or a wait for a lock: the same statement may work now.
    pub const fn may_be_tried_again(&self) -> bool {
        matches!(self.code, DEADLOCK | LOCK_WAIT_TIMEOUT)
    }

    /// The table or a column of it is missing: it was never made, or by the PHP module.
    pub const fn table_is_not_ours(&self) -> bool {
        matches!(self.code, UNKNOWN_TABLE | UNKNOWN_COLUMN)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Database {
            task: fault.task,
            reason: fault.reason,
        }
    }
}

/// Runs one statement.
fn step<T>(statement: &str, run: impl FnOnce() -> T) -> T {
    stop_point::around(|| stop_point::statement(statement), run)
}

/// A column of a row that our own SELECT named; a type it cannot have reads as empty.
pub fn column<T: mysql::prelude::FromValue + Default>(row: &Row, at: usize) -> T {
    row.get_opt(at).and_then(Result::ok).unwrap_or_default()
}

/// For the end of the request.
pub fn close() {
    replace_idle(None);
}

fn take_idle(settings: &Settings, answer_timeout: Duration) -> Option<Conn> {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    if idle.process != std::process::id() {
        std::mem::forget(idle);
        return None;
    }
    // A cron run can take longer than the server keeps an idle connection; asking costs 50 µs.
    let fits = idle.settings == *settings && idle.answer_timeout == answer_timeout;
    let alive = fits && idle.connection.ping().is_ok();
    alive.then_some(idle.connection)
}

fn replace_idle(next: Option<Idle>) {
    let previous = std::mem::replace(
        &mut *IDLE.lock().unwrap_or_else(PoisonError::into_inner),
        next,
    );
    // A child's goodbye on the parent's socket would end the parent's session.
    if let Some(idle) = previous
        && idle.process != std::process::id()
    {
        std::mem::forget(idle);
    }
}

/// The server's own words are for staff, without the values it may quote.
fn reason(error: &DriverError) -> String {
    match error {
        DriverError::MySqlError(refusal) => format!(
            "the server answered {} {}",
            refusal.code,
            crate::error::plain(without_quoted(&refusal.message).as_str())
        ),
        DriverError::IoError(_) => "the connection broke or did not answer in time".into(),
        DriverError::TlsError(_) => "no secure connection".into(),
        _ => "the connection could not be made or used".into(),
    }
}

/// MySQL quotes values (a duplicate key, a column's text) in its messages.
fn without_quoted(message: &str) -> String {
    message
        .split('\'')
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { part } else { "…" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_left_out_of_reasons() {
        assert_eq!(
            without_quoted("Duplicate entry 'jetpack-scan_KEY' for key 'license_key'"),
            "Duplicate entry … for key …"
        );
    }
}
