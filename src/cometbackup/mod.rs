//! The module `cometbackup`: accounts on a Comet Server. One file for each function WHMCS calls.

mod account_lookup;
mod account_schema;
mod account_table;
mod adoption;
mod all_accounts;
mod api;
mod backup;
mod branding;
mod claims;
mod contact;
mod download_table;
mod file_name;
mod job;
mod jobs;
mod known_server;
mod list;
mod lost_answer;
mod options;
mod password;
mod policy;
mod print;
mod profile;
mod quotas;
mod server;
mod server_identity;
mod server_table;
mod service_server;
mod sign_on_table;
mod storage;
mod user_name;
mod vault;
mod version;

pub mod admin_custom_button_array;
pub mod admin_services_tab_fields;
pub mod change_package;
pub mod change_password;
pub mod check_account;
pub mod client_area;
pub mod confirm_server;
pub mod create_account;
pub mod downloads;
pub mod forget;
pub mod loaders;
pub mod platforms;
pub mod reconcile;
pub mod sign_on;
pub mod sign_on_page;
pub mod single_sign_on;
pub mod suspend_account;
pub mod terminate_account;
pub mod test_connection;
pub mod transfer_account;
pub mod usage_update;

#[cfg(feature = "php")]
pub mod exports;

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::whmcs::Host;

pub const MODULE: &str = "cometbackup";

/// A statement of ours touches a few rows; a longer wait means that the database is in trouble.
const LONGEST_STATEMENT: Duration = Duration::from_secs(15);

fn open_database(host: &dyn Host) -> Result<Database, Error> {
    Database::open(
        host.database()?,
        host.http().connect_timeout,
        LONGEST_STATEMENT,
    )
}
