//! `cometbackup_Renew`: checks that the account of a renewed service is there, with the limits that it is sold with. One
//! request; nothing is changed.

use super::reconcile;
use crate::cometbackup::account::extra_addon;
use crate::cometbackup::account::session::AccountSession;
use crate::error::Error;
use crate::whmcs::{Host, Service, open_database};

/// Checks a renewed account. WHMCS renews before it unsuspends: an account that is suspended is no fault.
///
/// # Errors
/// Where the account is not there, is another one, or has other limits than those that are sold.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if extra_addon::is_one(&mut open_database(host)?, service)? {
        return Ok(());
    }
    let mut session = AccountSession::open(host, service)?;
    let (account, profile) = if let Some(account) = session.created_account()? {
        let profile = session.profile(&account)?;
        (account, profile)
    } else {
        let candidate = session.candidate()?;
        candidate.must_be_the_services()?;
        (candidate.account(session.place()), candidate.profile)
    };
    reconcile::unlike_sold(&mut session, &account, &profile)
        .map_or(Ok(()), |sentence| Err(Error::Refusal(sentence)))
}
