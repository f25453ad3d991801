//! The user name column of the services of a server, where it holds the PHP module's marker in place of the name of the
//! account that is recorded: which they are, and the names in their place and back.

use crate::cometbackup::MODULE;
use crate::cometbackup::tables::accounts;
use crate::database::{Database, SqlError, column, params};
use crate::whmcs::{ServiceStatus, name_in_sql};

const READ: &str = "read the user names of the services of a server";
const WRITE: &str = "write the user names of the services of a server";

const MARKED: &str = "SELECT h.id, a.username FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    LEFT JOIN mod_cometbackup_accounts a ON a.service_id=h.id AND a.addon_id=0 AND a.state='created'
    WHERE h.server=:server AND p.servertype=:module AND TRIM(h.username)=:marker
      AND NOT FIND_IN_SET(h.domainstatus, :over)
    ORDER BY h.id";

/// What was there is recorded with it.
const WRITE_NAMES: &str = "UPDATE tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    JOIN mod_cometbackup_accounts a ON a.service_id=h.id AND a.addon_id=0 AND a.state='created'
    SET h.username=a.username, a.marker_at=UTC_TIMESTAMP()
    WHERE h.server=:server AND p.servertype=:module AND TRIM(h.username)=:marker
      AND NOT FIND_IN_SET(h.domainstatus, :over)";

/// Those that held the marker and hold the name since, with the custom field Username.
macro_rules! written {
    ($head:literal, $set:literal, $condition:literal) => {
        concat!(
            $head,
            " mod_cometbackup_accounts a
    JOIN tblhosting h ON h.id=a.service_id AND CAST(h.username AS BINARY)=CAST(a.username AS BINARY)
    LEFT JOIN (SELECT relid, MIN(id) AS id FROM tblcustomfields
      WHERE type='product' AND ",
            name_in_sql!("fieldname"),
            "='Username' GROUP BY relid) f
      ON f.relid=h.packageid
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=h.id",
            $set,
            " WHERE h.server=:server AND a.addon_id=0 AND a.state='created' AND a.marker_at IS NOT NULL",
            $condition
        )
    };
}

const WRITTEN: &str = written!(
    "SELECT h.id, a.username, COALESCE(CAST(TRIM(v.value) AS BINARY)=CAST(a.username AS BINARY), 0) FROM",
    "",
    " ORDER BY h.id"
);

const PUT_BACK: &str = written!(
    "UPDATE",
    " SET h.username=:marker, a.marker_at=NULL",
    " AND CAST(TRIM(v.value) AS BINARY)=CAST(a.username AS BINARY)"
);

/// Services that hold the marker; the name of the account of each, where one is recorded.
pub fn marked(
    database: &mut Database,
    server: u32,
    marker: &str,
) -> Result<Vec<(u32, Option<String>)>, SqlError> {
    database.with_schema(accounts::prepare, |database| {
        let parameters = params! {
            "server" => server, "module" => MODULE, "marker" => marker, "over" => ServiceStatus::over_words(),
        };
        database.query(READ, MARKED, parameters, |row| {
            (column(row, 0), column(row, 1))
        })
    })
}

/// Writes the names of the recorded accounts into the column of all that hold the marker, and returns how many have one
/// now. One statement: of all or of none.
pub fn write_names(database: &mut Database, server: u32, marker: &str) -> Result<u64, SqlError> {
    let parameters = params! {
        "server" => server, "module" => MODULE, "marker" => marker, "over" => ServiceStatus::over_words(),
    };
    // Two rows for each.
    Ok(database.execute(WRITE, WRITE_NAMES, parameters)? / 2)
}

/// Services that held the marker before: the name that the column holds since, and whether the custom field holds it too.
pub fn written(database: &mut Database, server: u32) -> Result<Vec<(u32, String, bool)>, SqlError> {
    database.with_schema(accounts::prepare, |database| {
        let parameters = params! { "server" => server };
        database.query(READ, WRITTEN, parameters, |row| {
            (column(row, 0), column(row, 1), column(row, 2))
        })
    })
}

/// Writes the marker back where the custom field holds the name, and returns of how many. One statement.
pub fn put_back(database: &mut Database, server: u32, marker: &str) -> Result<u64, SqlError> {
    let parameters = params! { "server" => server, "marker" => marker };
    Ok(database.execute(WRITE, PUT_BACK, parameters)? / 2)
}
