//! The table `mod_cometbackup_extras`: what the last command made of a product addon that adds to its service's account.
//!
//! WHMCS writes an addon's status after its command has returned. Until then, for ten minutes at most, the command decides
//! whether the addon counts; later the status does.

use std::collections::HashMap;

use mysql::{Params, Row, Value};

use crate::database::moment::{is_older_than, is_recent};
use crate::database::schema::{self, Table};
use crate::database::{Database, Query, SqlError, column, params, placeholders};
use crate::service_id::ServiceId;
use crate::whmcs::ServiceStatus;

pub const EXTRAS: Table = Table {
    name: "mod_cometbackup_extras",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_extras (
    addon_id INT UNSIGNED NOT NULL PRIMARY KEY,
    counts TINYINT NOT NULL,
    commanded_at DATETIME NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin",
    columns: &[],
    indexes: &[],
};

/// Those of the service's own client, without those that have an account of their own from before. What an addon adds, and
/// that it adds, are its module settings 17 and 11.
macro_rules! extras {
    ($services:literal) => {
        concat!(
            "SELECT a.hostingid, a.id, a.qty, a.status,
      COALESCE((SELECT c.value FROM tblmodule_configuration c WHERE c.entity_type='addon' AND c.entity_id=a.addonid
        AND c.setting_name='configoption17' LIMIT 1), '') AS adds,
      IF(",
            is_recent!("e.commanded_at", "10 MINUTE"),
            ", e.counts, NULL)
    FROM tblhostingaddons a
    JOIN tblhosting h ON h.id=a.hostingid
    JOIN tbladdons d ON d.id=a.addonid AND d.module='cometbackup'
    LEFT JOIN mod_cometbackup_extras e ON e.addon_id=a.id
    WHERE a.userid IN (0, h.userid) AND EXISTS (SELECT 1 FROM tblmodule_configuration s WHERE s.entity_type='addon'
        AND s.entity_id=d.id AND s.setting_name='configoption11' AND s.value='extra')
      AND NOT EXISTS (SELECT 1 FROM mod_cometbackup_accounts x WHERE x.owner_key=CONCAT('addon:', a.id))
      AND a.hostingid",
            $services
        )
    };
}

const OF_SERVICE: &str = extras!("=:service ORDER BY a.id");
const OF_SERVICES: &str = extras!(" IN ");

const RECORD: &str = "INSERT INTO mod_cometbackup_extras (addon_id, counts, commanded_at)
    VALUES (:addon, :counts, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE counts=VALUES(counts), commanded_at=VALUES(commanded_at)";

const FORGET: &str = concat!(
    "DELETE FROM mod_cometbackup_extras WHERE ",
    is_older_than!("commanded_at", "1 DAY")
);

/// A product addon that adds to the limits of its service's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    pub addon: u32,
    pub quantity: u32,
    /// Its client has the right to it now.
    pub counts: bool,
    /// Module setting 17 as it is stored: what one unit adds.
    pub adds: String,
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &EXTRAS).map(drop)
}

/// Returns the query for the extras of a service, to be read together with others. A product addon has none.
pub fn finding(service_id: ServiceId) -> Query {
    let service = match service_id {
        ServiceId::Service(id) => id,
        ServiceId::Addon { .. } => 0,
    };
    (OF_SERVICE, params! { "service" => service })
}

/// Reads the extras of many services, by service. One statement where there are any services.
pub fn of_services(
    database: &mut Database,
    services: &[u32],
) -> Result<HashMap<u32, Vec<Extra>>, SqlError> {
    let mut found: HashMap<u32, Vec<Extra>> = HashMap::new();
    if services.is_empty() {
        return Ok(found);
    }
    let statement = format!(
        "{OF_SERVICES}{} ORDER BY a.id",
        placeholders(services.len())
    );
    let services: Vec<Value> = services.iter().map(Value::from).collect();
    let task = "read the product addons";
    let rows = database.with_schema(prepare, |database| {
        database.query(task, &statement, services.clone(), |row| {
            (column::<u32>(row, 0), read(row))
        })
    })?;
    for (service, extra) in rows {
        found.entry(service).or_default().push(extra);
    }
    Ok(found)
}

pub fn read(row: &Row) -> Extra {
    let commanded: Option<bool> = column(row, 5);
    let status = ServiceStatus::named(&column::<String>(row, 3));
    Extra {
        addon: column(row, 1),
        quantity: column::<u32>(row, 2).max(1),
        counts: commanded.unwrap_or(status.is_in_use()),
        adds: column(row, 4),
    }
}

/// Records what a command has made of an addon, and removes what decides nothing any more: one round trip. Under the lock of
/// its service.
pub fn record(database: &mut Database, addon: u32, counts: bool) -> Result<(), SqlError> {
    let task = "record what a product addon adds";
    database.with_schema(prepare, |database| {
        let recorded = (RECORD, params! { "addon" => addon, "counts" => counts });
        let statements = [recorded, (FORGET, Params::Empty)];
        database.query_all(task, &statements).map(drop)
    })
}
