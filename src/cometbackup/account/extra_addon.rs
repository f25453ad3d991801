//! Product addons that add to the account of their service: which they are, and what they cannot do.

use super::settings::{ModuleSettings, Sells};
use crate::cometbackup::TEXTS;
use crate::cometbackup::tables::accounts;
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::whmcs::Service;

pub const WITHOUT_ACCOUNT: &str = "This product addon adds to the account of the service it belongs to: everything else is on the page of that service.";

/// Whether it is such an addon. No statement but for a product addon that is sold as an extra; one that has an account of
/// its own from before goes on as such.
pub fn is_one(database: &mut Database, service: &Service) -> Result<bool, SqlError> {
    let is_addon = matches!(service.id, ServiceId::Addon { .. });
    if !is_addon || ModuleSettings::read(&service.options).sells != Sells::Extra {
        return Ok(false);
    }
    let account = database.with_schema(accounts::prepare, |database| {
        accounts::find(database, service.id)
    })?;
    Ok(account.is_none())
}

/// Returns the error of such an addon without an account, for staff and customers.
pub fn without_account() -> Error {
    TEXTS.error("extra.without_account", &[])
}
