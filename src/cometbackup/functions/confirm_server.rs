//! `cometbackup_ConfirmServer`, the button "Same Comet Server: confirm": staff say once for a server entry that it is the
//! Comet Server that accounts were recorded on. One request, two where the server did not say which one it is.

use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// The button's label, and its function without the module's name.
pub const BUTTON: (&str, &str) = ("Same Comet Server: confirm", "ConfirmServer");

/// Records that the server entry is the Comet Server of the account.
///
/// # Errors
/// Where there is nothing to confirm, or the server has another account under the name.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = AccountSession::open(host, service)?;
    let account = session.created_account_asking_server()?;
    let waiting = account.filter(|account| account.standing == Standing::Unconfirmed);
    let Some(mut account) = waiting else {
        return Err(Error::Refusal(
            "There is nothing to confirm: the account of this service is recorded for the Comet Server that the service is on.".into(),
        ));
    };
    let profile = session.read_profile(&account.username)?;
    if !account.is_certainly(&profile.creation_guid()) {
        return Err(Error::Refusal(format!(
            "The server entry of this service has another account under the name {}, or one whose identity is not known: it is not the Comet Server that the account was recorded on. Nothing was changed.",
            plain(&account.username)
        )));
    }
    let here = session.place();
    server_facts::confirm(&mut session.database, &account.place, &here)?;
    account.standing = Standing::Confirmed;
    session.keep_place(&mut account)
}

/// Whether the page of the service shows the button. No request.
pub fn is_offered(host: &dyn Host, service: &Service) -> Result<bool, Error> {
    let mut session = AccountSession::open(host, service)?;
    let account = session.recorded()?;
    Ok(account.is_some_and(|account| account.standing == Standing::Unconfirmed))
}
