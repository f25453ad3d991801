//! The table `mod_cometbackup_signon`: tickets for single sign-on, valid for a minute. It holds their hashes only.

use mysql::Row;

use crate::database::moment::is_to_come;
use crate::database::schema::{Shape, nothing_without_table};
use crate::database::{Database, SqlError, column, params};

pub const SHAPE: Shape = Shape {
    name: "mod_cometbackup_signon",
    added: &[],
};

/// Two tickets of one value would let one visitor use another's; `ticket_hash` is unique.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS mod_cometbackup_signon (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ticket_hash CHAR(64) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    service_id INT UNSIGNED NOT NULL,
    addon_id INT UNSIGNED NOT NULL,
    server_id INT UNSIGNED NOT NULL,
    admin_id INT UNSIGNED NOT NULL,
    client_id INT UNSIGNED NOT NULL,
    expires_at DATETIME NOT NULL,
    used TINYINT UNSIGNED NOT NULL DEFAULT 0,
    UNIQUE KEY ticket_hash (ticket_hash),
    KEY expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin";

/// In two ranges of the index. What expires in more than a day was written before the clock was set back.
const FORGET: &str = "DELETE FROM mod_cometbackup_signon
    WHERE expires_at NOT BETWEEN UTC_TIMESTAMP() + INTERVAL -1 DAY AND UTC_TIMESTAMP() + INTERVAL 1 DAY";

const INSERT: &str = "INSERT INTO mod_cometbackup_signon
    (ticket_hash, kind, service_id, addon_id, server_id, admin_id, client_id, expires_at)
    VALUES (:ticket, :kind, :service, :addon, :server, :admin, :client, UTC_TIMESTAMP() + INTERVAL 60 SECOND)";

const FIND: &str = concat!(
    "SELECT id, kind, service_id, addon_id, server_id, admin_id, client_id, used, NOT ",
    is_to_come!("expires_at", "60 SECOND"),
    " FROM mod_cometbackup_signon WHERE ticket_hash=:ticket"
);

const USE: &str = concat!(
    "UPDATE mod_cometbackup_signon SET used=1
    WHERE id=:id AND used=0 AND ",
    is_to_come!("expires_at", "60 SECOND")
);

/// The target of a sign-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOnKind {
    /// Into one customer's account.
    Service,
    /// Into the server, as its administrator.
    Admin,
}

/// The sign-on that a ticket is for, and whose it is: ids, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignOn {
    pub kind: SignOnKind,
    pub service_id: u32,
    pub addon_id: u32,
    pub server_id: u32,
    pub admin_id: u32,
    pub client_id: u32,
}

/// A row of the table.
pub struct StoredTicket {
    pub row: u64,
    pub asked: SignOn,
    pub is_used: bool,
    pub is_expired: bool,
}

pub fn add(database: &mut Database, ticket_hash: &str, asked: &SignOn) -> Result<(), SqlError> {
    let parameters = || {
        params! {
            "ticket" => ticket_hash,
            "kind" => if asked.kind == SignOnKind::Admin { "admin" } else { "service" },
            "service" => asked.service_id,
            "addon" => asked.addon_id,
            "server" => asked.server_id,
            "admin" => asked.admin_id,
            "client" => asked.client_id,
        }
    };
    let task = "write down who asked for the sign-on";
    database.with_schema(prepare, |database| {
        database.insert(task, INSERT, parameters())
    })?;
    forget_old(database)
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    let task = "create the table of sign-ons";
    database.execute(task, CREATE, ()).map(drop)
}

pub fn find(database: &mut Database, ticket_hash: &str) -> Result<Option<StoredTicket>, SqlError> {
    let parameters = params! { "ticket" => ticket_hash };
    let rows = database.query("read who asked for the sign-on", FIND, parameters, read);
    Ok(nothing_without_table(rows)?.into_iter().next())
}

/// Removes what nobody can use any more. A host that never signed on has no table.
pub fn forget_old(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(database.execute("remove old sign-ons", FORGET, ())).map(drop)
}

/// Takes the ticket; false where it was used in the meantime.
pub fn take(database: &mut Database, row: u64) -> Result<bool, SqlError> {
    let taken = database.execute("use the sign-on", USE, params! { "id" => row })?;
    Ok(taken == 1)
}

fn read(row: &Row) -> StoredTicket {
    let kind = if column::<String>(row, 1) == "admin" {
        SignOnKind::Admin
    } else {
        SignOnKind::Service
    };
    StoredTicket {
        row: column(row, 0),
        asked: SignOn {
            kind,
            service_id: column(row, 2),
            addon_id: column(row, 3),
            server_id: column(row, 4),
            admin_id: column(row, 5),
            client_id: column(row, 6),
        },
        is_used: column::<u8>(row, 7) != 0,
        is_expired: column::<u8>(row, 8) != 0,
    }
}
