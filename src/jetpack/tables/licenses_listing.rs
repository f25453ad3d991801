//! The license table over all services, page by page, for reconciliation.

use std::collections::HashMap;

use mysql::{Params, Row, Value};

use super::licenses::{StoredLicense, read};
use crate::clock;
use crate::database::moment::if_past;
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::reconciliation::Scope;
use crate::service_id::ServiceId;
use crate::whmcs::ServiceStatus;
use crate::whmcs::services::{PAGE, ProductRef, ServiceKind};

const TASK: &str = "read the license table";

/// The columns that `super::read` takes come first.
const COLUMNS: &str =
    "l.id, l.license_key, l.product_id, l.product_slug, l.site, l.service_id IS NULL,
    DATE_FORMAT(l.issued_at, '%Y-%m-%d %H:%i:%s'), DATE_FORMAT(l.checked_at, '%Y-%m-%d %H:%i:%s'),
    COALESCE(l.always_shown, 0), COALESCE(l.service_id, 0), COALESCE(l.addon_id, 0), l.order_id";

/// What was sold to the owner of a row; no definition where that is gone or another module's.
const SOLD: &str = "COALESCE(a.status, h.domainstatus, ''), COALESCE(d.id, p.id, 0), COALESCE(b.packageid, h.packageid, 0)
    FROM jetpack_product_licenses l
    LEFT JOIN tblhosting h ON h.id=l.service_id AND l.addon_id=0
    LEFT JOIN tblproducts p ON p.id=h.packageid AND p.servertype='jetpack'
    LEFT JOIN tblhostingaddons a ON a.id=l.addon_id AND l.addon_id>0
    LEFT JOIN tbladdons d ON d.id=a.addonid AND d.module='jetpack'
    LEFT JOIN tblhosting b ON b.id=a.hostingid
    WHERE l.license_key<>''";

/// In the order of the primary key, or each page would sort all that are left.
const UNCLAIMED: &str = "FROM jetpack_product_licenses l FORCE INDEX (PRIMARY)
    WHERE l.license_key<>'' AND l.revoked_at IS NULL AND l.service_id IS NULL AND l.id>:after ORDER BY l.id LIMIT :page";

const OF_SERVICES: &str = "SELECT service_id, COUNT(*) FROM jetpack_product_licenses
    WHERE service_id BETWEEN :first AND :last AND addon_id=0 AND revoked_at IS NULL AND license_key<>''
    GROUP BY service_id";

const OF_ADDONS: &str = "SELECT addon_id, COUNT(*) FROM jetpack_product_licenses
    WHERE addon_id BETWEEN :first AND :last AND revoked_at IS NULL AND license_key<>'' GROUP BY addon_id";

/// The longest unchecked first, in whichever way it was checked.
const LONGEST_UNCHECKED: &str = concat!(
    " AND l.revoked_at IS NULL ORDER BY GREATEST(COALESCE(",
    if_past!("l.checked_at"),
    ", '2000-01-01'), COALESCE(",
    if_past!("l.asked_at"),
    ", '2000-01-01')), l.id LIMIT :most"
);

/// Revoked by us, and not yet seen to be so at Jetpack.
const REVOKED_UNSEEN: &str = concat!(
    " AND l.revoked_at IS NOT NULL AND l.revoked_for IN ('terminated', 'suspended', 'package changed')
    AND COALESCE(",
    if_past!("l.asked_at"),
    " < l.revoked_at, 1) ORDER BY l.id DESC LIMIT :most"
);

/// A license row, and what WHMCS has of its service.
#[derive(Debug)]
pub struct Surveyed {
    pub license: StoredLicense,
    /// `None` in rows of the PHP module that no service has claimed.
    pub service_id: Option<ServiceId>,
    pub order_id: u32,
    /// `None` where the service is not in WHMCS any more.
    pub status: Option<ServiceStatus>,
    /// `None` where it is gone, or sold by another module by now.
    pub definition: Option<ProductRef>,
    /// The product of the service; of a product addon, that of the service it belongs to.
    pub product_id: u32,
}

impl Surveyed {
    /// Names the license in findings: two licenses of a service can end alike.
    pub fn subject(&self) -> String {
        format!("{} (row {})", self.license.key.hint(), self.license.row)
    }
}

/// Reads active licenses that belong to a service, by id.
pub fn active_page(
    database: &mut Database,
    scope: Scope,
    after: u64,
) -> Result<Vec<Surveyed>, SqlError> {
    let rest = " AND l.revoked_at IS NULL AND l.service_id IS NOT NULL AND l.id>:after ORDER BY l.id LIMIT :page";
    let parameters = params! { "after" => after, "page" => PAGE };
    sold(database, scope, rest, parameters)
}

/// Reads active licenses to check at Jetpack.
pub fn longest_unchecked(
    database: &mut Database,
    scope: Scope,
    most: usize,
) -> Result<Vec<Surveyed>, SqlError> {
    sold(
        database,
        scope,
        LONGEST_UNCHECKED,
        params! { "most" => most },
    )
}

/// Reads revoked licenses to check at Jetpack.
pub fn revoked_unseen(
    database: &mut Database,
    scope: Scope,
    most: usize,
) -> Result<Vec<Surveyed>, SqlError> {
    sold(database, scope, REVOKED_UNSEEN, params! { "most" => most })
}

/// Reads these rows, as far as they are revoked.
pub fn revoked_rows(
    database: &mut Database,
    scope: Scope,
    rows: &[u32],
) -> Result<Vec<Surveyed>, SqlError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = rows.iter().map(u32::to_string).collect();
    let rest = format!(
        " AND l.revoked_at IS NOT NULL AND l.id IN ({})",
        ids.join(", ")
    );
    sold(database, scope, &rest, Params::Empty)
}

/// Reads licenses, active or not, that were issued since, by id. `since` is UTC.
pub fn issued_since(
    database: &mut Database,
    since: &str,
    after: u64,
) -> Result<Vec<Surveyed>, SqlError> {
    let rest = " AND l.issued_at>=:since AND l.id>:after ORDER BY l.id LIMIT :page";
    let parameters = params! { "since" => since, "after" => after, "page" => PAGE };
    sold(database, Scope::Everything, rest, parameters)
}

/// Returns those of these keys that a row has, active or revoked.
pub fn held_of(database: &mut Database, keys: &[&str]) -> Result<Vec<String>, SqlError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT license_key FROM jetpack_product_licenses WHERE license_key IN {}",
        placeholders(keys.len())
    );
    let values: Vec<Value> = keys.iter().map(Value::from).collect();
    database.query(TASK, &statement, values, |row| column(row, 0))
}

/// Reads active rows of the PHP module that belong to no service yet, by id.
pub fn unclaimed_page(database: &mut Database, after: u64) -> Result<Vec<Surveyed>, SqlError> {
    let statement = format!("SELECT {COLUMNS}, '', 0, 0 {UNCLAIMED}");
    let parameters = params! { "after" => after, "page" => PAGE };
    let rows = database.query(TASK, &statement, parameters, surveyed)?;
    Ok(rows.into_iter().flatten().collect())
}

/// Counts the active licenses of the services, or product addons, between two ids; those without any are left out.
pub fn held(
    database: &mut Database,
    part: ServiceKind,
    (first, last): (u32, u32),
) -> Result<HashMap<u32, u32>, SqlError> {
    let statement = match part {
        ServiceKind::Services => OF_SERVICES,
        ServiceKind::Addons => OF_ADDONS,
    };
    let parameters = params! { "first" => first, "last" => last };
    let rows = database.query(TASK, statement, parameters, |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(rows.into_iter().collect())
}

/// Records that Jetpack has these licenses as the table has them.
pub fn record_checked(database: &mut Database, rows: &[u64]) -> Result<(), SqlError> {
    set_to_now(database, &["checked_at", "asked_at"], rows)
}

/// Records that Jetpack was asked about these licenses, whatever it replied.
pub fn record_asked(database: &mut Database, rows: &[u64]) -> Result<(), SqlError> {
    set_to_now(database, &["asked_at"], rows)
}

fn set_to_now(
    database: &mut Database,
    columns: &[&'static str],
    rows: &[u64],
) -> Result<(), SqlError> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = clock::now();
    let mut values: Vec<Value> = vec![now.as_str().into(); columns.len()];
    values.extend(rows.iter().map(Value::from));
    let columns = columns.join("=?, ");
    let places = placeholders(rows.len());
    let statement = format!("UPDATE jetpack_product_licenses SET {columns}=? WHERE id IN {places}");
    database.execute("write the license table", &statement, values)?;
    Ok(())
}

/// Returns those of these subjects that are no active licenses any more.
pub fn no_longer_active(
    database: &mut Database,
    subjects: &[String],
) -> Result<Vec<String>, SqlError> {
    let mut over = Vec::new();
    for some in subjects.chunks(PAGE) {
        let rows: Vec<u64> = some.iter().map(|subject| row_of(subject)).collect();
        let statement = format!(
            "SELECT id FROM jetpack_product_licenses WHERE revoked_at IS NULL AND id IN {}",
            placeholders(rows.len())
        );
        let values: Vec<Value> = rows.iter().map(Value::from).collect();
        let active = database.query(TASK, &statement, values, |row| column::<u64>(row, 0))?;
        let ended = some
            .iter()
            .filter(|subject| !active.contains(&row_of(subject)));
        over.extend(ended.cloned());
    }
    Ok(over)
}

/// Returns the row that `Surveyed::subject` names; 0 for none.
pub fn row_of(subject: &str) -> u64 {
    let row = subject
        .rsplit_once("(row ")
        .map(|(_, row)| row.trim_end_matches(')'));
    row.and_then(|row| row.parse().ok()).unwrap_or_default()
}

fn sold(
    database: &mut Database,
    scope: Scope,
    rest: &str,
    parameters: Params,
) -> Result<Vec<Surveyed>, SqlError> {
    let only = match scope {
        Scope::Everything => String::new(),
        Scope::Of(ServiceId::Service(id)) => format!(" AND l.service_id={id} AND l.addon_id=0"),
        Scope::Of(ServiceId::Addon { id, .. }) => format!(" AND l.addon_id={id}"),
    };
    let statement = format!("SELECT {COLUMNS}, {SOLD}{only}{rest}");
    let rows = database.query(TASK, &statement, parameters, surveyed)?;
    Ok(rows.into_iter().flatten().collect())
}

fn surveyed(row: &Row) -> Option<Surveyed> {
    let (service, addon): (u32, u32) = (column(row, 9), column(row, 10));
    let is_claimed = service > 0 || addon > 0;
    let definition = if addon > 0 {
        ProductRef::Addon
    } else {
        ProductRef::Product
    };
    let definition_id: u32 = column(row, 13);
    Some(Surveyed {
        license: read(row)?,
        service_id: is_claimed.then(|| ServiceId::from_columns(service, addon)),
        order_id: column(row, 11),
        status: Some(column::<String>(row, 12))
            .filter(|status| !status.is_empty())
            .map(|status| ServiceStatus::named(&status)),
        definition: (definition_id > 0).then(|| definition(definition_id)),
        product_id: column(row, 14),
    })
}
