//! The end of the rows of a service that was deleted.

use mysql::params;

use crate::database::{Database, Fault, column};
use crate::service_id::Owner;

const ACTIVE: &str = "SELECT 1 FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NULL LIMIT 1";

const ADDONS: &str = "SELECT DISTINCT addon_id FROM jetpack_product_licenses
    WHERE service_id=:service AND addon_id>0 LIMIT 1000";

/// Jetpack has said that they are revoked. The others are still asked about.
const FORGET: &str = "DELETE FROM jetpack_product_licenses
    WHERE addon_id=:addon AND (:addon>0 OR service_id=:service) AND revoked_at IS NOT NULL AND asked_at>=revoked_at";

pub fn has_active(database: &mut Database, owner: Owner) -> Result<bool, Fault> {
    let rows = database.rows("read the license table", ACTIVE, of(owner), |_| ())?;
    Ok(!rows.is_empty())
}

/// Product addons that the table has of a service.
pub fn addons_of(database: &mut Database, service: u32) -> Result<Vec<u32>, Fault> {
    let parameters = params! { "service" => service };
    database.rows("read the license table", ADDONS, parameters, |row| {
        column(row, 0)
    })
}

pub fn forget(database: &mut Database, owner: Owner) -> Result<(), Fault> {
    database.change("write the license table", FORGET, of(owner))?;
    Ok(())
}

fn of(owner: Owner) -> mysql::Params {
    params! { "service" => owner.service_id(), "addon" => owner.addon_id() }
}
