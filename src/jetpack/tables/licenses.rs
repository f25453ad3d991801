//! The table `jetpack_product_licenses`: which license belongs to which service or product addon.

use mysql::Row;

use super::licenses_site::{SiteRecord, SiteStep};
use crate::clock;
use crate::database::{Database, Query, SqlError, Transaction, column, params};
use crate::jetpack::api::license::{License, LicenseKey, Slug};
use crate::service_id::ServiceId;
use crate::whmcs::Service;

pub use super::licenses_schema::prepare;

/// Active rows of a service, and those of its order that the PHP module wrote without a service.
const ACTIVE: &str = "SELECT id, license_key, product_id, product_slug, site, service_id IS NULL,
    DATE_FORMAT(issued_at, '%Y-%m-%d %H:%i:%s'), DATE_FORMAT(checked_at, '%Y-%m-%d %H:%i:%s'), COALESCE(always_shown, 0),
    site_step, DATE_FORMAT(site_tried_at, '%Y-%m-%d %H:%i:%s') AS site_tried_at, blog_id,
    DATE_FORMAT(connected_at, '%Y-%m-%d %H:%i:%s') AS connected_at,
    DATE_FORMAT(attached_at, '%Y-%m-%d %H:%i:%s') AS attached_at
    FROM jetpack_product_licenses
    WHERE revoked_at IS NULL AND license_key<>''
      AND ((addon_id=:addon AND (:addon>0 OR service_id=:service)) OR (service_id IS NULL AND order_id=:order_id))
    ORDER BY id";

const LAST_REVOKED: &str = "SELECT revoked_for, DATE_FORMAT(revoked_at, '%Y-%m-%d %H:%i:%s')
    FROM jetpack_product_licenses
    WHERE revoked_at IS NOT NULL
      AND ((addon_id=:addon AND (:addon>0 OR service_id=:service))
        OR (service_id IS NULL AND order_id=:order_id AND product_id=:product_id AND order_id>0))
    ORDER BY revoked_at DESC, id DESC LIMIT 1";

const INSERT: &str = "INSERT INTO jetpack_product_licenses
    (order_id, product_id, license_key, issued_at, service_id, addon_id, product_slug, license_id, site_step)
    VALUES (:order_id, :product_id, :license_key, :issued_at, :service, :addon, :slug, :license_id, :site_step)";

const REVOKE: &str = "UPDATE jetpack_product_licenses SET revoked_at=:at, revoked_for=:why
    WHERE id=:id AND revoked_at IS NULL";

const ADOPT: &str = "UPDATE jetpack_product_licenses
    SET service_id=:service, addon_id=:addon, issued_at=issued_at
    WHERE id=:id AND service_id IS NULL";

const REMOVE: &str = "DELETE FROM jetpack_product_licenses WHERE id=:id AND revoked_at IS NULL";

const CHECKED: &str = "UPDATE jetpack_product_licenses SET checked_at=:at WHERE id=:id";

const HELD_BY_KEY: &str =
    "SELECT COUNT(*) FROM jetpack_product_licenses WHERE license_key=:license_key";

const COUNT: &str =
    "SELECT COUNT(*), COALESCE(SUM(revoked_at IS NULL), 0) FROM jetpack_product_licenses";

/// An active license as stored.
#[derive(Debug, Clone)]
pub struct StoredLicense {
    pub row: u64,
    pub key: LicenseKey,
    pub product_id: u32,
    /// `None` in rows of the PHP module.
    pub slug: Option<String>,
    /// The site that we attached it to.
    pub site: Option<String>,
    /// Written by the PHP module and not yet given to a service.
    pub unclaimed: bool,
    pub issued_at: String,
    pub checked_at: Option<String>,
    /// Its customer saw it under an earlier version of ours, so he sees it whatever the product's settings say.
    pub is_always_shown: bool,
    /// The facts that are known of the site, and the step left there; empty where many rows are listed.
    pub at_site: SiteRecord,
}

impl StoredLicense {
    /// Whether it is a license for this product. Rows of the PHP module do not say; their product id
    /// does, or the form of the key, which begins with the slug.
    pub fn is_for(&self, slug: &Slug, product_id: u32) -> bool {
        match &self.slug {
            Some(stored) => stored == slug.as_str(),
            None => {
                self.product_id == product_id
                    || self
                        .key
                        .expose()
                        .starts_with(&format!("{}_", slug.as_str()))
            }
        }
    }
}

/// The reason why a license was revoked; stored, because unsuspension and renewal depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Terminated,
    Suspended,
    PackageChanged,
    /// Somebody did it at Jetpack.
    AtJetpack,
}

impl Reason {
    pub const ALL: [Self; 4] = [
        Self::Terminated,
        Self::Suspended,
        Self::PackageChanged,
        Self::AtJetpack,
    ];

    pub const fn stored(self) -> &'static str {
        match self {
            Self::Terminated => "terminated",
            Self::Suspended => "suspended",
            Self::PackageChanged => "package changed",
            Self::AtJetpack => "at jetpack",
        }
    }
}

/// The most recent revocation of a service.
#[derive(Debug, Clone)]
pub struct Revocation {
    why: Option<String>,
    pub at: String,
}

impl Revocation {
    pub fn is_for(&self, reason: Reason) -> bool {
        self.why.as_deref() == Some(reason.stored())
    }
}

/// Reads the active licenses of a service.
pub fn active(database: &mut Database, service: &Service) -> Result<Vec<StoredLicense>, SqlError> {
    let (statement, parameters) = active_of(service);
    let rows = database.query("read the license table", statement, parameters, read_whole)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Returns the query for them; `stored` reads its rows.
pub fn active_of(service: &Service) -> Query {
    let parameters = params! {
        "service" => service.id.service(),
        "addon" => service.id.addon(),
        "order_id" => service.order_id,
    };
    (ACTIVE, parameters)
}

pub fn stored(rows: &[Row]) -> Vec<StoredLicense> {
    rows.iter().filter_map(read_whole).collect()
}

/// Reads the most recent revocation of a service.
pub fn last_revoked(
    database: &mut Database,
    service: &Service,
) -> Result<Option<Revocation>, SqlError> {
    let parameters = params! {
        "service" => service.id.service(),
        "addon" => service.id.addon(),
        "order_id" => service.order_id,
        "product_id" => service.product_id,
    };
    let rows = database.query("read the license table", LAST_REVOKED, parameters, |row| {
        Revocation {
            why: column(row, 0),
            at: column(row, 1),
        }
    })?;
    Ok(rows.into_iter().next())
}

/// The service, order and product that a license is stored for.
pub struct LicensePlace {
    pub service_id: ServiceId,
    pub order: Option<u32>,
    pub product_id: u32,
    /// The step that is to be taken at the customer's site, where setting 5 asks for one.
    pub step: Option<SiteStep>,
}

impl LicensePlace {
    pub fn of(service: &Service) -> Self {
        Self {
            service_id: service.id,
            order: service.order_id,
            product_id: service.product_id,
            step: SiteStep::first(&service.options),
        }
    }
}

/// Writes an issued license; part of the transaction that ends its journal row.
pub fn insert_within(
    transaction: &mut Transaction<'_>,
    place: &LicensePlace,
    slug: &str,
    license: &License,
) -> mysql::Result<StoredLicense> {
    let issued_at = license.issued_at.clone().unwrap_or_else(clock::now);
    let row = transaction.insert(
        INSERT,
        params! {
            "order_id" => place.order.unwrap_or_default(),
            "product_id" => place.product_id,
            "license_key" => license.key.expose(),
            "issued_at" => &issued_at,
            "service" => place.service_id.service(),
            "addon" => place.service_id.addon(),
            "slug" => slug,
            "license_id" => license.id,
            "site_step" => place.step.map(SiteStep::stored),
        },
    )?;
    Ok(StoredLicense {
        row,
        key: license.key.clone(),
        product_id: place.product_id,
        slug: Some(slug.to_owned()),
        site: None,
        unclaimed: false,
        issued_at,
        checked_at: None,
        is_always_shown: false,
        at_site: SiteRecord::to_do(place.step),
    })
}

/// Takes back what was only recorded, and not issued by us. False where it was revoked since.
pub fn remove_within(transaction: &mut Transaction<'_>, row: u64) -> mysql::Result<bool> {
    Ok(transaction.execute(REMOVE, params! { "id" => row })? == 1)
}

/// Closes a row; part of the transaction that ends the journal row of the revocation. False where it was closed already.
pub fn revoke_within(
    transaction: &mut Transaction<'_>,
    row: u64,
    at: &str,
    why: Reason,
) -> mysql::Result<bool> {
    let closed = transaction.execute(
        REVOKE,
        params! { "id" => row, "at" => at, "why" => why.stored() },
    )?;
    Ok(closed == 1)
}

/// Closes a row outside of a transaction.
pub fn revoke(database: &mut Database, row: u64, at: &str, why: Reason) -> Result<(), SqlError> {
    database.execute(
        "write the license table",
        REVOKE,
        params! { "id" => row, "at" => at, "why" => why.stored() },
    )?;
    Ok(())
}

/// Gives a row of the PHP module to its service; false when another process was faster.
pub fn adopt(database: &mut Database, row: u64, service_id: ServiceId) -> Result<bool, SqlError> {
    let changed = database.execute(
        "write the license table",
        ADOPT,
        params! { "id" => row, "service" => service_id.service(), "addon" => service_id.addon() },
    )?;
    Ok(changed == 1)
}

/// Records that the license was checked at Jetpack now.
pub fn checked(database: &mut Database, row: u64) -> Result<(), SqlError> {
    database.execute(
        "write the license table",
        CHECKED,
        params! { "id" => row, "at" => clock::now() },
    )?;
    Ok(())
}

/// Whether any row, active or revoked, holds this key.
pub fn holds(database: &mut Database, key: &LicenseKey) -> Result<bool, SqlError> {
    let parameters = params! { "license_key" => key.expose() };
    let rows: Vec<u64> =
        database.query("read the license table", HELD_BY_KEY, parameters, |row| {
            column(row, 0)
        })?;
    Ok(rows.first().is_some_and(|count| *count > 0))
}

/// Whether any row holds it, within a transaction and as of its first reading statement.
pub fn holds_within(transaction: &mut Transaction<'_>, key: &LicenseKey) -> mysql::Result<bool> {
    let parameters = params! { "license_key" => key.expose() };
    let count: Option<u64> = transaction.first(HELD_BY_KEY, parameters)?;
    Ok(count.is_some_and(|count| count > 0))
}

/// Counts all licenses, and the active ones among them.
pub fn count(database: &mut Database) -> Result<(u64, u64), SqlError> {
    let rows = database.query("read the license table", COUNT, (), |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

pub fn read(row: &Row) -> Option<StoredLicense> {
    Some(StoredLicense {
        row: column(row, 0),
        key: LicenseKey::new(&column::<String>(row, 1))?,
        product_id: column(row, 2),
        slug: column(row, 3),
        site: column(row, 4),
        unclaimed: column(row, 5),
        issued_at: column(row, 6),
        checked_at: column(row, 7),
        is_always_shown: column(row, 8),
        at_site: SiteRecord::default(),
    })
}

/// With the columns about the site.
fn read_whole(row: &Row) -> Option<StoredLicense> {
    let license = read(row)?;
    Some(StoredLicense {
        at_site: SiteRecord::read(row),
        ..license
    })
}
