//! `cometbackup_TerminateAccount`: deletes the account, or suspends and keeps it, as module setting 7 says. Two requests; one more
//! where the software is to be uninstalled and the server's version is not known.

use super::{extra_addon, suspend_account};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::lost_answer::{self, DELETE};
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::{ModuleSettings, Termination};
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::comet::version::UNINSTALL;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::Error;
use crate::journal::{self, End};
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// An account that is gone is success only where the server's own list says so.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if let Some(ended) = extra_addon::run(host, service, false) {
        return ended;
    }
    let settings = ModuleSettings::read(&service.options);
    AccountSession::with_lock(host, service, |session| match settings.termination {
        Termination::Delete => terminate(session, &settings),
        Termination::SuspendAndKeep => suspend_and_keep(session),
    })
}

fn terminate(session: &mut AccountSession<'_>, settings: &ModuleSettings) -> Result<(), Error> {
    let Some(account) = account_to_delete(session)? else {
        return Ok(());
    };
    if still_exists(session, &account)? {
        let uninstall = settings.uninstall && session.offers(UNINSTALL, "uninstall the software");
        let call = delete(&account, uninstall);
        if let Err(error) = session.carry_out(DELETE, &call, |_| Some(())) {
            let lost_the_lock = matches!(error, Error::Busy { .. });
            if lost_the_lock || session.is_listed(&account.username).unwrap_or(true) {
                return Err(error);
            }
            session.settle(DELETE, &call.task, End::Done)?;
        }
    }
    end(session, &account)
}

fn suspend_and_keep(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let planned = session.recorded()?.filter(|account| account.is_planned);
    if let Some(mut account) = planned
        && give_up(session, &mut account)?
    {
        return Ok(());
    }
    let Err(error) = suspend_account::set(session, true) else {
        return Ok(());
    };
    // Of an account that is gone there is nothing to keep.
    match session.recorded()? {
        Some(account) if !still_exists(session, &account).unwrap_or(true) => end(session, &account),
        _ => Err(error),
    }
}

/// The service has no account any more, and what was asked about it needs no answer.
fn end(session: &mut AccountSession<'_>, account: &Account) -> Result<(), Error> {
    accounts::end(&mut session.database, account.row)?;
    if !session.has_unknown() {
        return Ok(());
    }
    let (database, service_id) = (&mut session.database, session.service.id);
    let why = "the account is gone; before: ";
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
