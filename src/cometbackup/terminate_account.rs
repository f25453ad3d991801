//! `cometbackup_TerminateAccount`: deletes the account, or suspends and keeps it, as setting 7 says. One request;
//! one more where the account was not seen for a day, and one where the software is to be uninstalled and the server's
//! version is not known.

use super::account_table::{self, Account};
use super::api::{Call, Field, field};
use super::backup::Backup;
use super::options::{Options, Termination};
use super::version::UNINSTALL;
use super::{MODULE, lost_answer, suspend_account};
use crate::error::{Error, plain};
use crate::journal::{self, End};
use crate::whmcs::{Host, Service};

/// An account that is gone is success only where the server's own list says so.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let options = Options::read(&service.options);
    if options.termination == Termination::SuspendAndKeep {
        return suspend_account::suspend(host, service);
    }
    Backup::in_turn(host, service, |backup| terminate(backup, &options))
}

fn terminate(backup: &mut Backup<'_>, options: &Options) -> Result<(), Error> {
    let Some(account) = account_to_delete(backup)? else {
        return Ok(());
    };
    let uninstall = options.uninstall && backup.offers(UNINSTALL, "uninstall the software");
    let call = delete(&account, uninstall);
    let proven = backup.prove(&account);
    if let Err(error) = proven.and_then(|()| backup.carry_out(DELETE, &call, |_| Some(()))) {
        if backup.is_listed(&account.username).unwrap_or(true) {
            return Err(error);
        }
        backup.settle(DELETE, &call.task, End::Done)?;
    }
    account_table::end(&mut backup.database, account.row)?;
    let owner = backup.service.owner;
    let why = "the account is gone; before: ";
    Ok(journal::moot(&mut backup.database, MODULE, owner, why)?)
}

/// `None` where there is nothing to delete: a plan of which nothing was made, or an account of the PHP module
/// that the server no longer lists.
fn account_to_delete(backup: &mut Backup<'_>) -> Result<Option<Account>, Error> {
    if let Some(mut account) = backup.recorded()? {
        if account.is_planned {
            lost_answer::settle(backup, &mut account)?;
        }
        if account.is_planned {
            lost_answer::refuse_while_it_may_come(backup, &account)?;
            account_table::end(&mut backup.database, account.row)?;
            return Ok(None);
        }
        return Ok(Some(account));
    }
    if account_table::had_one(&mut backup.database, backup.service.owner)? {
        return Ok(None);
    }
    match (backup.account(), backup.name_of_the_php_module()) {
        (Err(_), Some(name)) if !backup.is_listed(&name).unwrap_or(true) => Ok(None),
        (found, _) => found.map(Some),
    }
}

const DELETE: &str = "delete account";

fn delete(account: &Account, uninstall: bool) -> Call<'static> {
    let mut fields = vec![("TargetUser", field(&account.username))];
    if uninstall {
        let config = r#"{"UninstallFlag":true,"RemoveConfigFile":true}"#;
        fields.push(("UninstallConfig", Field::Plain(config.into())));
    }
    Call {
        endpoint: "delete-user",
        task: format!("delete the Comet account {}", plain(&account.username)),
        fields,
    }
}
