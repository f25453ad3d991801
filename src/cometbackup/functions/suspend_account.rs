//! `cometbackup_SuspendAccount` and `cometbackup_UnsuspendAccount`: one read, and one write where it is needed.

use crate::cometbackup::account::session::Backup;
use crate::error::Error;
use crate::whmcs::{Host, Service};

pub fn suspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    Backup::in_turn(host, service, |backup| set(backup, true))
}

pub fn unsuspend(host: &dyn Host, service: &Service) -> Result<(), Error> {
    Backup::in_turn(host, service, |backup| set(backup, false))
}

pub(super) fn set(backup: &mut Backup<'_>, suspended: bool) -> Result<(), Error> {
    let (account, profile) = backup.account_and_profile()?;
    backup.edit(&account, profile, |profile| profile.suspend(suspended))?;
    Ok(())
}
