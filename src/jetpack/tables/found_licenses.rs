//! The table `mod_whmcs_provisioning_found_licenses`: licenses at Jetpack that are in no row of the license table, and who
//! claims one. The license table has no unique key on the license key, because old rows may repeat: two who take one license
//! meet here.

use crate::clock;
use crate::database::moment::is_older_than;
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, Transaction, column, params};
use crate::hash::sha256;
use crate::jetpack::api::license::LicenseKey;
use crate::service_id::ServiceId;

pub const TABLE: Table = Table {
    name: "mod_whmcs_provisioning_found_licenses",
    create: "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_found_licenses (
    key_hash CHAR(64) NOT NULL PRIMARY KEY,
    license_key VARCHAR(255) NOT NULL,
    product_slug VARCHAR(191) NOT NULL,
    issued_at DATETIME NULL,
    site VARCHAR(255) NULL,
    asked_from DATETIME NULL,
    asked_until DATETIME NULL,
    owner_type VARCHAR(8) NULL,
    owner_id INT UNSIGNED NULL,
    seen_at DATETIME NOT NULL,
    KEY product (product_slug, issued_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    columns: &[],
    indexes: &[],
};

/// Waits for another transaction that claims the same license. What it has stored is seen by the first reading after this.
const CLAIM: &str = "INSERT INTO mod_whmcs_provisioning_found_licenses
    (key_hash, license_key, product_slug, owner_type, owner_id, seen_at)
    VALUES (:hash, '', '', :owner_type, :owner_id, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE owner_type=VALUES(owner_type), owner_id=VALUES(owner_id), seen_at=VALUES(seen_at)";

const GIVE_BACK: &str =
    "UPDATE mod_whmcs_provisioning_found_licenses SET owner_type=NULL, owner_id=NULL
    WHERE key_hash=:hash";

/// Times of the request are the database's, so that a page compares them with the journal's.
const PROPOSE: &str = "INSERT INTO mod_whmcs_provisioning_found_licenses
    (key_hash, license_key, product_slug, issued_at, asked_from, asked_until, seen_at)
    VALUES (:hash, :license_key, :slug, :issued_at, UTC_TIMESTAMP() + INTERVAL :from SECOND,
      UTC_TIMESTAMP() + INTERVAL :until SECOND, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE license_key=VALUES(license_key), product_slug=VALUES(product_slug),
      issued_at=VALUES(issued_at), asked_from=VALUES(asked_from), asked_until=VALUES(asked_until), seen_at=VALUES(seen_at)";

const PROPOSED: &str = "SELECT key_hash, license_key, DATE_FORMAT(issued_at, '%Y-%m-%d %H:%i:%s')
    FROM mod_whmcs_provisioning_found_licenses f
    WHERE product_slug=:slug AND owner_id IS NULL AND license_key<>'' AND :at BETWEEN asked_from AND asked_until
      AND NOT EXISTS (SELECT 1 FROM jetpack_product_licenses l WHERE l.license_key=f.license_key)
    ORDER BY issued_at, key_hash LIMIT 20";

const FORGET: &str = concat!(
    "DELETE FROM mod_whmcs_provisioning_found_licenses WHERE ",
    is_older_than!("seen_at", "30 DAY")
);

/// A license that may be the one which a request has issued.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its name where its key must not be seen.
    pub hash: String,
    pub key: LicenseKey,
    /// UTC, by Jetpack's clock.
    pub issued_at: String,
}

/// The requests that a license may be of: sent so many seconds ago at the earliest, and at the latest.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub earliest: i64,
    pub latest: i64,
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}

/// Claims a license for a service; the first statement of the transaction that stores it. Whoever claims it at the same
/// moment waits for the end of this transaction, and then finds the license stored.
pub fn claim_within(
    transaction: &mut Transaction<'_>,
    key: &LicenseKey,
    service_id: ServiceId,
) -> mysql::Result<()> {
    let parameters = params! {
        "hash" => sha256(key.expose()), "owner_type" => service_id.kind(), "owner_id" => service_id.number(),
    };
    transaction.execute(CLAIM, parameters).map(drop)
}

/// Takes a claim back whose license is not stored after all.
pub fn give_back_within(transaction: &mut Transaction<'_>, key: &LicenseKey) -> mysql::Result<()> {
    let parameters = params! { "hash" => sha256(key.expose()) };
    transaction.execute(GIVE_BACK, parameters).map(drop)
}

/// Records a license for the service pages of those who may have asked for it.
pub fn propose(
    database: &mut Database,
    key: &LicenseKey,
    slug: &str,
    issued_at: &str,
    asked: Asked,
) -> Result<(), SqlError> {
    database.with_schema(prepare, |database| {
        let parameters = params! {
            "hash" => sha256(key.expose()), "license_key" => key.expose(), "slug" => slug,
            "issued_at" => issued_at, "from" => -asked.earliest, "until" => -asked.latest,
        };
        database
            .execute("note a license that was found", PROPOSE, parameters)
            .map(drop)
    })
}

/// Returns what may be the license that was asked for then, by the journal's time.
pub fn proposed(
    database: &mut Database,
    slug: &str,
    asked_at: &str,
) -> Result<Vec<Proposal>, SqlError> {
    let parameters = params! { "slug" => slug, "at" => asked_at };
    let task = "read the licenses that were found";
    let rows = database.query(task, PROPOSED, parameters, |row| {
        Some(Proposal {
            hash: column(row, 0),
            key: LicenseKey::new(&column::<String>(row, 1))?,
            issued_at: column::<Option<String>>(row, 2).unwrap_or_else(clock::now),
        })
    });
    Ok(nothing_without_table(rows)?.into_iter().flatten().collect())
}

/// Removes what nobody has looked for in a month: a license that is stored does not need its claim any more.
pub fn forget_old(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(
        database
            .execute("forget licenses that were found", FORGET, ())
            .map(drop),
    )
}
