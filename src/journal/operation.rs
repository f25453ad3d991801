//! The one way to change anything remote: write down, send, judge, and close with what is stored.
//!
//! `run` writes the request down in state `sent`, by a statement that succeeds only while the lock is the caller's, and
//! sends it. What `send` returns is the judgment. Where nothing has changed, or that is not known, the row says so before
//! anything else happens. What was carried out is a `Done`: its row is closed in the transaction that stores what came of it.

use super::lock::ServiceLock;
use super::parameters::{answer_parameters, found_parameters, settle_parameters, with_state};
use super::statements::{DONE, FAILED_OR_UNKNOWN, FOUND, SETTLE};
use super::{Answer, End, Operation};
use crate::database::{Database, SqlError, Transaction};
use crate::error::Error;
use crate::outcome::{Answered, Outcome};
use crate::service_id::ServiceId;

const TASK: &str = "write the journal";

/// The end of a request.
#[must_use = "what was carried out is not closed yet"]
pub enum Ended<T> {
    /// Carried out, and to be closed.
    Done(Done<T>),
    /// Nothing has changed, and the journal says so.
    Failed(Error),
    /// It may have been carried out, and the journal says so.
    Unknown(Unknown),
}

/// A request that was carried out. Its row is open until what came of it is stored.
#[must_use = "a row that is not closed is taken for one without a known end"]
pub struct Done<T> {
    row: Row,
    answered: Answered<T>,
}

/// A request whose end is not known.
#[must_use]
pub struct Unknown {
    row: Row,
    pub error: Error,
}

/// The request's row in the journal.
struct Row {
    id: u64,
    module: &'static str,
    service_id: ServiceId,
    operation: &'static str,
    asked: String,
    /// Whether earlier requests for the same may have no known end: they end with this one.
    settles: bool,
}

/// Writes the request down, sends it and records an end that changes nothing here.
///
/// # Errors
/// Without a lock, and `Error::Busy` where it was taken over; nothing was sent then. An end that could not be written.
pub fn run<T>(
    database: &mut Database,
    lock: Option<&mut ServiceLock>,
    operation: Operation<'_>,
    send: impl FnOnce() -> Outcome<T>,
) -> Result<Ended<T>, Error> {
    let lock = lock.ok_or_else(|| {
        Error::Refusal(format!(
            "Could not {}: the lock on the service is not held. Nothing was sent; report this.",
            operation.asked
        ))
    })?;
    let (module, service_id) = lock.subject();
    let row = Row {
        id: lock.write_down(database, operation.name, operation.asked)?,
        module,
        service_id,
        operation: operation.name,
        asked: operation.asked.to_owned(),
        settles: lock.has_unknown(),
    };
    match send() {
        Outcome::Done(answered) => Ok(Ended::Done(Done { row, answered })),
        Outcome::Failed(error) => {
            row.end(database, End::Failed, &Answer::of(&error))?;
            Ok(Ended::Failed(error))
        }
        Outcome::Unknown(error) => {
            lock.note_unknown();
            row.end(database, End::Unknown, &Answer::of(&error))?;
            Ok(Ended::Unknown(Unknown { row, error }))
        }
    }
}

/// Stores what came of a request whose row has been closed since, or is not known to be. `store` finds out whether that
/// was done already.
pub fn store_later(
    database: &mut Database,
    task: &str,
    (row, answer): (u64, &Answer),
    store: impl Fn(&mut Transaction<'_>) -> mysql::Result<()>,
) -> Result<(), SqlError> {
    database.transaction(task, |transaction| {
        transaction.execute(DONE, answer_parameters(row, answer))?;
        store(transaction)
    })
}

/// Records what was found out about a service, together with what `store` writes of it. Nothing is sent. False where
/// `store` finds nothing left to write.
pub fn record(
    database: &mut Database,
    lock: &ServiceLock,
    task: &str,
    (operation, answer): (Operation<'_>, &Answer),
    store: impl Fn(&mut Transaction<'_>) -> mysql::Result<bool>,
) -> Result<bool, SqlError> {
    let (module, service_id) = lock.subject();
    database.transaction(task, |transaction| {
        let has_stored = store(transaction)?;
        if has_stored {
            transaction.execute(
                FOUND,
                found_parameters(module, service_id, operation, answer),
            )?;
        }
        Ok(has_stored)
    })
}

impl<T> Done<T> {
    pub const fn value(&self) -> &T {
        &self.answered.value
    }

    /// The id that the remote API gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.answered.request_id.as_deref()
    }

    /// The row's id, for what is kept outside the database.
    pub const fn row(&self) -> u64 {
        self.row.id
    }

    /// Closes the row, together with what `store` writes and with earlier requests for the same. `None` where an earlier
    /// try was committed and only the word of it was lost. A new connection is tried where this one breaks.
    pub fn store<S>(
        &self,
        database: &mut Database,
        task: &str,
        answer: &Answer,
        store: impl Fn(&mut Transaction<'_>, &T) -> mysql::Result<S>,
    ) -> Result<Option<S>, SqlError> {
        database.retrying(|database| {
            database.transaction(task, |transaction| {
                if !self.row.close(transaction, answer)? {
                    return Ok(None);
                }
                store(transaction, self.value()).map(Some)
            })
        })
    }

    /// Closes the row, where nothing else is stored.
    pub fn close(self, database: &mut Database, answer: &Answer) -> Result<T, SqlError> {
        if self.row.settles {
            self.store(database, TASK, answer, |_, _| Ok(()))?;
        } else {
            let parameters = || answer_parameters(self.row.id, answer);
            database.retrying(|database| database.execute(TASK, DONE, parameters()).map(drop))?;
        }
        Ok(self.answered.value)
    }

    /// Records that what was carried out was undone again, because it could not be stored.
    pub fn undone(&self, database: &mut Database, answer: &Answer) -> Result<(), SqlError> {
        self.row.end(database, End::Failed, answer)
    }
}

impl Unknown {
    /// The remote side was asked since: it was carried out.
    pub fn found_done<T>(self, value: T) -> Done<T> {
        Done {
            row: Row {
                settles: true,
                ..self.row
            },
            answered: Answered {
                value,
                request_id: self.error.request_id().map(str::to_owned),
            },
        }
    }
}

impl Row {
    /// Returns false where it is closed as done already. `done` wins: the row may have been closed as abandoned, but the remote
    /// change did happen.
    fn close(&self, transaction: &mut Transaction<'_>, answer: &Answer) -> mysql::Result<bool> {
        if transaction.execute(DONE, answer_parameters(self.id, answer))? != 1 {
            return Ok(false);
        }
        if self.settles {
            let same = Operation {
                name: self.operation,
                asked: &self.asked,
            };
            let settle = settle_parameters(self.module, self.service_id, same, End::Done);
            transaction.execute(SETTLE, settle)?;
        }
        Ok(true)
    }

    /// Also where the database is away for a moment.
    fn end(&self, database: &mut Database, end: End, answer: &Answer) -> Result<(), SqlError> {
        let parameters = || with_state(answer_parameters(self.id, answer), end);
        database.retrying(|database| {
            database
                .execute(TASK, FAILED_OR_UNKNOWN, parameters())
                .map(drop)
        })
    }
}
