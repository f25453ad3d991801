//! The lock on a service, for a function of several requests: its row holds the key, each request gets a row of its own,
//! and the lock's row is removed at the end.

use mysql::Row;

use super::lease::Lease;
use super::parameters::cut;
use super::statements::{
    BEGIN, CLOSE_LEFT_OPEN, CLOSE_UNSENT, FORGET_OWN, LOCKED, SENT_IN_LOCK, WITHDRAW,
};
use super::{Entry, Intent, busy, column, insert_parameters, open_key, wait_for};
use crate::database::{Database, SqlError, params};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::worker::identity::Process;

const TASK: &str = "write the journal";

/// A lock that is held. Whoever holds it writes each request down through it, and is told when it was taken over.
#[derive(Debug)]
#[must_use = "a lock that is not released blocks the service"]
pub struct Lock {
    id: u64,
    intent: Intent<'static>,
    lease: Lease,
    /// The highest row that this lock knows of.
    latest: u64,
    /// Whether an operation on the service may have no known end: where none has, nothing is asked about them.
    has_unknown: bool,
}

impl Lock {
    /// Waits for another process that works on the service, and takes over from one that died. What it left open is
    /// closed, in the same round trip.
    pub fn acquire(
        database: &mut Database,
        module: &'static str,
        service_id: ServiceId,
        lease: Lease,
    ) -> Result<Self, Error> {
        let intent = Intent {
            module,
            service_id,
            operation: "turn",
            asked: "work on the service",
        };
        let (id, has_unknown) =
            wait_for(database, &intent, |database| take(database, &intent, lease))?;
        Ok(Self {
            id,
            intent,
            lease,
            latest: id,
            has_unknown,
        })
    }

    pub const fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// The end of one of the lock's requests is not known.
    pub const fn note_unknown(&mut self) {
        self.has_unknown = true;
    }

    /// Writes down one request, which may leave from here on, and extends the lock: one statement, which does nothing
    /// where the lock was taken over.
    ///
    /// # Errors
    /// `Error::Busy` where the lock is another's by now; nothing may be sent then.
    pub fn send(
        &mut self,
        database: &mut Database,
        operation: &'static str,
        asked: &str,
    ) -> Result<Entry, Error> {
        let parameters = params! {
            "lock" => self.id,
            "operation" => operation,
            "asked" => cut(asked, 255),
            "lease" => self.lease.seconds(),
        };
        match database.insert(TASK, SENT_IN_LOCK, parameters) {
            Ok(0) => Err(busy()),
            Ok(id) => {
                self.latest = id;
                Ok(Entry { id })
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

    /// Takes the lock's row back. Where the database is away for a moment it is tried again: the row of a process that
    /// lives on would stop all others for minutes.
    pub fn release(self, database: &mut Database) -> Result<(), SqlError> {
        database.retrying(|database| {
            database.execute(TASK, WITHDRAW, params! { "id" => self.id })?;
            Ok(())
        })
    }

    fn close_unsent(&self, database: &mut Database) -> Result<(), SqlError> {
        let own = Process::own();
        let Intent {
            module, service_id, ..
        } = self.intent;
        database.retrying(|database| {
            let parameters = params! {
                "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
                "latest" => self.latest, "host" => &own.host, "process" => &own.name,
            };
            database.execute(TASK, CLOSE_UNSENT, parameters)?;
            Ok(())
        })
    }
}

/// The id of the lock's row, and whether an operation on the service has no known end.
fn take(
    database: &mut Database,
    intent: &Intent<'_>,
    lease: Lease,
) -> Result<(u64, bool), SqlError> {
    let service_id = intent.service_id;
    let of_service = || {
        params! {
            "module" => intent.module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
        }
    };
    let begin = insert_parameters(intent, open_key(intent), lease);
    let statements = [
        (BEGIN, begin),
        (CLOSE_LEFT_OPEN, of_service()),
        (LOCKED, of_service()),
    ];
    match database.query_all(TASK, &statements) {
        Ok([_, _, locked]) => {
            let row = locked.first();
            let read = |row: &Row| (column(row, 0), column::<u8>(row, 1) != 0);
            Ok(row.map(read).unwrap_or_default())
        }
        Err(fault) => {
            // The first statement may have been carried out without the others. What failed is what is told.
            if fault.code != 0 {
                let own = Process::own();
                let parameters = params! {
                    "open_key" => open_key(intent), "host" => own.host, "process" => own.name,
                };
                drop(database.execute(TASK, FORGET_OWN, parameters));
            }
            Err(fault)
        }
    }
}
