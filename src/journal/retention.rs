//! The journal's retention: how long it keeps what has ended. What is open, or has no known end, is kept.

use super::statements::{FORGET_OF_SERVICE, FORGET_OLD, OLD_PAGE};
use super::{close_abandoned, open_on};
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;

const TASK: &str = "remove what is old from the journal";
/// Rows of a page, which are read in the order of the primary key. The oldest come first.
const PAGE: u64 = 1000;
/// Of a run: what is left is the next day's.
const MOST_PAGES: u32 = 100;

/// Removes what ended more than so many days ago; 0: nothing. One statement where nothing is so old.
pub fn forget_old(database: &mut Database, days: u32) -> Result<(), SqlError> {
    if days == 0 {
        return Ok(());
    }
    let mut after = 0;
    for _ in 0..MOST_PAGES {
        let page = params! { "after" => after, "days" => days, "page" => PAGE };
        let found = database.query(TASK, OLD_PAGE, page, |row| {
            (column::<u64>(row, 0), column::<u64>(row, 1))
        })?;
        let Some((old, last)) = found.into_iter().next().filter(|(old, _)| *old > 0) else {
            return Ok(());
        };
        let parameters = params! { "after" => after, "last" => last, "days" => days };
        database.execute(TASK, FORGET_OLD, parameters)?;
        if old < PAGE {
            return Ok(());
        }
        after = last;
    }
    Ok(())
}

/// Removes what the journal holds of a service that was deleted. False where an operation is open there, or has no known
/// end: then nothing is removed. The lock of a process that died keeps nothing: no command comes any more that would take
/// it over.
pub fn forget_service(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<bool, SqlError> {
    if is_open(database, module, service_id)? {
        close_abandoned(database, module, service_id)?;
        if is_open(database, module, service_id)? {
            return Ok(false);
        }
    }
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    database.execute(TASK, FORGET_OF_SERVICE, parameters)?;
    Ok(true)
}

fn is_open(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<bool, SqlError> {
    let (statement, parameters) = open_on(module, service_id);
    let open = database.query(TASK, statement, parameters, |_| ())?;
    Ok(!open.is_empty())
}
