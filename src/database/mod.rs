//! The connection to WHMCS's database: one for a PHP request, opened at first use.

mod attempt;
mod error;
mod interpolate;
pub mod moment;
mod named;
mod row;
pub mod schema;
mod settings;
mod tls;
mod transaction;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use mysql::prelude::Queryable;
use mysql::{Conn, DriverError as Misuse, Error as DriverError, Params, Row};

use crate::error::Error;
use crate::worker::failpoint;
use crate::worker::fork_safe::PerProcess;

use error::{DEADLOCK, UNKNOWN_VARIABLE, unopened};
pub use error::{DUPLICATE, DUPLICATE_COLUMN, DUPLICATE_KEY_NAME, SqlError};
use interpolate::text;
pub use interpolate::{like, placeholders};
pub use named::NamedParams;
pub(crate) use named::params;
pub use row::column;
pub use settings::{Address, DatabaseSettings};
pub use tls::DatabaseTls;
pub use transaction::Transaction;

/// A Galera node shows what another has committed a moment later: without this, a license just revoked is still there.
const CAUSAL_READS: &str = "SET SESSION wsrep_sync_wait=1";
const SYNC_WAIT_VARIABLE: &str = "wsrep_sync_wait";

/// A connection that was idle for longer is tested before it is used: `wait_timeout` counts in whole seconds, and
/// a remote server may take longer than that for its answer.
const SURELY_ALIVE: Duration = Duration::from_millis(500);

/// A statement and its values.
pub type Query = (&'static str, Params);

/// Kept between the calls of one request and closed at its end: a host has hundreds of workers,
/// and MySQL's default limit is 151 connections. The key holds what a connection was opened with.
static IDLE: PerProcess<(DatabaseSettings, Duration), Conn> = PerProcess::new();

/// A connection in use. Dropping it keeps the connection for the next call of this request.
pub struct Database {
    settings: DatabaseSettings,
    connection: Option<Conn>,
    used_at: Instant,
    connect_timeout: Duration,
    answer_timeout: Duration,
}

impl Database {
    /// Opens the connection, or takes the one this request has already opened.
    pub fn open(
        settings: DatabaseSettings,
        connect_timeout: Duration,
        answer_timeout: Duration,
    ) -> Result<Self, Error> {
        let mut database = Self {
            connection: take_idle(&settings, answer_timeout),
            used_at: Instant::now(),
            settings,
            connect_timeout,
            answer_timeout,
        };
        if database.connection.is_none() {
            database.reconnect()?;
        }
        Ok(database)
    }

    /// Runs what runs code of WHMCS, while the connection is not in use. Never within a transaction.
    pub fn aside<T>(&mut self, work: impl FnOnce() -> T) -> Result<T, Error> {
        self.give_back();
        let value = work();
        self.connection = take_idle(&self.settings, self.answer_timeout);
        self.used_at = Instant::now();
        if self.connection.is_none() {
            self.reconnect()?;
        }
        Ok(value)
    }

    fn give_back(&mut self) {
        if let Some(connection) = self.connection.take() {
            IDLE.put((self.settings.clone(), self.answer_timeout), connection);
        }
    }

    /// Returns user and database, the same whichever way the server is reached.
    pub fn identity(&self) -> String {
        format!("{}@{}", self.settings.user, self.settings.name)
    }

    /// The way to the database: user, database and server, or this machine.
    pub fn address(&self) -> String {
        let host = self.settings.address.remote_host();
        format!("{} {}", self.identity(), host.unwrap_or_default())
    }

    /// The server's name as WHMCS has it; `None` for one on this machine.
    pub fn remote_host(&self) -> Option<String> {
        self.settings.address.remote_host()
    }

    /// Drops the connection and opens another.
    pub fn reconnect(&mut self) -> Result<(), Error> {
        self.connection = None;
        let tls = self
            .settings
            .encryption()
            .map(DatabaseTls::prepare)
            .transpose()?;
        let options = self.settings.options(
            self.connect_timeout,
            self.answer_timeout,
            tls.as_ref().map(|prepared| prepared.options.clone()),
        );
        let unopened = |error: DriverError| unopened(&self.settings, &error);
        let mut connection =
            failpoint::around(|| "CONNECT".into(), || connect(options)).map_err(unopened)?;
        // One round trip: the second statement is refused by a server that is not built for Galera.
        let session = format!("{}; {CAUSAL_READS}", self.settings.session());
        match run_all(&mut connection, &session, 2) {
            Err(DriverError::MySqlError(refusal))
                if refusal.code == UNKNOWN_VARIABLE
                    && refusal.message.contains(SYNC_WAIT_VARIABLE) => {}
            end => end.map(drop).map_err(unopened)?,
        }
        self.connection = Some(connection);
        self.used_at = Instant::now();
        Ok(())
    }

    /// Opens another connection where the server has closed this one while it was idle, during a remote request.
    fn ensure_alive(&mut self) -> Result<(), Error> {
        let Some(connection) = self.connection.as_mut() else {
            return Ok(());
        };
        if self.used_at.elapsed() < SURELY_ALIVE || connection.ping().is_ok() {
            return Ok(());
        }
        self.reconnect()
    }

    /// Returns the rows of a statement. `task` completes "Could not …" in the error.
    pub fn query<T>(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
        read: impl Fn(&Row) -> T,
    ) -> Result<Vec<T>, SqlError> {
        let rows = self.fetch(task, statement, &parameters.into())?;
        Ok(rows.iter().map(read).collect())
    }

    fn fetch(
        &mut self,
        task: &str,
        statement: &str,
        parameters: &Params,
    ) -> Result<Vec<Row>, SqlError> {
        self.run(task, |connection| {
            let text = text(statement, parameters.clone())?;
            step(statement, || connection.query(text))
        })
    }

    /// Returns the rows of several statements, sent together: one round trip. Where one fails those before it are carried
    /// out, and all are run again after a deadlock.
    pub fn query_all<const N: usize>(
        &mut self,
        task: &str,
        readings: &[Query; N],
    ) -> Result<[Vec<Row>; N], SqlError> {
        let found = self.query_list(task, readings)?;
        found.try_into().map_err(|_| SqlError::gone(task))
    }

    /// Returns the rows of any number of statements: as many lists.
    pub fn query_list(
        &mut self,
        task: &str,
        readings: &[Query],
    ) -> Result<Vec<Vec<Row>>, SqlError> {
        self.run(task, |connection| {
            let texts = readings
                .iter()
                .map(|(one, values)| text(one, values.clone()));
            let texts = texts.collect::<mysql::Result<Vec<String>>>()?.join("; ");
            step(&texts, || run_all(connection, &texts, readings.len()))
        })
    }

    /// Hands over each row of a statement as it comes: for results that are too long to hold. What was handed over
    /// cannot be taken back, so it is not run again.
    pub fn query_each(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
        mut read: impl FnMut(&Row),
    ) -> Result<(), SqlError> {
        let parameters = parameters.into();
        self.attempt(task, &mut |connection| {
            let text = text(statement, parameters.clone())?;
            let rows = step(statement, || connection.query_iter(text))?;
            for row in rows {
                read(&row?);
            }
            Ok(())
        })
    }

    /// Runs a statement that has its values in it already, however long it is. It holds no outside text.
    pub fn execute_raw(&mut self, task: &str, statement: &str) -> Result<(), SqlError> {
        self.run(task, |connection| {
            step(statement, || run_all(connection, statement, 1)).map(drop)
        })
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn execute(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> Result<u64, SqlError> {
        self.write(task, statement, &parameters.into(), Conn::affected_rows)
    }

    /// Runs an INSERT; returns the new row's id.
    pub fn insert(
        &mut self,
        task: &str,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> Result<u64, SqlError> {
        self.write(task, statement, &parameters.into(), Conn::last_insert_id)
    }

    fn write(
        &mut self,
        task: &str,
        statement: &str,
        parameters: &Params,
        result: fn(&Conn) -> u64,
    ) -> Result<u64, SqlError> {
        self.run(task, |connection| {
            let text = text(statement, parameters.clone())?;
            step(statement, || run_all(connection, &text, 1))?;
            Ok(result(connection))
        })
    }

    /// Runs `work` as a transaction: all of it or nothing.
    pub fn transaction<T: Default>(
        &mut self,
        task: &str,
        work: impl Fn(&mut Transaction<'_>) -> mysql::Result<T>,
    ) -> Result<T, SqlError> {
        let mut committing = false;
        let end = self.run(task, |connection| {
            committing = false;
            let mut transaction = Transaction::new(connection);
            let value = work(&mut transaction)?;
            committing = true;
            transaction.commit()?;
            Ok(value)
        });
        end.map_err(|fault| SqlError {
            // A Galera node that is cut off during COMMIT says that it failed, and the others may have it.
            maybe_committed: committing && fault.code != DEADLOCK,
            ..fault
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Opens a connection. A greeting that no server sends makes the driver panic; nothing was sent by then.
fn connect(options: mysql::Opts) -> mysql::Result<Conn> {
    catch_unwind(AssertUnwindSafe(|| Conn::new(options)))
        .unwrap_or_else(|_| Err(Misuse::UnexpectedPacket.into()))
}

/// Runs one statement.
fn step<T>(statement: &str, run: impl FnOnce() -> T) -> T {
    failpoint::around(|| failpoint::statement(statement), run)
}

/// Runs a text of so many statements; returns the rows of each. The driver itself does not report one that failed after
/// the first, and a statement without an answer must not look like one without rows.
fn run_all(connection: &mut Conn, text: &str, statements: usize) -> mysql::Result<Vec<Vec<Row>>> {
    let mut results = connection.query_iter(text)?;
    let mut found = Vec::with_capacity(statements);
    while let Some(rows) = results.iter() {
        found.push(rows.collect::<mysql::Result<_>>()?);
    }
    if found.len() == statements {
        Ok(found)
    } else {
        Err(Misuse::UnexpectedPacket.into())
    }
}

/// Closes the kept connection, at the end of the request.
pub fn close() {
    IDLE.close();
}

/// A cron run can take longer than the server keeps an idle connection; asking costs 50 µs.
fn take_idle(settings: &DatabaseSettings, answer_timeout: Duration) -> Option<Conn> {
    let mut connection = IDLE.take(&(settings.clone(), answer_timeout))?;
    connection.ping().is_ok().then_some(connection)
}
