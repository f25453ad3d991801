//! The licenses of a service and its product addons, as mails show them.

use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params};
use crate::jetpack::api::license::LicenseKey;

/// The active ones first, those of the service itself before those of its addons.
const OF_SERVICE: &str =
    "SELECT license_key, COALESCE(site, ''), revoked_at IS NULL, COALESCE(addon_id, 0)
    FROM jetpack_product_licenses WHERE service_id=:service AND license_key<>''
    ORDER BY revoked_at IS NOT NULL, addon_id, id LIMIT 50";

/// A license of a service, or of one of its product addons.
pub struct MailedLicense {
    pub key: LicenseKey,
    /// The site that we attached it to; empty where we did not.
    pub site: String,
    pub is_active: bool,
    pub is_of_addon: bool,
}

/// Reads them, fifty at most.
pub fn of_service(database: &mut Database, service: u32) -> Result<Vec<MailedLicense>, SqlError> {
    let parameters = params! { "service" => service };
    let found = database.query("read the license table", OF_SERVICE, parameters, |row| {
        Some(MailedLicense {
            key: LicenseKey::new(&column::<String>(row, 0))?,
            site: column(row, 1),
            is_active: column(row, 2),
            is_of_addon: column::<u32>(row, 3) > 0,
        })
    });
    Ok(nothing_without_table(found)?
        .into_iter()
        .flatten()
        .collect())
}
