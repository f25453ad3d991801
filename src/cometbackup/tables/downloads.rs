//! The table `mod_cometbackup_downloads`: which client has downloads under way, two at a time.

use crate::database::schema::{self, Table};
use crate::database::{Database, SqlError, params};

pub const TABLE: Table = Table {
    name: "mod_cometbackup_downloads",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_downloads (
    client_id INT UNSIGNED NOT NULL,
    slot TINYINT UNSIGNED NOT NULL,
    holder CHAR(32) NOT NULL,
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (client_id, slot)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin",
    columns: &[],
    indexes: &[],
};

/// Downloads of one client at a time.
const SLOTS: u8 = 2;

/// Takes the slot where it is free, or its holder's time is over; the holder then says whose it is. A download that ends
/// with its process leaves its row to expire. A time that no clock of ours can have written counts as past.
const TAKE: &str = "INSERT INTO mod_cometbackup_downloads (client_id, slot, holder, expires_at)
    VALUES (:client, :slot, :holder, UTC_TIMESTAMP() + INTERVAL :seconds SECOND)
    ON DUPLICATE KEY UPDATE
      holder=IF(expires_at BETWEEN UTC_TIMESTAMP() AND UTC_TIMESTAMP() + INTERVAL :seconds SECOND, holder, VALUES(holder)),
      expires_at=IF(holder=VALUES(holder), VALUES(expires_at), expires_at)";

const GIVE_BACK: &str =
    "DELETE FROM mod_cometbackup_downloads WHERE client_id=:client AND holder=:holder";

const TASK: &str = "write the table of downloads";

/// A download that counts.
#[derive(Debug, Clone)]
pub struct Slot {
    client_id: u32,
    holder: String,
}

/// Takes a slot of the client for so many seconds; `None` where all are taken. One statement, two while another one runs.
pub fn take(
    database: &mut Database,
    client_id: u32,
    holder: &str,
    seconds: u64,
) -> Result<Option<Slot>, SqlError> {
    for slot in 1..=SLOTS {
        let parameters = || {
            params! {
                "client" => client_id, "slot" => slot, "holder" => holder, "seconds" => seconds,
            }
        };
        let changed = database.with_schema(prepare, |database| {
            database.execute(TASK, TAKE, parameters())
        })?;
        if changed > 0 {
            return Ok(Some(Slot {
                client_id,
                holder: holder.to_owned(),
            }));
        }
    }
    Ok(None)
}

fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}

pub fn give_back(database: &mut Database, slot: &Slot) -> Result<(), SqlError> {
    let parameters = params! { "client" => slot.client_id, "holder" => &slot.holder };
    database.execute(TASK, GIVE_BACK, parameters)?;
    Ok(())
}
