//! The lock on a service: one command at a time changes it, whichever process, web server or Galera node runs it.
//!
//! Its row holds the unique key; each request gets a row of its own, and the lock's row is removed at the end.

use std::time::{Duration, Instant};

use mysql::Row;

use super::holder::{abandon, holder};
use super::lease::Lease;
use super::parameters::{of_process, of_service, open_key};
use super::statements::{
    ACQUIRE, CLOSE_LEFT_OPEN, CLOSE_UNSENT, CLOSE_UNSTORED, FORGET_OWN, LOCKED, SENT, WITHDRAW,
};
use crate::clock;
use crate::database::{DUPLICATE, Database, Query, SqlError, column, params};
use crate::error::Error;
use crate::installation;
use crate::service_id::ServiceId;
use crate::text::first_characters;
use crate::worker::identity::Process;

const TASK: &str = "write the journal";

/// How long a second caller waits for the first one's end before it returns `Error::Busy`.
const PATIENCE: Duration = Duration::from_secs(10);

/// A lock that is held. Whoever holds it writes each request down through it, and gets `Error::Busy` once it was taken over.
#[derive(Debug)]
#[must_use = "a lock that is not released blocks the service"]
pub struct ServiceLock {
    id: u64,
    module: &'static str,
    service_id: ServiceId,
    lease: Lease,
    /// The last row that this lock wrote.
    latest: u64,
    /// Whether an operation on the service may have no known end: where none has, nothing is asked about them.
    has_unknown: bool,
}

/// Readings under a lock, in the round trip that acquires it; and what makes the tables they need.
pub struct Readings<'a, const N: usize> {
    pub statements: [Query; N],
    pub prepare: &'a dyn Fn(&mut Database) -> Result<(), SqlError>,
}

impl ServiceLock {
    /// Waits for another process that works on the service, and takes over from one that died. What it left open is
    /// closed, in the same round trip.
    ///
    /// # Errors
    /// `Error::Busy` when the other process is still at work after ten seconds; `Error::Refusal` in a copy of WHMCS.
    pub fn acquire(
        database: &mut Database,
        module: &'static str,
        service_id: ServiceId,
        lease: Lease,
    ) -> Result<Self, Error> {
        let nothing = Readings {
            statements: [],
            prepare: &|_| Ok(()),
        };
        Self::acquire_and_read(database, module, service_id, lease, &nothing).map(|(lock, _)| lock)
    }

    /// Acquires it and reads what the command begins with: nobody else changes that from here on.
    pub fn acquire_and_read<const N: usize>(
        database: &mut Database,
        module: &'static str,
        service_id: ServiceId,
        lease: Lease,
        readings: &Readings<'_, N>,
    ) -> Result<(Self, [Vec<Row>; N]), Error> {
        installation::own(database)?;
        let waited = Instant::now();
        let mut pause = Duration::from_millis(20);
        let mut since = None;
        loop {
            let fault = match try_acquire(database, module, service_id, lease, readings) {
                Ok(acquired) => return Ok(acquired),
                Err(fault) => fault,
            };
            if fault.code == DUPLICATE {
                match holder(database, module, service_id)? {
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

    pub const fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// The end of one of the lock's requests is not known.
    pub(super) const fn note_unknown(&mut self) {
        self.has_unknown = true;
    }

    /// The module and the service.
    pub(super) const fn subject(&self) -> (&'static str, ServiceId) {
        (self.module, self.service_id)
    }

    /// Writes down one request, which may leave from here on, and extends the lock: one statement, which does nothing
    /// where the lock was taken over. Returns the row.
    ///
    /// # Errors
    /// `Error::Busy` where the lock is another's by now; nothing may be sent then.
    pub(super) fn write_down(
        &mut self,
        database: &mut Database,
        operation: &'static str,
        asked: &str,
    ) -> Result<u64, Error> {
        let parameters = params! {
            "lock" => self.id,
            "operation" => operation,
            "asked" => first_characters(asked, 255),
            "lease" => self.lease.seconds(),
        };
        match database.insert(TASK, SENT, parameters) {
            Ok(0) => Err(Error::Busy {
                since: clock::now(),
            }),
            Ok(id) => {
                self.latest = id;
                Ok(id)
            }
            Err(fault) => {
                // Where the answer was lost the row may stand there, and says that something was sent.
                if fault.code == 0 {
                    self.close_unsent(database)?;
                }
                Err(fault.into())
            }
        }
    }

    /// Takes the lock's row back. The last request's row is closed where its end could not be written: a row in state
    /// `sent` always has a lock, or the process of one, beside it. Where the database is away for a moment it is tried
    /// again: the row of a process that lives on would stop all others for minutes.
    pub fn release(self, database: &mut Database) -> Result<(), SqlError> {
        let withdraw = || (WITHDRAW, params! { "id" => self.id });
        database.retrying(|database| {
            if self.latest == self.id {
                let (statement, parameters) = withdraw();
                return database.execute(TASK, statement, parameters).map(drop);
            }
            let close = (CLOSE_UNSTORED, params! { "id" => self.latest });
            database.query_all(TASK, &[close, withdraw()]).map(drop)
        })
    }

    /// Releases the lock at the end of what was done under it; a failure of that is returned, else one to release it.
    pub fn release_after<T>(
        self,
        database: &mut Database,
        done: Result<T, Error>,
    ) -> Result<T, Error> {
        let released = self.release(database);
        let value = done?;
        released?;
        Ok(value)
    }

    fn close_unsent(&self, database: &mut Database) -> Result<(), SqlError> {
        let mut parameters = of_service(self.module, self.service_id);
        parameters.extend(of_process(&Process::own()));
        parameters.push(("latest".into(), self.latest.into()));
        database.retrying(|database| {
            let parameters = parameters.clone();
            database.execute(TASK, CLOSE_UNSENT, parameters).map(drop)
        })
    }
}

/// Closes what a process that died left open on the service, so that its question is asked. Where one lives there,
/// nothing is closed.
pub fn close_abandoned(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<(), SqlError> {
    let nothing = Readings {
        statements: [],
        prepare: &|_| Ok(()),
    };
    let lease = Lease::WITHOUT_REQUEST;
    let acquire =
        |database: &mut Database| try_acquire(database, module, service_id, lease, &nothing);
    let acquired = match acquire(database) {
        Err(fault) if fault.code == DUPLICATE => match holder(database, module, service_id)? {
            Some(holder) if !holder.is_gone() => return Ok(()),
            Some(holder) => {
                abandon(database, &holder)?;
                acquire(database)
            }
            None => acquire(database),
        },
        acquired => acquired,
    };
    match acquired {
        Ok((lock, [])) => lock.release(database),
        // Another command was quicker: it has closed what was left.
        Err(fault) if fault.code == DUPLICATE => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// Inserts the lock's row, closes what was left open, and reads: one round trip.
fn try_acquire<const N: usize>(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    lease: Lease,
    readings: &Readings<'_, N>,
) -> Result<(ServiceLock, [Vec<Row>; N]), SqlError> {
    let own = Process::own();
    let key = open_key(module, service_id);
    let mut acquire = of_service(module, service_id);
    acquire.push(("open_key".into(), (&key).into()));
    acquire.extend(of_process(&own));
    acquire.push(("lease".into(), lease.seconds().into()));
    let mut statements: Vec<Query> = vec![
        (ACQUIRE, acquire.into()),
        (CLOSE_LEFT_OPEN, of_service(module, service_id).into()),
        (LOCKED, of_service(module, service_id).into()),
    ];
    statements.extend(readings.statements.iter().cloned());
    let prepare = |database: &mut Database| {
        (readings.prepare)(database)?;
        super::prepare(database)
    };
    let found = database.with_schema(prepare, |database| {
        let found = database.query_list(TASK, &statements);
        // The first statement may have been carried out without the others. Its own error is returned, not that of the removal.
        if found.as_ref().is_err_and(|fault| fault.code != 0) {
            let mut parameters = of_process(&own);
            parameters.push(("open_key".into(), (&key).into()));
            drop(database.execute(TASK, FORGET_OWN, parameters));
        }
        found
    })?;
    let mut found = found.into_iter().skip(2);
    let locked = found.next().unwrap_or_default();
    let read = |row: &Row| (column(row, 0), column::<u8>(row, 1) != 0);
    let (id, has_unknown) = locked.first().map(read).unwrap_or_default();
    let lock = ServiceLock {
        id,
        module,
        service_id,
        lease,
        latest: id,
        has_unknown,
    };
    Ok((
        lock,
        std::array::from_fn(|_| found.next().unwrap_or_default()),
    ))
}
