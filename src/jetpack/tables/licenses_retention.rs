//! Retention: which rows of a deleted service are removed.

use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;

const ACTIVE: &str = "SELECT 1 FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NULL LIMIT 1";

const ADDONS: &str = "SELECT DISTINCT addon_id FROM jetpack_product_licenses
    WHERE service_id=:service AND addon_id>0 LIMIT 1000";

/// Jetpack has them as revoked. The others are still to be checked there.
const FORGET: &str = "DELETE FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NOT NULL AND asked_at>=revoked_at";

pub fn has_active(database: &mut Database, service_id: ServiceId) -> Result<bool, SqlError> {
    let rows = database.query("read the license table", ACTIVE, of(service_id), |_| ())?;
    Ok(!rows.is_empty())
}

/// Product addons that the table has of a service.
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

fn of(service_id: ServiceId) -> mysql::Params {
    params! { "service" => service_id.service(), "addon" => service_id.addon() }
}
