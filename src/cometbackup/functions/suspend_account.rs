//! `cometbackup_SuspendAccount` and `cometbackup_UnsuspendAccount`: one read, and one write where it is needed.

use super::extra_addon;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::tables::accounts::Account;
use crate::error::Error;
use crate::whmcs::{Host, Service};

pub fn suspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    extra_addon::run(host, service, false).unwrap_or_else(|| {
        AccountSession::with_lock(host, service, |session| set(session, true).map(drop))
    })
}

pub fn unsuspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    extra_addon::run(host, service, true).unwrap_or_else(|| {
        AccountSession::with_lock(host, service, |session| set(session, false).map(drop))
    })
}

/// Returns the account, and whether it was in use before. One that waits for its deletion and is unsuspended is kept,
/// whatever becomes of the requests.
pub(super) fn set(
    session: &mut AccountSession<'_>,
    suspended: bool,
) -> Result<(Account, bool), Error> {
    let (account, profile) = match session.account_and_profile() {
        Ok(found) => found,
        Err(error) if suspended => return Err(error),
        Err(error) => {
            if let Some(account) = session.recorded()? {
                session.cancel_deletion(&account)?;
            }
            return Err(error);
        }
    };
    let was_in_use = !profile.is_suspended();
    if !suspended {
        session.cancel_deletion(&account)?;
    }
    session.edit(&account, profile, |profile| profile.suspend(suspended))?;
    Ok((account, was_in_use))
}
