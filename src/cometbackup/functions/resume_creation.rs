//! `cometbackup_ResumeCreation`, the button "Resume Creation": goes on with an account that Create did not finish. The
//! requests of Create that are left.

use super::create_account;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::lost_answer::ADD;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::journal::{self, Operation};
use crate::whmcs::{Host, Service, open_database};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Resume Creation", "ResumeCreation");

/// Goes on with an account that Create did not finish.
///
/// # Errors
/// Where nothing is left to do, and those of Create.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if is_half_made_now(host, service)? {
        return create_account::run(host, service);
    }
    Err(Error::Refusal(
        "There is nothing to resume: no account is recorded for this service, or it has all that the product gives.".into(),
    ))
}

fn is_half_made_now(host: &dyn Host, service: &Service) -> Result<bool, Error> {
    let mut database = open_database(host)?;
    match accounts::find(&mut database, service.id)? {
        Some(account) => Ok(is_half_made(&mut database, service, &account)?),
        None => Ok(false),
    }
}

/// Whether the account is planned only, or was created without the storage vault that the product gives. Of an account
/// that Create did not make, and of one of long ago, it is not known which vault is the plan's.
pub fn is_half_made(
    database: &mut Database,
    service: &Service,
    account: &Account,
) -> Result<bool, SqlError> {
    if !service.status.is_live() || account.is_planned {
        return Ok(service.status.is_live());
    }
    let settings = ModuleSettings::read(&service.options);
    if account.vault_id.is_some() || settings.storage_template.is_none() {
        return Ok(false);
    }
    let asked = &create_account::asked(&account.username);
    let creation = Operation { name: ADD, asked };
    journal::has_done(database, MODULE, service.id, creation)
}
