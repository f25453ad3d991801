//! `cometbackup_TerminateAccount`: deletes the account at once or, as module setting 13 says, days later, or suspends and keeps it,
//! as setting 7 says. Two requests; one more where the software is to be uninstalled and the server's version is not known.

use super::usage_update::server_list;
use super::{extra_addon, suspend_account};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::customer_notice::{self, Wanted};
use crate::cometbackup::account::lost_answer::{self, DELETE, MAY_STILL_COME};
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::{Grace, ModuleSettings, Termination};
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::comet::version::UNINSTALL;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::deletions::Consent;
use crate::error::Error;
use crate::journal::{self, End};
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// Terminates the account. One that is gone is success only where the server's own list says so.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    server_list::forget();
    if let Some(ended) = extra_addon::run(host, service, false) {
        return ended;
    }
    let settings = ModuleSettings::read(&service.options);
    let mut waiting = None;
    AccountSession::with_lock(host, service, |session| {
        match (settings.termination, settings.grace) {
            (Termination::Delete, Grace::None) => terminate(session, &settings),
            (Termination::Delete, _) => {
                waiting = delete_later(session, &settings)?;
                Ok(())
            }
            (Termination::SuspendAndKeep, _) => suspend_and_keep(session).map(drop),
        }
    })?;
    // The lock is released: WHMCS's mailer may take its time.
    if let Some(row) = waiting
        && let Err(error) = customer_notice::send(host, Some(row), Wanted::default())
    {
        host.log_activity(format!("{error} - {}", service.id));
    }
    Ok(())
}

fn terminate(session: &mut AccountSession<'_>, settings: &ModuleSettings) -> Result<(), Error> {
    let Some(account) = account_to_delete(session)? else {
        return Ok(());
    };
    if still_exists(session, &account)? {
        delete(session, &account, settings)?;
    }
    end(session, &account)
}

/// Suspends the account, and leaves the deletion to the daily run. Returns the account's row where it has one.
fn delete_later(
    session: &mut AccountSession<'_>,
    settings: &ModuleSettings,
) -> Result<Option<u64>, Error> {
    // Terminate is run again after the daily run has deleted it.
    if account_to_delete(session)?.is_none() {
        return Ok(None);
    }
    let Some((account, was_in_use)) = suspend_and_keep(session)? else {
        return Ok(None);
    };
    session.begin_deletion(&account, settings, was_in_use)?;
    Ok(settings.deletion_notice.as_ref().map(|_| account.row))
}

/// Deletes an account that waited for it, by the daily run: looked at again, right before.
///
/// # Errors
/// Where it is not certain that it is the account, and still suspended.
pub(super) fn delete_due(
    session: &mut AccountSession<'_>,
    settings: &ModuleSettings,
) -> Result<bool, Error> {
    let account = session.recorded()?.filter(|account| !account.is_planned);
    let Some((account, deletion)) =
        account.and_then(|account| account.deletion.map(|deletion| (account, deletion)))
    else {
        return Ok(false);
    };
    if account.standing != Standing::Same {
        return Err(session.unconfirmed(&account));
    }
    let name = plain(&account.username);
    match session.read_profile(&account.username) {
        Err(_) if !session.is_listed(&account.username).unwrap_or(true) => {}
        Err(error) => return Err(error),
        Ok(profile) => {
            let guid = profile.creation_guid();
            let is_the_one = account.is_certainly(&guid)
                || (deletion.consent == Consent::Given && account.is_of(&guid));
            if !is_the_one {
                return Err(Error::Refusal(format!(
                    "The Comet account {name} was due to be deleted and was not: it cannot be told whether it is the one that was created for this service."
                )));
            }
            if !profile.is_suspended() {
                return Err(Error::Refusal(format!(
                    "The Comet account {name} was due to be deleted and was not: it is active in Comet."
                )));
            }
            delete(session, &account, settings)?;
        }
    }
    end(session, &account)?;
    Ok(true)
}

fn delete(
    session: &mut AccountSession<'_>,
    account: &Account,
    settings: &ModuleSettings,
) -> Result<(), Error> {
    let uninstall = settings.uninstall && session.offers(UNINSTALL, "uninstall the software");
    let call = delete_user(account, uninstall);
    if let Err(error) = session.carry_out(DELETE, &call, |_| Some(())) {
        let lost_the_lock = matches!(error, Error::Busy { .. });
        if lost_the_lock || session.is_listed(&account.username).unwrap_or(true) {
            return Err(error);
        }
        session.settle(DELETE, &call.task, End::Done)?;
    }
    Ok(())
}

/// `None` where there is nothing to keep; else the account, and whether it was in use.
fn suspend_and_keep(session: &mut AccountSession<'_>) -> Result<Option<(Account, bool)>, Error> {
    let planned = session.recorded()?.filter(|account| account.is_planned);
    if let Some(mut account) = planned
        && give_up(session, &mut account)?
    {
        return Ok(None);
    }
    let error = match suspend_account::set(session, true) {
        Ok(kept) => {
            let deletion = session.undecided(DELETE)?;
            if !deletion.is_some_and(|record| record.is_younger_than(MAY_STILL_COME)) {
                let why = "the service has ended and its account is kept; before: ";
                void_questions(session, why)?;
            }
            return Ok(Some(kept));
        }
        Err(error) => error,
    };
    // Of an account that is gone there is nothing to keep.
    match session.recorded()? {
        Some(account) if !still_exists(session, &account).unwrap_or(true) => {
            end(session, &account)?;
            Ok(None)
        }
        _ => Err(error),
    }
}

/// The service has no account any more.
fn end(session: &mut AccountSession<'_>, account: &Account) -> Result<(), Error> {
    accounts::end(&mut session.database, account.row)?;
    void_questions(session, "the account is gone; before: ")
}

/// What was asked about the account of a service that has ended needs no answer.
fn void_questions(session: &mut AccountSession<'_>, why: &str) -> Result<(), Error> {
    if !session.has_unknown() {
        return Ok(());
    }
    let (database, service_id) = (&mut session.database, session.service.id);
    Ok(journal::void_unknown(database, MODULE, service_id, why)?)
}

/// Looked at before it is deleted: what is deleted can never be read again, and where another account has the name by
/// now, ours is gone.
fn still_exists(session: &mut AccountSession<'_>, account: &Account) -> Result<bool, Error> {
    session.must_be_confirmed(account)?;
    if account.standing != Standing::Same {
        // Recorded with this, or refused where it is another one's. On the same server its list says what is gone.
        return match session.profile(account) {
            Ok(_) => Ok(true),
            Err(Error::Refused { .. })
                if account.standing == Standing::SameByAnotherEntry
                    && !session.is_listed(&account.username).unwrap_or(true) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        };
    }
    match session.read_profile(&account.username) {
        Ok(profile) if account.is_here(&profile.creation_guid()) => Ok(true),
        Ok(_) => {
            session.host.log_activity(format!(
                "The Comet account {} of this service no longer exists, and another account has its name now. That one was left alone; the service has no account any more. - {}",
                plain(&account.username),
                session.service.id
            ));
            Ok(false)
        }
        Err(_) if !session.is_listed(&account.username).unwrap_or(true) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `None` where there is nothing to delete: a planned account that was never created, or an account of the PHP module
/// that the server no longer lists.
fn account_to_delete(session: &mut AccountSession<'_>) -> Result<Option<Account>, Error> {
    if let Some(mut account) = session.recorded()? {
        let is_given_up = account.is_planned && give_up(session, &mut account)?;
        return Ok((!is_given_up).then_some(account));
    }
    if accounts::has_ended_account(&mut session.database, session.service.id)? {
        return Ok(None);
    }
    match (
        session.account_and_profile(),
        session.name_of_the_php_module(),
    ) {
        (Err(_), Some(name)) if !session.is_listed(&name).unwrap_or(true) => Ok(None),
        (found, _) => found.map(|(account, _)| Some(account)),
    }
}

/// Gives up a planned account; false where it turns out to be created.
fn give_up(session: &mut AccountSession<'_>, account: &mut Account) -> Result<bool, Error> {
    lost_answer::settle(session, account)?;
    if account.is_planned {
        lost_answer::refuse_while_it_may_come(session, account)?;
        accounts::end(&mut session.database, account.row)?;
    }
    Ok(account.is_planned)
}

fn delete_user(account: &Account, uninstall: bool) -> Call<'static> {
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
