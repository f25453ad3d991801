//! `cometbackup_ResumeCreation`, the button "Resume Creation": goes on with an account that Create did not finish. The
//! requests of Create that are left.

use super::create_account;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::Error;
use crate::whmcs::{Host, Service, open_database};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Resume Creation", "ResumeCreation");

/// # Errors
/// Where nothing is left to do, and those of Create.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let account = accounts::find(&mut open_database(host)?, service.id)?;
    if account.is_some_and(|account| is_half_made(service, &account)) {
        return create_account::run(host, service);
    }
    Err(Error::Refusal(
        "There is nothing to resume: no account is recorded for this service, or it has all that the product gives.".into(),
    ))
}

/// Whether the account is planned only, or has no storage vault although the product gives one.
pub fn is_half_made(service: &Service, account: &Account) -> bool {
    let gives_vault = || {
        ModuleSettings::read(&service.options)
            .storage_template
            .is_some()
    };
    service.status.is_live()
        && (account.is_planned || (account.vault_id.is_none() && gives_vault()))
}
