//! The module `jetpack`: licenses of a hosting partner. One file for each function WHMCS calls.

mod adoption;
mod api;
mod issuing;
mod license;
mod license_table;
mod licensing;
mod revoking;
mod shared_directory;
mod site;
mod spool;

pub mod accept_key;
pub mod admin_custom_button_array;
pub mod admin_services_tab_fields;
pub mod change_package;
pub mod check_license;
pub mod client_area;
pub mod create_account;
pub mod create_licenses_table;
pub mod fetch_products;
pub mod forget;
pub mod issue_again;
pub mod reconcile;
pub mod renew;
pub mod stored_settings;
pub mod suspend_account;
pub mod terminate_account;
pub mod unsuspend_account;

#[cfg(feature = "php")]
pub mod exports;

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::whmcs::{Host, Options};

pub use site::{attach_to_site, detach_from_site};

pub const MODULE: &str = "jetpack";

/// Staff search the Activity Log for it.
pub const ERROR_PREFIX: &str = "JETPACK_PROVISIONING_MODULE_ERROR:";

/// Positions of the module settings. Position is identity: existing products have stored values there.
const OPTION_TOKEN: usize = 1;
const OPTION_PRODUCT: usize = 2;
const OPTION_SUSPENSION: usize = 4;
const OPTION_ATTACH: usize = 5;

/// A statement of ours touches a few rows; a longer wait means that the database is in trouble.
const LONGEST_STATEMENT: Duration = Duration::from_secs(15);

fn open_database(host: &dyn Host) -> Result<Database, Error> {
    opener(host)?()
}

/// Opens the database from any thread: what is asked of PHP was asked.
fn opener(host: &dyn Host) -> Result<impl Fn() -> Result<Database, Error> + Sync, Error> {
    let settings = host.database()?;
    let connect_timeout = host.http().connect_timeout;
    Ok(move || Database::open(settings.clone(), connect_timeout, LONGEST_STATEMENT))
}

/// Setting 4: whether a suspension revokes the license.
fn suspension_revokes(options: &Options) -> bool {
    options.at(OPTION_SUSPENSION) == Some("revoke")
}
