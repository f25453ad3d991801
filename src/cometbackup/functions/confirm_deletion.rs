//! `cometbackup_ConfirmDeletion`, the button "Delete Account: confirm": staff agree to a deletion that is due and that the daily
//! run does not carry out by itself. The next daily run does. No request.

use crate::cometbackup::MODULE;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::deletions::{self, Consent};
use crate::error::Error;
use crate::reconciliation;
use crate::whmcs::{Host, Service, open_database};

/// The button's label, and its function without the module's name.
pub const BUTTON: (&str, &str) = ("Delete Account: confirm", "ConfirmDeletion");

/// The kind of findings about deletions.
pub const KIND: &str = "deletion";

/// Records that staff agree to the deletion.
///
/// # Errors
/// Where no deletion waits for this.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut database = open_database(host)?;
    let account = accounts::find(&mut database, service.id)?.filter(is_offered);
    let is_confirmed = match account {
        Some(account) => deletions::confirm(&mut database, account.row)?,
        None => false,
    };
    if !is_confirmed {
        return Err(Error::Refusal(
            "There is nothing to confirm: no deletion of this service's account waits for staff."
                .into(),
        ));
    }
    Ok(reconciliation::settle(
        &mut database,
        MODULE,
        service.id,
        KIND,
    )?)
}

/// Whether the page of the service shows the button.
pub fn is_offered(account: &Account) -> bool {
    let deletion = account.deletion.as_ref();
    deletion.is_some_and(|deletion| deletion.consent == Consent::Awaited)
}
