//! The account as it was last seen at the server, in `mod_cometbackup_accounts`: for the service page, which asks nobody.

use mysql::Row;
use serde::{Deserialize, Serialize};

use super::accounts::prepare;
use crate::cometbackup::comet::limits::{Limit, SEATS, stored_together};
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::database::{Database, SqlError, column, params};
use crate::text::first_characters;

const SEEN: &str = "UPDATE mod_cometbackup_accounts
    SET seen=:seen, seen_at=UTC_TIMESTAMP(), seen_devices=:devices, seen_facts=:facts WHERE id=:id";

const DEVICES: &str = "UPDATE mod_cometbackup_accounts SET seen_devices=:devices WHERE id=:id";

const LAST_SEEN: &str =
    "SELECT seen, DATE_FORMAT(seen_at, '%Y-%m-%d %H:%i:%s'), COALESCE(seen_devices, ''),
      DATE_FORMAT(good_backup_at, '%Y-%m-%d %H:%i:%s'), failed_backup,
      DATE_FORMAT(failed_backup_at, '%Y-%m-%d %H:%i:%s'), COALESCE(seen_facts, '')
    FROM mod_cometbackup_accounts WHERE id=:id";

const READ: &str = "read the table of accounts";
const WRITE: &str = "write the table of accounts";

/// Devices that the page can offer, and characters of what it says of one.
const MOST: usize = 100;
const LONGEST_TEXT: usize = 60;
const LONGEST_ID: usize = 200;

/// Vaults whose limits differ: more than one says it.
const MOST_LIMITS: usize = 2;

/// A device as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenDevice {
    pub id: String,
    pub name: String,
    /// When it was registered, or empty.
    pub since: String,
}

/// State and limits of the account, for the comparison with what is sold. Nothing secret is among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFacts {
    pub is_suspended: bool,
    pub policy_group: String,
    pub devices: usize,
    /// 0 is no limit.
    pub device_limit: i64,
    /// Bytes, as for the others; `None` was never measured.
    pub protected: Option<i64>,
    /// `None` is no limit.
    pub item_quota: Option<i64>,
    /// The bytes in the vaults of the plan.
    pub stored: Option<i64>,
    /// Those of the vaults of the plan; empty where there is none.
    pub vault_limits: Vec<Limit>,
    /// The limits in the order of `SEATS`; `None` where the server has no such limit, and 0 is none.
    pub seats: [Option<i64>; SEATS.len()],
}

impl SeenFacts {
    /// Takes the facts of a profile, with the vaults that the plan pays for.
    pub fn of(account: &ListedAccount, vaults: &[String]) -> Self {
        let listed = account.vaults.iter();
        let limited: Vec<_> = listed.filter(|vault| vaults.contains(&vault.id)).collect();
        let mut vault_limits: Vec<Limit> = limited.iter().map(|vault| vault.limit).collect();
        vault_limits.dedup();
        vault_limits.truncate(MOST_LIMITS);
        Self {
            is_suspended: account.is_suspended,
            policy_group: first_characters(&account.policy_id, LONGEST_ID),
            devices: account.devices,
            device_limit: account.device_limit,
            protected: account.measures.protected,
            item_quota: account.item_quota,
            stored: stored_together(limited.iter().map(|vault| vault.stored)),
            vault_limits,
            seats: account.seats,
        }
    }
}

/// An account as it was last seen. Times are UTC.
#[derive(Debug, Default)]
pub struct SeenAccount {
    /// What staff saw, and when.
    pub checked: Option<(String, String)>,
    pub devices: Vec<SeenDevice>,
    pub good_backup_at: Option<String>,
    /// How the last one failed, and when.
    pub failed_backup: Option<(String, String)>,
    /// The facts of the same moment as `checked`; `None` where an earlier version saw the account, or nobody has.
    pub facts: Option<SeenFacts>,
}

/// Remembers what staff saw of the account at the server.
pub fn keep(
    database: &mut Database,
    row: u64,
    (seen, facts): (&str, &SeenFacts),
    devices: &[SeenDevice],
) -> Result<(), SqlError> {
    let facts = serde_json::to_string(facts).unwrap_or_default();
    let seen: String = seen.chars().filter(char::is_ascii).take(500).collect();
    let devices = text_of(devices);
    database.with_schema(prepare, |database| {
        let parameters =
            params! { "id" => row, "seen" => &seen, "devices" => &devices, "facts" => &facts };
        database.execute(WRITE, SEEN, parameters).map(drop)
    })
}

/// Remembers the devices alone.
pub fn keep_devices(
    database: &mut Database,
    row: u64,
    devices: &[SeenDevice],
) -> Result<(), SqlError> {
    let devices = text_of(devices);
    database.with_schema(prepare, |database| {
        let parameters = params! { "id" => row, "devices" => &devices };
        database.execute(WRITE, DEVICES, parameters).map(drop)
    })
}

/// Returns what was last seen of the account at the server.
pub fn last(database: &mut Database, row: u64) -> Result<SeenAccount, SqlError> {
    let both = |row: &Row, text, at| {
        let pair: (Option<String>, Option<String>) = (column(row, text), column(row, at));
        pair.0.zip(pair.1)
    };
    let rows = database.with_schema(prepare, |database| {
        database.query(READ, LAST_SEEN, params! { "id" => row }, |row| {
            SeenAccount {
                checked: both(row, 0, 1),
                devices: serde_json::from_str(&column::<String>(row, 2)).unwrap_or_default(),
                good_backup_at: column(row, 3),
                failed_backup: both(row, 4, 5),
                facts: serde_json::from_str(&column::<String>(row, 6)).ok(),
            }
        })
    })?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

/// As many as the page offers, cut to what it has room for. An id that is too long is left out: cut, it is another.
fn text_of(devices: &[SeenDevice]) -> String {
    let fitting = devices
        .iter()
        .filter(|device| device.id.len() <= LONGEST_ID);
    let short: Vec<SeenDevice> = fitting
        .take(MOST)
        .map(|device| SeenDevice {
            id: device.id.clone(),
            name: first_characters(&device.name, LONGEST_TEXT),
            since: first_characters(&device.since, LONGEST_TEXT),
        })
        .collect();
    serde_json::to_string(&short).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_fits_its_column() {
        let device = |id: String| SeenDevice {
            id,
            name: "😀".repeat(500),
            since: String::new(),
        };
        let mut devices: Vec<SeenDevice> = (0..500).map(|n| device(n.to_string())).collect();
        devices.insert(0, device("x".repeat(201)));
        let text = text_of(&devices);
        assert!(text.len() < 65_000);
        let kept: Vec<SeenDevice> = serde_json::from_str(&text).unwrap();
        assert_eq!((kept.len(), kept[0].id.as_str()), (MOST, "0"));
        assert_eq!(kept[0].name.chars().count(), LONGEST_TEXT);
    }
}
