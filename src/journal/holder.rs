//! Who holds the lock on a service, and what becomes of its row when that process is gone.

use super::End;
use super::lease;
use super::parameters::open_key;
use super::statements::{ABANDON, HOLDER};
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::worker::identity::Process;

pub struct Holder {
    id: u64,
    state: String,
    /// UTC.
    pub begun_at: String,
    process: Process,
    /// Until when it holds the lock, as the database has it.
    expiry: Option<String>,
    /// Its process has not written for longer than its requests may take.
    has_expired: bool,
}

impl Holder {
    pub fn is_gone(&self) -> bool {
        self.has_expired || self.process.is_gone()
    }
}

pub fn holder(
    database: &mut Database,
    module: &str,
    service_id: ServiceId,
) -> Result<Option<Holder>, SqlError> {
    let parameters = params! {
        "open_key" => open_key(module, service_id), "longest" => lease::LONGEST.seconds(),
    };
    let rows = database.query("read the journal", HOLDER, parameters, |row| Holder {
        id: column(row, 0),
        state: column(row, 1),
        begun_at: column(row, 2),
        process: Process {
            host: column(row, 3),
            name: column(row, 4),
        },
        expiry: column(row, 5),
        has_expired: column(row, 6),
    })?;
    Ok(rows.into_iter().next())
}

/// Ends the row of a process that died. Earlier versions locked a service with the row of a request, in state `sent` where
/// anything can have happened. It is left alone where it was extended, or has moved on, since it was read: then the
/// process lives.
pub fn abandon(database: &mut Database, holder: &Holder) -> Result<(), SqlError> {
    let (end, text) = if holder.state == "sent" {
        (End::Unknown, "the process ended before the answer came")
    } else {
        (End::Failed, "the process ended before the request was sent")
    };
    database.execute(
        "write the journal",
        ABANDON,
        params! {
            "id" => holder.id,
            "seen" => &holder.state,
            "seen_expiry" => &holder.expiry,
            "state" => end.state(),
            "answered" => text,
        },
    )?;
    Ok(())
}
