//! Who holds the open row of a service, and what becomes of it when that process is gone.

use super::statements::{ABANDON, HOLDER};
use super::{End, Intent, lease, open_key, with_schema};
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::worker::identity::Process;

pub struct Holder {
    id: u64,
    state: String,
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

pub fn holder(database: &mut Database, intent: &Intent<'_>) -> Result<Option<Holder>, SqlError> {
    let parameters = params! {
        "open_key" => open_key(intent), "longest" => lease::LONGEST.seconds(),
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

/// Ends the row of a process that died: before sending nothing can have happened, after it anything.
/// It is left alone where it has moved on, or was extended, since it was read: then the process lives.
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

/// Closes the open row of the service where its process died, so that its question is asked.
pub fn notice_the_dead(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<(), SqlError> {
    let intent = Intent {
        module,
        service_id,
        operation: "",
        asked: "",
    };
    match with_schema(database, |database| holder(database, &intent))? {
        Some(holder) if holder.is_gone() => abandon(database, &holder),
        _ => Ok(()),
    }
}
