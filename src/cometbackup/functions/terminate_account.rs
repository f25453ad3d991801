//! `cometbackup_TerminateAccount`: deletes the account, or suspends and keeps it, as module setting 7 says. Two requests; one more
//! where the software is to be uninstalled and the server's version is not known.

use super::suspend_account;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::lost_answer::{self, DELETE};
use crate::cometbackup::account::session::Backup;
use crate::cometbackup::account::settings::{Options, Termination};
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::comet::version::UNINSTALL;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::{Error, plain};
use crate::journal::{self, End};
use crate::whmcs::{Host, Service};

/// An account that is gone is success only where the server's own list says so.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let options = Options::read(&service.options);
    Backup::in_turn(host, service, |backup| match options.termination {
        Termination::Delete => terminate(backup, &options),
        Termination::SuspendAndKeep if is_only_planned(backup)? => Ok(()),
        Termination::SuspendAndKeep => suspend_and_keep(backup),
    })
}

fn terminate(backup: &mut Backup<'_>, options: &Options) -> Result<(), Error> {
    let Some(account) = account_to_delete(backup)? else {
        return Ok(());
    };
    if still_exists(backup, &account)? {
        let uninstall = options.uninstall && backup.offers(UNINSTALL, "uninstall the software");
        let call = delete(&account, uninstall);
        if let Err(error) = backup.carry_out(DELETE, &call, |_| Some(())) {
            let lost_the_lock = matches!(error, Error::Busy { .. });
            if lost_the_lock || backup.is_listed(&account.username).unwrap_or(true) {
                return Err(error);
            }
            backup.settle(DELETE, &call.task, End::Done)?;
        }
    }
    end(backup, &account)
}

fn suspend_and_keep(backup: &mut Backup<'_>) -> Result<(), Error> {
    let Err(error) = suspend_account::set(backup, true) else {
        return Ok(());
    };
    // Of an account that is gone there is nothing to keep.
    match backup.recorded()? {
        Some(account) if !still_exists(backup, &account).unwrap_or(true) => end(backup, &account),
        _ => Err(error),
    }
}

/// The service has no account any more, and what was asked about it needs no answer.
fn end(backup: &mut Backup<'_>, account: &Account) -> Result<(), Error> {
    accounts::end(&mut backup.database, account.row)?;
    if !backup.has_unknown() {
        return Ok(());
    }
    let service_id = backup.service.id;
    let why = "the account is gone; before: ";
    Ok(journal::moot(
        &mut backup.database,
        MODULE,
        service_id,
        why,
    )?)
}

/// Looked at before it is deleted: what is deleted can never be read again, and where another account has the name by
/// now, ours is gone.
fn still_exists(backup: &mut Backup<'_>, account: &Account) -> Result<bool, Error> {
    backup.must_be_confirmed(account)?;
    if account.standing != Standing::Same {
        // Recorded with this, or refused where it is another one's. On the same server its list says what is gone.
        return match backup.profile(account) {
            Ok(_) => Ok(true),
            Err(Error::Refused { .. })
                if account.standing == Standing::SameByAnotherEntry
                    && !backup.is_listed(&account.username).unwrap_or(true) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        };
    }
    match backup.read_profile(&account.username) {
        Ok(profile) if account.is_here(&profile.creation_guid()) => Ok(true),
        Ok(_) => {
            backup.host.log_activity(format!(
                "The Comet account {} of this service no longer exists, and another account has its name now. That one was left alone; the service has no account any more. - {}",
                plain(&account.username),
                backup.service.id
            ));
            Ok(false)
        }
        Err(_) if !backup.is_listed(&account.username).unwrap_or(true) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `None` where there is nothing to delete: a planned account that was never created, or an account of the PHP module
/// that the server no longer lists.
fn account_to_delete(backup: &mut Backup<'_>) -> Result<Option<Account>, Error> {
    if is_only_planned(backup)? {
        return Ok(None);
    }
    if let Some(account) = backup.recorded()? {
        return Ok(Some(account));
    }
    if accounts::has_ended_account(&mut backup.database, backup.service.id)? {
        return Ok(None);
    }
    match (
        backup.account_and_profile(),
        backup.name_of_the_php_module(),
    ) {
        (Err(_), Some(name)) if !backup.is_listed(&name).unwrap_or(true) => Ok(None),
        (found, _) => found.map(|(account, _)| Some(account)),
    }
}

/// Whether the planned account was never created, and is given up.
fn is_only_planned(backup: &mut Backup<'_>) -> Result<bool, Error> {
    let Some(mut account) = backup.recorded()?.filter(|account| account.is_planned) else {
        return Ok(false);
    };
    lost_answer::settle(backup, &mut account)?;
    if account.is_planned {
        lost_answer::refuse_while_it_may_come(backup, &account)?;
        accounts::end(&mut backup.database, account.row)?;
    }
    Ok(account.is_planned)
}

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
