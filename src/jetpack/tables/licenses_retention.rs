//! The retention of license rows: when those of services that WHMCS does not have any more are removed.

use mysql::Value;

use crate::database::moment::is_older_than;
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::service_id::ServiceId;

const ACTIVE: &str = "SELECT 1 FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NULL LIMIT 1";

const ADDONS: &str = "SELECT DISTINCT addon_id FROM jetpack_product_licenses
    WHERE service_id=:service AND addon_id>0 LIMIT 1000";

/// Jetpack has them as revoked. The others are still to be checked there.
const FORGET: &str = "DELETE FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NOT NULL AND asked_at>=revoked_at";

/// Those that Jetpack has said to be revoked. Rows without `addon_id` are the PHP module's, which no service was given.
const LONG_REVOKED: &str = concat!(
    "SELECT l.id AS row_id FROM jetpack_product_licenses l
    LEFT JOIN tblhosting h ON h.id=l.service_id AND l.addon_id=0
    LEFT JOIN tblhostingaddons o ON o.id=l.addon_id AND l.addon_id>0
    WHERE l.addon_id IS NOT NULL AND l.service_id IS NOT NULL AND h.id IS NULL AND o.id IS NULL
      AND l.asked_at>=l.revoked_at AND ",
    is_older_than!("l.revoked_at", ":days DAY"),
    " ORDER BY l.id LIMIT 1000"
);

const FORGET_ROWS: &str =
    "DELETE FROM jetpack_product_licenses WHERE revoked_at IS NOT NULL AND id IN ";

/// Pages of a run: what is left is the next day's.
const MOST_PAGES: u32 = 100;

pub fn has_active(database: &mut Database, service_id: ServiceId) -> Result<bool, SqlError> {
    let rows = database.query("read the license table", ACTIVE, of(service_id), |_| ())?;
    Ok(!rows.is_empty())
}

/// Returns the product addons that the table has of a service.
pub fn addons_of(database: &mut Database, service: u32) -> Result<Vec<u32>, SqlError> {
    let parameters = params! { "service" => service };
    database.query("read the license table", ADDONS, parameters, |row| {
        column(row, 0)
    })
}

pub fn forget(database: &mut Database, service_id: ServiceId) -> Result<(), SqlError> {
    database.execute("write the license table", FORGET, of(service_id))?;
    Ok(())
}

/// Removes licenses that were revoked more than so many days ago and whose services WHMCS does not have any more. 0: none.
/// One statement where there are none.
pub fn forget_revoked(database: &mut Database, days: u32) -> Result<(), SqlError> {
    if days == 0 {
        return Ok(());
    }
    for _ in 0..MOST_PAGES {
        let parameters = params! { "days" => days };
        let rows: Vec<Value> =
            database.query("read the license table", LONG_REVOKED, parameters, |row| {
                Value::from(column::<u64>(row, "row_id"))
            })?;
        if rows.is_empty() {
            return Ok(());
        }
        let statement = format!("{FORGET_ROWS}{}", placeholders(rows.len()));
        database.execute("write the license table", &statement, rows)?;
    }
    Ok(())
}

fn of(service_id: ServiceId) -> mysql::Params {
    params! { "service" => service_id.service(), "addon" => service_id.addon() }
}
