//! `cometbackup_SwitchOffSecondFactor`, the button "Switch Off Second Factor": for a customer who has lost his telephone.
//! Two requests; one where there is none.

use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::api::{Call, field};
use crate::error::Error;
use crate::journal::End;
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Switch Off Second Factor", "SwitchOffSecondFactor");

const OPERATION: &str = "second factor";
const NOT_FOUND: u16 = 404;

/// Switches off the second factor of the account.
///
/// # Errors
/// Where the account has no second factor, or the server is too old to switch it off.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    AccountSession::with_lock(host, service, switch_off)
}

fn switch_off(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let (account, profile) = session.recorded_account_and_profile()?;
    let name = plain(&account.username);
    let call = Call {
        endpoint: "disable-user-totp",
        task: format!("switch off the second factor of the Comet account {name}"),
        fields: vec![("TargetUser", field(&account.username))],
    };
    if !profile.has_second_factor() {
        session.settle(OPERATION, &call.task, End::Done)?;
        if session.is_last_done(&call.task)? {
            return Ok(());
        }
        return Err(Error::Refusal(format!(
            "The Comet account {name} has no second factor: there is nothing to switch off."
        )));
    }
    match session.change_surely(OPERATION, &call) {
        Err(Error::Refused {
            status: NOT_FOUND, ..
        }) => Err(Error::Refusal(format!(
            "The Comet Server is older than 20.6.0 and does not switch off a second factor by its API: do it in Comet, at the account {name}. Nothing was changed."
        ))),
        ended => ended,
    }
}
