//! The schema of `mod_cometbackup_accounts`: created new, or upgraded.

use crate::database::schema::{self, Table};
use crate::database::{Database, SqlError};

/// `owner_key`, `name_key`, `place_key` and `guid_key` are unique and NULL once an account has ended: one account for
/// a service, and none that two services hold. `name_key` is that of WHMCS's row of the server, which an earlier
/// version knows; `place_key` that of the Comet Server itself.
pub const ACCOUNTS: Table = Table {
    name: "mod_cometbackup_accounts",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_accounts (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    service_id INT UNSIGNED NOT NULL,
    addon_id INT UNSIGNED NOT NULL,
    server_id INT UNSIGNED NOT NULL,
    username VARCHAR(255) NOT NULL,
    creation_guid VARCHAR(64) NULL,
    vault_id VARCHAR(64) NULL,
    seen VARCHAR(500) NULL,
    seen_at DATETIME NULL,
    seen_devices TEXT CHARACTER SET utf8mb4 NULL,
    seen_facts TEXT CHARACTER SET utf8mb4 NULL,
    state VARCHAR(8) NOT NULL,
    owner_key VARCHAR(32) NULL,
    name_key VARCHAR(300) NULL,
    planned_at DATETIME NOT NULL,
    created_at DATETIME NULL,
    ended_at DATETIME NULL,
    server_hash VARCHAR(64) NULL,
    server_address VARCHAR(255) NULL,
    place_key VARCHAR(600) NULL,
    guid_key VARCHAR(64) NULL,
    client_id INT UNSIGNED NULL,
    email_hash CHAR(64) NULL,
    name_hash CHAR(64) NULL,
    transfer_at DATETIME NULL,
    marker_at DATETIME NULL,
    delete_days INT UNSIGNED NULL,
    delete_asked_at DATETIME NULL,
    delete_state VARCHAR(9) NULL,
    good_backup_at DATETIME NULL,
    failed_backup_at DATETIME NULL,
    failed_backup VARCHAR(255) CHARACTER SET utf8mb4 NULL,
    UNIQUE KEY owner_key (owner_key),
    UNIQUE KEY name_key (name_key),
    UNIQUE KEY place_key (place_key),
    UNIQUE KEY guid_key (guid_key),
    KEY owner (service_id, addon_id)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin",
    columns: &[
        ("server_hash", "VARCHAR(64) NULL"),
        ("server_address", "VARCHAR(255) NULL"),
        ("place_key", "VARCHAR(600) NULL"),
        ("guid_key", "VARCHAR(64) NULL"),
        ("client_id", "INT UNSIGNED NULL"),
        ("email_hash", "CHAR(64) NULL"),
        ("name_hash", "CHAR(64) NULL"),
        ("transfer_at", "DATETIME NULL"),
        ("seen_devices", "TEXT CHARACTER SET utf8mb4 NULL"),
        ("seen_facts", "TEXT CHARACTER SET utf8mb4 NULL"),
        ("marker_at", "DATETIME NULL"),
        ("delete_days", "INT UNSIGNED NULL"),
        ("delete_asked_at", "DATETIME NULL"),
        ("delete_state", "VARCHAR(9) NULL"),
        ("good_backup_at", "DATETIME NULL"),
        ("failed_backup_at", "DATETIME NULL"),
        ("failed_backup", "VARCHAR(255) CHARACTER SET utf8mb4 NULL"),
    ],
    indexes: &[
        ("place_key", "UNIQUE KEY place_key (place_key)"),
        ("guid_key", "UNIQUE KEY guid_key (guid_key)"),
    ],
};

/// Where an earlier version recorded one account for two services, the first keeps its identity.
const FILL: &str = "UPDATE IGNORE mod_cometbackup_accounts SET guid_key=creation_guid
    WHERE guid_key IS NULL AND state<>'ended' AND creation_guid<>'' ORDER BY id";

/// The client that a service has when its account is first seen. A product addon is of its service's client.
const CLIENTS: &str = "UPDATE mod_cometbackup_accounts a JOIN tblhosting h ON h.id=a.service_id
    SET a.client_id=h.userid WHERE a.client_id IS NULL AND a.state='created' AND h.userid>0";

const UPGRADE: &str = "upgrade the table of accounts";

/// Records whom the accounts are for of which it was not recorded yet.
pub fn record_clients(database: &mut Database) -> Result<(), SqlError> {
    database.execute(UPGRADE, CLIENTS, ()).map(drop)
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    if schema::prepare(database, &ACCOUNTS)? {
        database.execute(UPGRADE, FILL, ())?;
        record_clients(database)?;
    }
    Ok(())
}
