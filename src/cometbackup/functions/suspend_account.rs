//! `cometbackup_SuspendAccount` and `cometbackup_UnsuspendAccount`: one read, and one write where it is needed.

use super::extra_addon;
use crate::cometbackup::account::session::AccountSession;
use crate::error::Error;
use crate::whmcs::{Host, Service};

pub fn suspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    extra_addon::run(host, service, false)
        .unwrap_or_else(|| AccountSession::with_lock(host, service, |session| set(session, true)))
}

pub fn unsuspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    extra_addon::run(host, service, true)
        .unwrap_or_else(|| AccountSession::with_lock(host, service, |session| set(session, false)))
}

pub(super) fn set(session: &mut AccountSession<'_>, suspended: bool) -> Result<(), Error> {
    let (account, profile) = session.account_and_profile()?;
    session.edit(&account, profile, |profile| profile.suspend(suspended))?;
    Ok(())
}
