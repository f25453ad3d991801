//! The table `mod_whmcs_provisioning_heartbeats`: each PHP that ran a daily job with this extension, so that a page of the web
//! server knows what cron has.

use crate::database::moment::{is_older_than, is_recent};
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, column, params};
use crate::text::first_characters;
use crate::whmcs::Host;
use crate::worker::identity::Process;

pub const TABLE: Table = Table {
    name: "mod_whmcs_provisioning_heartbeats",
    create: "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_heartbeats (
    host VARCHAR(64) NOT NULL,
    sapi VARCHAR(32) NOT NULL,
    php VARCHAR(32) NOT NULL,
    version VARCHAR(32) NOT NULL,
    build VARCHAR(64) NOT NULL,
    seen_at DATETIME NOT NULL,
    PRIMARY KEY (host, sapi, php)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    columns: &[],
    indexes: &[],
};

const BEAT: &str =
    "INSERT INTO mod_whmcs_provisioning_heartbeats (host, sapi, php, version, build, seen_at)
    VALUES (:host, :sapi, :php, :version, :build, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE version=VALUES(version), build=VALUES(build), seen_at=VALUES(seen_at)";

const FORGET: &str = concat!(
    "DELETE FROM mod_whmcs_provisioning_heartbeats WHERE ",
    is_older_than!("seen_at", "90 DAY")
);

const ALL: &str = concat!(
    "SELECT host, sapi, php, version, build, DATE_FORMAT(seen_at, '%Y-%m-%d %H:%i:%s'), ",
    is_recent!("seen_at", "2 DAY"),
    " FROM mod_whmcs_provisioning_heartbeats ORDER BY seen_at DESC LIMIT 20"
);

/// A PHP with this extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    pub host: String,
    pub sapi: String,
    pub php: String,
    pub version: String,
    pub build: String,
    /// UTC.
    pub seen_at: String,
    /// Within two days.
    pub is_recent: bool,
}

/// Creates the table where it is missing.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}

/// Records that this PHP runs a daily job.
pub fn beat(host: &dyn Host, database: &mut Database) -> Result<(), SqlError> {
    let own = this_php(host);
    database.with_schema(prepare, |database| {
        let task = "write which PHP runs the daily jobs";
        let parameters = params! {
            "host" => &own.host, "sapi" => &own.sapi, "php" => &own.php,
            "version" => &own.version, "build" => &own.build,
        };
        // A row that was there counts twice, or not at all.
        if database.execute(task, BEAT, parameters)? == 1 {
            database.execute(task, FORGET, ())?;
        }
        Ok(())
    })
}

/// Returns those of the last months, the newest first.
pub fn all(database: &mut Database) -> Result<Vec<Heartbeat>, SqlError> {
    let task = "read which PHP runs the daily jobs";
    nothing_without_table(database.query(task, ALL, (), |row| Heartbeat {
        host: column(row, 0),
        sapi: column(row, 1),
        php: column(row, 2),
        version: column(row, 3),
        build: column(row, 4),
        seen_at: column(row, 5),
        is_recent: column(row, 6),
    }))
}

/// The PHP that runs this.
pub fn this_php(host: &dyn Host) -> Heartbeat {
    let (php, sapi) = host.php();
    // What follows the name tells starts and containers apart.
    let machine = Process::own().host;
    let name = machine.split_whitespace().next().unwrap_or_default();
    Heartbeat {
        host: first_characters(name, 64),
        sapi: first_characters(&sapi, 32),
        php: first_characters(&php, 32),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: env!("BUILD").to_owned(),
        seen_at: String::new(),
        is_recent: true,
    }
}
