//! `cometbackup_CheckAccount`, the button "Check at Comet": one request. What it finds stands on the service's page.

use super::backup::Backup;
use super::{account_table, client_area, lost_answer};
use crate::error::{Error, plain};
use crate::whmcs::{Host, Service, ServiceStatus};

/// # Errors
/// Where the account is not there, is another one, or is suspended where WHMCS says it is active, or the reverse.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut backup = Backup::open(host, service)?;
    let (account, profile) = backup.account_and_profile()?;
    lost_answer::settle_deletion(&mut backup)?;
    let seen = client_area::in_words(service, &account, &profile);
    account_table::keep_seen(&mut backup.database, account.row, &seen)?;
    let name = plain(&account.username);
    match (service.status, profile.is_suspended()) {
        (status, true) if status.is_in_use() => Err(Error::Refusal(format!(
            "The Comet account {name} is suspended, and the service is {}. Run Unsuspend or Suspend.",
            status.word()
        ))),
        (ServiceStatus::Suspended, false) => Err(Error::Refusal(format!(
            "The Comet account {name} is active, and the service is suspended. Run Suspend or Unsuspend."
        ))),
        _ => Ok(()),
    }
}
