//! The table `mod_cometbackup_accounts`: which account on which server belongs to which service or product addon.
//!
//! Written before an account is made. The name recorded here is the account's, whatever a custom field says today.

use mysql::{Row, params};

use crate::database::{DUPLICATE, Database, Fault, Transaction, column};
use crate::owner::Owner;

/// `owner_key` and `name_key` are unique and NULL once an account has ended: one account for a service,
/// and none that two services hold.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS mod_cometbackup_accounts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    service_id INT UNSIGNED NOT NULL,
    addon_id INT UNSIGNED NOT NULL,
    server_id INT UNSIGNED NOT NULL,
    username VARCHAR(255) NOT NULL,
    creation_guid VARCHAR(64) NULL,
    vault_id VARCHAR(64) NULL,
    seen VARCHAR(500) NULL,
    seen_at DATETIME NULL,
    state VARCHAR(8) NOT NULL,
    owner_key VARCHAR(32) NULL,
    name_key VARCHAR(300) NULL,
    planned_at DATETIME NOT NULL,
    created_at DATETIME NULL,
    ended_at DATETIME NULL,
    UNIQUE KEY owner_key (owner_key),
    UNIQUE KEY name_key (name_key),
    KEY owner (service_id, addon_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin";

const FIND: &str = "SELECT id, server_id, username, creation_guid, vault_id, state
    FROM mod_cometbackup_accounts WHERE owner_key=:owner_key";

const INSERT: &str = "INSERT INTO mod_cometbackup_accounts
    (service_id, addon_id, server_id, username, creation_guid, state, owner_key, name_key, planned_at, created_at)
    VALUES (:service, :addon, :server, :username, :guid, :state, :owner_key, :name_key, UTC_TIMESTAMP(),
      IF(:state='created', UTC_TIMESTAMP(), NULL))";

const RENAME: &str = "UPDATE mod_cometbackup_accounts SET username=:username, name_key=:name_key
    WHERE id=:id AND state='planned'";

const CREATED: &str = "UPDATE mod_cometbackup_accounts
    SET state='created', creation_guid=COALESCE(:guid, creation_guid), created_at=COALESCE(created_at, UTC_TIMESTAMP())
    WHERE id=:id AND state<>'ended'";

const VAULT: &str = "UPDATE mod_cometbackup_accounts SET vault_id=:vault WHERE id=:id";

const SEEN: &str =
    "UPDATE mod_cometbackup_accounts SET seen=:seen, seen_at=UTC_TIMESTAMP() WHERE id=:id";

const LAST_SEEN: &str = "SELECT seen, DATE_FORMAT(seen_at, '%Y-%m-%d %H:%i:%s')
    FROM mod_cometbackup_accounts WHERE id=:id AND seen IS NOT NULL";

const END: &str = "UPDATE mod_cometbackup_accounts
    SET state='ended', owner_key=NULL, name_key=NULL, ended_at=UTC_TIMESTAMP() WHERE id=:id";

const ENDED: &str = "SELECT 1 FROM mod_cometbackup_accounts
    WHERE service_id=:service AND addon_id=:addon AND state='ended' LIMIT 1";

/// An account of a service that has not ended.
#[derive(Debug, Clone)]
pub struct Account {
    pub row: u64,
    pub server_id: u32,
    pub username: String,
    /// `None` until the profile was read once.
    pub creation_guid: Option<String>,
    /// The storage vault that the plan pays for.
    pub vault_id: Option<String>,
    /// Asked for, and perhaps made; the journal knows.
    pub is_planned: bool,
}

impl Account {
    /// Whether an account with this `CreationGUID` is the one that was made. Servers without it, and accounts that were
    /// never read, leave nothing to compare.
    pub fn is_of(&self, guid: &str) -> bool {
        let recorded = self.creation_guid.as_deref();
        guid.is_empty() || recorded.is_none_or(|recorded| recorded == guid)
    }
}

pub fn prepare(database: &mut Database) -> Result<(), Fault> {
    database.change("create the table of accounts", CREATE, ())?;
    Ok(())
}

pub fn find(database: &mut Database, owner: Owner) -> Result<Option<Account>, Fault> {
    let parameters = || params! { "owner_key" => owner_key(owner) };
    let task = "read the table of accounts";
    let rows = match database.rows(task, FIND, parameters(), read) {
        Err(fault) if fault.table_is_not_ours() => {
            prepare(database)?;
            database.rows(task, FIND, parameters(), read)?
        }
        rows => rows?,
    };
    Ok(rows.into_iter().next())
}

/// Whether the service had an account that has ended: then no name of it is taken for one of the PHP module's.
pub fn had_one(database: &mut Database, owner: Owner) -> Result<bool, Fault> {
    let parameters = params! {
        "service" => owner.service_id(),
        "addon" => owner.addon_id(),
    };
    let rows = database.rows("read the table of accounts", ENDED, parameters, |_| ())?;
    Ok(!rows.is_empty())
}

/// Records an account before it is made, or one that the PHP module made (`guid`).
/// False where another service holds the name on this server, or this service an account.
pub fn record(
    database: &mut Database,
    owner: Owner,
    server_id: u32,
    username: &str,
    guid: Option<&str>,
) -> Result<bool, Fault> {
    let parameters = params! {
        "service" => owner.service_id(),
        "addon" => owner.addon_id(),
        "server" => server_id,
        "username" => username,
        "guid" => guid,
        "state" => if guid.is_some() { "created" } else { "planned" },
        "owner_key" => owner_key(owner),
        "name_key" => name_key(server_id, username),
    };
    unless_taken(
        database
            .insert("write the table of accounts", INSERT, parameters)
            .map(drop),
    )
}

/// Another name for an account that is not made yet. False where another service holds it.
pub fn rename(database: &mut Database, account: &Account, username: &str) -> Result<bool, Fault> {
    let parameters = params! {
        "id" => account.row,
        "username" => username,
        "name_key" => name_key(account.server_id, username),
    };
    unless_taken(
        database
            .change("write the table of accounts", RENAME, parameters)
            .map(drop),
    )
}

/// The account is there; with its identity where the profile was read.
pub fn created(database: &mut Database, row: u64, guid: Option<&str>) -> Result<(), Fault> {
    let parameters = params! { "id" => row, "guid" => guid };
    database.change("write the table of accounts", CREATED, parameters)?;
    Ok(())
}

/// The same, as part of the transaction that ends the journal row of the creation.
pub fn created_within(transaction: &mut Transaction<'_>, row: u64) -> mysql::Result<()> {
    let parameters = params! { "id" => row, "guid" => None::<String> };
    transaction.change(CREATED, parameters)?;
    Ok(())
}

pub fn keep_vault(database: &mut Database, row: u64, vault: &str) -> Result<(), Fault> {
    let parameters = params! { "id" => row, "vault" => vault };
    database.change("write the table of accounts", VAULT, parameters)?;
    Ok(())
}

/// Remembers what staff saw of the account at the server.
pub fn keep_seen(database: &mut Database, row: u64, seen: &str) -> Result<(), Fault> {
    let seen: String = seen.chars().filter(char::is_ascii).take(500).collect();
    let parameters = params! { "id" => row, "seen" => seen };
    database.change("write the table of accounts", SEEN, parameters)?;
    Ok(())
}

/// What was last seen of the account at the server, and when (UTC).
pub fn last_seen(database: &mut Database, row: u64) -> Result<Option<(String, String)>, Fault> {
    let parameters = params! { "id" => row };
    let rows = database.rows("read the table of accounts", LAST_SEEN, parameters, |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(rows.into_iter().next())
}

/// The account is gone; the service may get another.
pub fn end(database: &mut Database, row: u64) -> Result<(), Fault> {
    database.change("write the table of accounts", END, params! { "id" => row })?;
    Ok(())
}

fn unless_taken(written: Result<(), Fault>) -> Result<bool, Fault> {
    match written {
        Ok(()) => Ok(true),
        Err(fault) if fault.code == DUPLICATE => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn owner_key(owner: Owner) -> String {
    format!("{}:{}", owner.kind(), owner.id())
}

fn name_key(server_id: u32, username: &str) -> String {
    format!("{server_id}:{username}")
}

fn read(row: &Row) -> Account {
    Account {
        row: column(row, 0),
        server_id: column(row, 1),
        username: column(row, 2),
        creation_guid: column(row, 3),
        vault_id: column(row, 4),
        is_planned: column::<String>(row, 5) == "planned",
    }
}
