//! `cometbackup_MoveAccount`, the button "Move Account": the account of this one service was moved in Comet to the server
//! that the service has in WHMCS now. One request, two where the server did not say which one it is.

use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::tables::accounts;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Move Account", "MoveAccount");

/// Records the account for the server that the service has now.
///
/// # Errors
/// Where there is nothing to move, and where it is not certain that the server has the same account.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    AccountSession::with_lock(host, service, move_here)
}

fn move_here(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let account = session.created_account_asking_server()?;
    let elsewhere = account.filter(|account| account.standing == Standing::Unconfirmed);
    let Some(account) = elsewhere else {
        return Err(Error::Refusal(
            "There is nothing to move: the account of this service is recorded for the Comet Server that the service is on.".into(),
        ));
    };
    let (name, from) = (plain(&account.username), account.place.entry);
    let here = session.place();
    let profile = session.read_profile(&account.username)?;
    if !account.is_certainly(&profile.creation_guid()) {
        return Err(Error::Refusal(format!(
            "The server entry {} has another account under the name {name}, or one whose identity is not known. Nothing was changed: move the account in Comet, or set the service back to the entry {from}.",
            here.entry
        )));
    }
    if !accounts::keep_place(
        &mut session.database,
        (account.row, &account.username),
        &here,
    )? {
        return Err(Error::Refusal(format!(
            "The Comet account {name} is recorded for another service on the server entry {}. Nothing was changed.",
            here.entry
        )));
    }
    session.host.log_activity(format!(
        "The Comet account {name} was moved: it is recorded for the server entry {} now, and was for the entry {from}. What is left of it there is a second copy. - {}",
        here.entry, session.service.id
    ));
    Ok(())
}
