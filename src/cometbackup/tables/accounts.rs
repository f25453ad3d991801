//! The table `mod_cometbackup_accounts`: which account on which server belongs to which service or product addon.
//!
//! Written before an account is created. The name recorded here is the account's, whatever a custom field says today.

use mysql::Row;

use super::accounts_schema;
use super::deletions::Deletion;
use super::pages;
use crate::cometbackup::comet::server_identity::{ServerIdentity, ServerPlace, Standing};
use crate::database::moment::is_recent;
use crate::database::schema::nothing_without_table;
use crate::database::{DUPLICATE, Database, Query, SqlError, Transaction, column, params};
use crate::service_id::ServiceId;

pub use accounts_schema::{prepare, record_clients};

const FIND: &str = concat!(
    "SELECT id, server_id, username, creation_guid, vault_id, state, COALESCE(server_hash, ''),
      COALESCE(server_address, ''), client_id, email_hash, name_hash, ",
    is_recent!("transfer_at", "10 MINUTE"),
    ", marker_at IS NOT NULL, delete_days, COALESCE(delete_state, '')
    FROM mod_cometbackup_accounts WHERE owner_key=:owner_key"
);

const INSERT: &str = "INSERT INTO mod_cometbackup_accounts
    (service_id, addon_id, server_id, username, creation_guid, state, owner_key, name_key, planned_at, created_at,
      server_hash, server_address, place_key, guid_key)
    VALUES (:service, :addon, :server, :username, :guid, :state, :owner_key, :name_key, UTC_TIMESTAMP(),
      IF(:state='created', UTC_TIMESTAMP(), NULL), NULLIF(:hash, ''), NULLIF(:address, ''), :place_key, NULLIF(:guid, ''))";

const RENAME: &str = "UPDATE mod_cometbackup_accounts
    SET username=:username, name_key=:name_key, place_key=:place_key WHERE id=:id AND state='planned'";

const CREATED: &str = "UPDATE mod_cometbackup_accounts
    SET state='created', creation_guid=COALESCE(:guid, creation_guid), guid_key=NULLIF(creation_guid, ''),
      created_at=COALESCE(created_at, UTC_TIMESTAMP())
    WHERE id=:id AND state<>'ended'";

/// Within the transaction that ends the creation, where the contact is about to be written.
const CREATED_FOR: &str = "UPDATE mod_cometbackup_accounts
    SET state='created', created_at=COALESCE(created_at, UTC_TIMESTAMP()),
      client_id=:client, email_hash=:email, name_hash=:name
    WHERE id=:id AND state<>'ended'";

const CONTACT: &str = "UPDATE mod_cometbackup_accounts
    SET client_id=:client, email_hash=:email, name_hash=:name, transfer_at=NULL WHERE id=:id";

const TRANSFER: &str =
    "UPDATE mod_cometbackup_accounts SET transfer_at=UTC_TIMESTAMP() WHERE id=:id";

/// The entry and the Comet Server that an account is on.
const PLACE: &str = "UPDATE mod_cometbackup_accounts SET server_id=:server, name_key=:name_key,
      server_hash=NULLIF(:hash, ''), server_address=NULLIF(:address, ''), place_key=:place_key,
      guid_key=NULLIF(creation_guid, '')
    WHERE id=:id AND state<>'ended'";

/// Left by an earlier version, which does not know these keys.
const FREE: &str = "UPDATE mod_cometbackup_accounts SET place_key=NULL, guid_key=NULL
    WHERE state='ended' AND (place_key IS NOT NULL OR guid_key IS NOT NULL)";

const VAULT: &str = "UPDATE mod_cometbackup_accounts SET vault_id=:vault WHERE id=:id";

const END: &str = "UPDATE mod_cometbackup_accounts
    SET state='ended', owner_key=NULL, name_key=NULL, place_key=NULL, guid_key=NULL, ended_at=UTC_TIMESTAMP() WHERE id=:id";

const ENDED: &str = "SELECT 1 FROM mod_cometbackup_accounts
    WHERE service_id=:service AND addon_id=:addon AND state='ended' LIMIT 1";

const WRITE: &str = "write the table of accounts";

const ACTIVE: &str = "SELECT 1 FROM mod_cometbackup_accounts WHERE owner_key=:owner_key";

const ADDONS: &str = "SELECT DISTINCT addon_id FROM mod_cometbackup_accounts
    WHERE service_id=:service AND addon_id>0 LIMIT 1000";

const FORGET_ENDED: &str = "DELETE FROM mod_cometbackup_accounts
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND state='ended'";

/// The recorded contact of an account: hashes of what we wrote, and the client the account was created for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedContact {
    pub email: Option<String>,
    pub name: Option<String>,
    /// `None` in rows of an earlier version until it is first seen.
    pub client_id: Option<u32>,
}

impl RecordedContact {
    /// Whether the service has another client now than the account was created for.
    pub fn is_for_another(&self, client_id: u32) -> bool {
        client_id > 0
            && self
                .client_id
                .is_some_and(|created_for| created_for != client_id)
    }
}

/// An account of a service that has not ended.
#[derive(Debug, Clone)]
pub struct Account {
    pub row: u64,
    /// The place where it was recorded; of what an earlier version recorded only the entry is known.
    pub place: ServerPlace,
    /// Whether the server of the service is that one.
    pub standing: Standing,
    pub username: String,
    /// `None` until the profile was read once.
    pub creation_guid: Option<String>,
    /// The storage vault that the plan pays for.
    pub vault_id: Option<String>,
    /// Not known to be created; the journal says whether the request was sent.
    pub is_planned: bool,
    /// What we wrote into it of the client, and whom it was created for.
    pub written: RecordedContact,
    /// Staff pressed the button once a moment ago: the second press transfers the account.
    pub is_transfer_asked: bool,
    /// The user name column of the service held the PHP module's marker, and staff have had the name written there.
    pub had_marker: bool,
    /// Its service was terminated, and the daily run deletes it.
    pub deletion: Option<Deletion>,
}

impl Account {
    /// Whether an account with this `CreationGUID` is the recorded one. Servers without it, and accounts that were
    /// never read, leave nothing to compare.
    pub fn is_of(&self, guid: &str) -> bool {
        let recorded = self.creation_guid.as_deref();
        guid.is_empty() || recorded.is_none_or(|recorded| recorded == guid)
    }

    /// Whether it is, on a server that may be another one: here an identity has to be known, and equal.
    pub fn is_certainly(&self, guid: &str) -> bool {
        !guid.is_empty() && self.creation_guid.as_deref() == Some(guid)
    }

    /// Whether an account that its service's server has under the name is this one.
    pub fn is_here(&self, guid: &str) -> bool {
        match self.standing {
            Standing::Same | Standing::SameByAnotherEntry => self.is_of(guid),
            Standing::Confirmed | Standing::Unconfirmed => self.is_certainly(guid),
        }
    }
}

pub fn find(database: &mut Database, service_id: ServiceId) -> Result<Option<Account>, SqlError> {
    let (statement, parameters) = finding(service_id);
    let task = "read the table of accounts";
    let rows = database.with_schema(prepare, |database| {
        database.query(task, statement, parameters.clone(), read)
    })?;
    Ok(rows.into_iter().next())
}

/// Returns the statement of `find`, to be sent together with others.
pub fn finding(service_id: ServiceId) -> Query {
    (FIND, params! { "owner_key" => service_id.key() })
}

/// Whether the service had an account that has ended: then its name is not that of an account of the PHP module.
pub fn has_ended_account(database: &mut Database, service_id: ServiceId) -> Result<bool, SqlError> {
    let parameters = params! {
        "service" => service_id.service(),
        "addon" => service_id.addon(),
    };
    let rows = database.query("read the table of accounts", ENDED, parameters, |_| ())?;
    Ok(!rows.is_empty())
}

/// Records an account before it is created, or one that the PHP module created (`guid`).
/// False where another service holds the name on this server or the account, or this service an account.
pub fn record(
    database: &mut Database,
    service_id: ServiceId,
    place: &ServerPlace,
    username: &str,
    guid: Option<&str>,
) -> Result<bool, SqlError> {
    let parameters = || {
        params! {
            "service" => service_id.service(),
            "addon" => service_id.addon(),
            "server" => place.entry,
            "username" => username,
            "guid" => guid,
            "state" => if guid.is_some() { "created" } else { "planned" },
            "owner_key" => service_id.key(),
            "name_key" => name_key(place.entry, username),
            "hash" => &place.server.hash,
            "address" => &place.server.address,
            "place_key" => place_key(&place.server, username),
        }
    };
    unless_taken(database, |database| {
        database.insert(WRITE, INSERT, parameters()).map(drop)
    })
}

/// Records another name for an account that is not created yet. False where another service holds it.
pub fn rename(
    database: &mut Database,
    account: &Account,
    username: &str,
) -> Result<bool, SqlError> {
    let parameters = || {
        params! {
            "id" => account.row,
            "username" => username,
            "name_key" => name_key(account.place.entry, username),
            "place_key" => place_key(&account.place.server, username),
        }
    };
    unless_taken(database, |database| {
        database.execute(WRITE, RENAME, parameters()).map(drop)
    })
}

/// Records that the account exists; with its identity where the profile was read. False where another service holds the account.
pub fn created(database: &mut Database, row: u64, guid: Option<&str>) -> Result<bool, SqlError> {
    unless_taken(database, |database| {
        let parameters = params! { "id" => row, "guid" => guid };
        database.execute(WRITE, CREATED, parameters).map(drop)
    })
}

/// Records that the account is created, in the transaction that ends the journal row of the creation.
pub fn created_within(
    transaction: &mut Transaction<'_>,
    row: u64,
    written: &RecordedContact,
) -> mysql::Result<()> {
    transaction.execute(CREATED_FOR, contact(row, written))?;
    Ok(())
}

/// Records that the account is on this Comet Server, by this entry. False where another service holds its name or the
/// account there.
pub fn keep_place(
    database: &mut Database,
    (row, username): (u64, &str),
    place: &ServerPlace,
) -> Result<bool, SqlError> {
    let parameters = || {
        params! {
            "id" => row,
            "server" => place.entry,
            "name_key" => name_key(place.entry, username),
            "hash" => &place.server.hash,
            "address" => &place.server.address,
            "place_key" => place_key(&place.server, username),
        }
    };
    unless_taken(database, |database| {
        database.execute(WRITE, PLACE, parameters()).map(drop)
    })
}

/// Remembers what we wrote of the client, and whom the account is for.
pub fn keep_contact(
    database: &mut Database,
    row: u64,
    written: &RecordedContact,
) -> Result<(), SqlError> {
    database.execute(WRITE, CONTACT, contact(row, written))?;
    Ok(())
}

/// Records the first press of the button that transfers the account to the service's new client.
pub fn ask_transfer(database: &mut Database, row: u64) -> Result<(), SqlError> {
    database.execute(WRITE, TRANSFER, params! { "id" => row })?;
    Ok(())
}

fn contact(row: u64, written: &RecordedContact) -> mysql::Params {
    params! {
        "id" => row,
        "client" => written.client_id,
        "email" => &written.email,
        "name" => &written.name,
    }
}

pub fn keep_vault(database: &mut Database, row: u64, vault: &str) -> Result<(), SqlError> {
    let parameters = params! { "id" => row, "vault" => vault };
    database.execute(WRITE, VAULT, parameters)?;
    Ok(())
}

/// Records that the account is gone, with what is kept of its page; the service may get another. One round trip.
pub fn end(database: &mut Database, row: u64) -> Result<(), SqlError> {
    let statements = [(END, params! { "id" => row }), pages::ending(row)];
    nothing_without_table(database.query_all(WRITE, &statements).map(drop))
}

fn unless_taken(
    database: &mut Database,
    write: impl Fn(&mut Database) -> Result<(), SqlError>,
) -> Result<bool, SqlError> {
    let is_taken = |fault: &SqlError| fault.code == DUPLICATE;
    match write(database) {
        Err(fault) if is_taken(&fault) && database.execute(WRITE, FREE, ())? > 0 => {
            match write(database) {
                Err(fault) if is_taken(&fault) => Ok(false),
                written => written.map(|()| true),
            }
        }
        Err(fault) if is_taken(&fault) => Ok(false),
        written => written.map(|()| true),
    }
}

/// Whether the service has an account, or is to get one.
pub fn has_active(database: &mut Database, service_id: ServiceId) -> Result<bool, SqlError> {
    let parameters = params! { "owner_key" => service_id.key() };
    let rows = database.query("read the table of accounts", ACTIVE, parameters, |_| ())?;
    Ok(!rows.is_empty())
}

/// Returns the product addons that the table has of a service.
pub fn addons_of(database: &mut Database, service: u32) -> Result<Vec<u32>, SqlError> {
    let parameters = params! { "service" => service };
    database.query("read the table of accounts", ADDONS, parameters, |row| {
        column(row, 0)
    })
}

/// Removes the accounts that a deleted service once had.
pub fn forget_ended(database: &mut Database, service_id: ServiceId) -> Result<(), SqlError> {
    let parameters = params! { "service" => service_id.service(), "addon" => service_id.addon() };
    database.execute("write the table of accounts", FORGET_ENDED, parameters)?;
    Ok(())
}

fn name_key(server_id: u32, username: &str) -> String {
    format!("{server_id}:{username}")
}

/// `None` where the server does not say which one it is.
fn place_key(server: &ServerIdentity, username: &str) -> Option<String> {
    let known = !server.hash.is_empty() && !server.address.is_empty();
    known.then(|| format!("{} {} {username}", server.hash, server.address))
}

pub fn read(row: &Row) -> Account {
    Account {
        row: column(row, 0),
        place: ServerPlace {
            entry: column(row, 1),
            server: ServerIdentity {
                hash: column(row, 6),
                address: column(row, 7),
            },
        },
        standing: Standing::Same,
        username: column(row, 2),
        creation_guid: column(row, 3),
        vault_id: column(row, 4),
        is_planned: column::<String>(row, 5) == "planned",
        written: RecordedContact {
            client_id: column(row, 8),
            email: column(row, 9),
            name: column(row, 10),
        },
        is_transfer_asked: column(row, 11),
        had_marker: column(row, 12),
        deletion: Deletion::of(column(row, 13), &column::<String>(row, 14)),
    }
}
