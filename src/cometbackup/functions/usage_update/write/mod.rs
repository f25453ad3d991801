//! The figures into WHMCS: columns of `tblhosting`, and custom fields of product addons.
//!
//! Rows go to a temporary table in large pieces and from there in one statement, so that all of a server change or none.

mod addons;

use std::fmt::{self, Display, Formatter};

use super::Usage;
use super::books::Books;
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::whmcs::Host;

const TASK: &str = "write the disk usage of a server";

/// Below the smallest `max_allowed_packet` that is in use, 1 MB.
const PIECE: usize = 900_000;

const DROP: &str = "DROP TEMPORARY TABLE IF EXISTS mod_cometbackup_usage";

const CREATE: &str = "CREATE TEMPORARY TABLE mod_cometbackup_usage
    (service_id INT UNSIGNED NOT NULL PRIMARY KEY, used INT NULL, allowed INT NULL)";

const INSERT: &str = "INSERT INTO mod_cometbackup_usage (service_id, used, allowed) VALUES ";

const UPDATE: &str = "UPDATE tblhosting h JOIN mod_cometbackup_usage u ON u.service_id=h.id
    SET h.diskusage=COALESCE(u.used, h.diskusage), h.disklimit=COALESCE(u.allowed, h.disklimit), h.lastupdate=NOW()
    WHERE h.server=?";

/// All figures that were found.
pub fn all(
    host: &dyn Host,
    database: &mut Database,
    server: u32,
    books: &Books,
) -> Result<(), Error> {
    let services = books.found().filter(|(entry, _)| entry.definition == 0);
    let addons = books.found().filter(|(entry, _)| entry.definition > 0);
    database.execute_raw(TASK, DROP)?;
    database.execute_raw(TASK, CREATE)?;
    let rows = services.map(|(entry, usage)| format!("({},{})", entry.id, Pair(usage)));
    insert(database, INSERT, rows)?;
    let has_addons = addons::prepare(host, database, addons)?;
    change(database, server, has_addons)?;
    database.execute_raw(TASK, DROP)?;
    if has_addons {
        addons::forget(database)?;
    }
    Ok(())
}

fn change(database: &mut Database, server: u32, has_addons: bool) -> Result<(), SqlError> {
    database.transaction(TASK, |transaction| {
        transaction.execute(UPDATE, (server,))?;
        if has_addons {
            addons::change(transaction)?;
        }
        Ok(())
    })
}

/// In as few statements as the server's packets allow. The rows hold nothing from outside but numbers.
fn insert(
    database: &mut Database,
    head: &str,
    rows: impl Iterator<Item = String>,
) -> Result<(), SqlError> {
    let mut statement = head.to_owned();
    for row in rows {
        if statement.len() + row.len() > PIECE {
            database.execute_raw(TASK, &statement)?;
            statement.truncate(head.len());
        }
        if statement.len() > head.len() {
            statement.push(',');
        }
        statement.push_str(&row);
    }
    if statement.len() > head.len() {
        database.execute_raw(TASK, &statement)?;
    }
    Ok(())
}

/// Two columns of a row.
struct Pair(Usage);

impl Display for Pair {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sql = |number: Option<i32>| number.map_or("NULL".to_owned(), |it| it.to_string());
        write!(f, "{},{}", sql(self.0.used), sql(self.0.limit))
    }
}
