//! Statements on many accounts at once, for the daily run.

use std::collections::HashSet;

use mysql::{Row, Value};

use crate::cometbackup::comet::server_identity::{ServerIdentity, ServerPlace};
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::cometbackup::tables::pages;
use crate::database::moment::is_older_than;
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::service_id::ServiceId;

const READ: &str = "read the table of accounts";
const WRITE: &str = "write the table of accounts";

const RECORD_SERVER: &str = "UPDATE IGNORE mod_cometbackup_accounts
    SET server_hash=:hash, server_address=:address, place_key=CONCAT(:hash, ' ', :address, ' ', username),
      guid_key=NULLIF(creation_guid, '')
    WHERE server_id=:server AND server_hash IS NULL AND state<>'ended'";

const WITHOUT_SERVER: &str = "SELECT a.service_id AS service_id, a.addon_id AS addon_id, a.username AS username,
      a.server_id AS server_id, COALESCE(h.id, o.id) IS NULL AS is_gone
    FROM mod_cometbackup_accounts a
    LEFT JOIN tblhosting h ON h.id=a.service_id AND a.addon_id=0
    LEFT JOIN tblhostingaddons o ON o.id=a.addon_id AND a.addon_id>0
    WHERE a.state<>'ended'
      AND a.server_id NOT IN (SELECT id FROM tblservers WHERE type='cometbackup')
      AND COALESCE(h.server, o.server, 0) NOT IN (SELECT id FROM tblservers WHERE type='cometbackup')";

const HOLDERS: &str = "SELECT guid_key, service_id, addon_id, server_id,
      COALESCE(server_hash, '') AS server_hash, COALESCE(server_address, '') AS server_address
    FROM mod_cometbackup_accounts WHERE guid_key IN ";

const ELSEWHERE: &str = "SELECT creation_guid FROM mod_cometbackup_accounts
    WHERE server_id<>:server AND state='created' AND creation_guid<>''";

/// Of services and product addons that WHMCS does not have any more.
const LONG_ENDED: &str = concat!(
    "SELECT a.id AS row_id FROM mod_cometbackup_accounts a
    LEFT JOIN tblhosting h ON h.id=a.service_id AND a.addon_id=0
    LEFT JOIN tblhostingaddons o ON o.id=a.addon_id AND a.addon_id>0
    WHERE a.state='ended' AND h.id IS NULL AND o.id IS NULL AND ",
    is_older_than!("a.ended_at", ":days DAY"),
    " ORDER BY a.id LIMIT 1000"
);

const FORGET: &str = "DELETE FROM mod_cometbackup_accounts WHERE state='ended' AND id IN ";

/// A service of a server entry whose account was recorded for another entry, or else for another address of this one.
const TO_CONFIRM: &str = "SELECT h.id AS service_id FROM mod_cometbackup_accounts a
    JOIN tblhosting h ON h.id=a.service_id AND a.addon_id=0
    WHERE h.server=:server AND a.state='created' ORDER BY a.server_id=:server, h.id LIMIT 1";

/// Pages of a run: what is left is the next day's.
const MOST_PAGES: u32 = 100;

/// Returns a service on this server entry for which staff may say that it is the server the accounts were recorded on.
pub fn to_confirm(database: &mut Database, server: u32) -> Result<Option<u32>, SqlError> {
    let parameters = params! { "server" => server };
    let found = database.query(READ, TO_CONFIRM, parameters, |row| column(row, 0));
    Ok(nothing_without_table(found)?.into_iter().next())
}

/// A recorded account whose service is on none of WHMCS's Comet servers, nor is the account.
pub struct WithoutServer {
    pub service_id: ServiceId,
    /// WHMCS has no such service any more.
    pub is_gone: bool,
    pub username: String,
    /// The server entry that it was recorded for.
    pub entry: u32,
}

/// The service that has an account, by the account's identity, and where it was recorded.
pub struct AccountHolder {
    pub guid: String,
    pub service_id: ServiceId,
    pub place: ServerPlace,
}

/// Rows of an earlier version get the Comet Server of their entry, where it said which one it is. One statement.
pub fn record_server(database: &mut Database, here: &ServerPlace) -> Result<(), SqlError> {
    if here.server.is_complete() {
        let parameters = params! {
            "hash" => &here.server.hash, "address" => &here.server.address, "server" => here.entry,
        };
        database.execute(WRITE, RECORD_SERVER, parameters)?;
    }
    Ok(())
}

/// Reads the accounts without server; none where there is no table yet.
pub fn without_server(database: &mut Database) -> Result<Vec<WithoutServer>, SqlError> {
    let rows = database.query(READ, WITHOUT_SERVER, (), |row| WithoutServer {
        service_id: service_id(row),
        is_gone: column(row, "is_gone"),
        username: column(row, "username"),
        entry: column(row, "server_id"),
    });
    nothing_without_table(rows)
}

/// Records the identities of accounts that have none yet, by row. One statement where there are any.
pub fn record_identities(
    database: &mut Database,
    identities: &[(u64, &str)],
) -> Result<(), SqlError> {
    if identities.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "UPDATE IGNORE mod_cometbackup_accounts SET creation_guid=CASE id {} END, guid_key=creation_guid
        WHERE state='created' AND COALESCE(creation_guid, '')='' AND id IN {}",
        "WHEN ? THEN ? ".repeat(identities.len()),
        placeholders(identities.len())
    );
    let pairs = identities.iter();
    let pairs = pairs.flat_map(|(row, guid)| [Value::from(row), Value::from(guid)]);
    let rows = identities.iter().map(|(row, _)| Value::from(row));
    let values: Vec<Value> = pairs.chain(rows).collect();
    database.execute(WRITE, &statement, values)?;
    Ok(())
}

/// Ends accounts that are gone, with what is kept of their pages; their services may get others. Two statements where there
/// are any.
pub fn end(database: &mut Database, rows: &[u64]) -> Result<(), SqlError> {
    if rows.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "UPDATE mod_cometbackup_accounts
        SET state='ended', owner_key=NULL, name_key=NULL, place_key=NULL, guid_key=NULL, ended_at=UTC_TIMESTAMP()
        WHERE state='created' AND id IN {}",
        placeholders(rows.len())
    );
    let values: Vec<Value> = rows.iter().map(Value::from).collect();
    database.execute(WRITE, &statement, values)?;
    pages::end(database, rows)
}

/// Returns which services have accounts of these identities. One statement where any identity is known.
pub fn holders(database: &mut Database, guids: &[&str]) -> Result<Vec<AccountHolder>, SqlError> {
    let known = guids.iter().filter(|guid| !guid.is_empty());
    let known: Vec<Value> = known.map(Value::from).collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{HOLDERS}{}", placeholders(known.len()));
    database.query(READ, &statement, known, |row| AccountHolder {
        guid: column(row, "guid_key"),
        service_id: service_id(row),
        place: ServerPlace {
            entry: column(row, "server_id"),
            server: ServerIdentity {
                hash: column(row, "server_hash"),
                address: column(row, "server_address"),
            },
        },
    })
}

/// Returns the identities of accounts that are recorded for other server entries. One statement.
pub fn recorded_elsewhere(
    database: &mut Database,
    server: u32,
) -> Result<HashSet<Fingerprint>, SqlError> {
    let parameters = params! { "server" => server };
    let found = database.query(READ, ELSEWHERE, parameters, |row| {
        Fingerprint::of(&column::<String>(row, 0))
    })?;
    Ok(found.into_iter().collect())
}

/// Removes accounts that ended more than so many days ago and whose services WHMCS does not have any more: they hold user
/// names of former customers. 0: none. One statement where there are none.
pub fn forget_ended(database: &mut Database, days: u32) -> Result<(), SqlError> {
    if days == 0 {
        return Ok(());
    }
    for _ in 0..MOST_PAGES {
        let found = database.query(READ, LONG_ENDED, params! { "days" => days }, |row| {
            Value::from(column::<u64>(row, "row_id"))
        });
        let rows = nothing_without_table(found)?;
        if rows.is_empty() {
            return Ok(());
        }
        let statement = format!("{FORGET}{}", placeholders(rows.len()));
        database.execute(WRITE, &statement, rows)?;
    }
    Ok(())
}

fn service_id(row: &Row) -> ServiceId {
    ServiceId::from_columns(column(row, "service_id"), column(row, "addon_id"))
}
