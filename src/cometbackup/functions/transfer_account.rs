//! `cometbackup_TransferAccount`, the button "Transfer to New Client": gives the account to the client that the
//! service has now. Four requests and one for each device, once staff have pressed it twice.

use super::change_password;
use crate::cometbackup::account::contact::Contact;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::api::{Call, field};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::pages;
use crate::error::Error;
use crate::random;
use crate::secret::Secret;
use crate::text::plain;
use crate::whmcs::{Host, Service, custom_fields};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Transfer to New Client", "TransferAccount");

/// Removed in one run; the next goes on.
const MOST_DEVICES: usize = 200;

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    AccountSession::with_lock(host, service, transfer)
}

/// The password first: from then on the former client can no longer sign in. Who the account is for is recorded last, so
/// that a transfer that broke off is begun again.
fn transfer(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let (account, profile) = session.recorded_account_and_profile()?;
    confirmed(session, &account, &profile)?;
    let password = fresh_password()?;
    change_password::set(session, &account, &profile, &password)?;
    keep_password(session, &password)?;
    remove_devices(session, &account, &profile)?;
    let contact = Contact::from(session.service);
    let profile = session.profile(&account)?;
    session.edit(&account, profile, |profile| {
        if !contact.email.is_empty() {
            profile.set_email(&contact.email);
        }
        if !profile.account_name().is_empty() && !contact.name.is_empty() {
            profile.set_account_name(&contact.name);
        }
    })?;
    let written = contact.written(&account.username, session.service.client_id);
    accounts::keep_contact(&mut session.database, account.row, &written)?;
    Ok(pages::end(&mut session.database, &[account.row])?)
}

fn confirmed(
    session: &mut AccountSession<'_>,
    account: &Account,
    profile: &Profile,
) -> Result<(), Error> {
    let (name, client) = (plain(&account.username), session.service.client_id);
    if !account.written.is_for_another(client) {
        return Err(Error::Refusal(format!(
            "The Comet account {name} is already recorded for the client of this service: there is nothing to transfer."
        )));
    }
    if account.is_transfer_asked {
        return Ok(());
    }
    accounts::ask_transfer(&mut session.database, account.row)?;
    let devices = match profile.device_ids().len() {
        0 => "leaves it without devices".to_owned(),
        1 => "removes its one device".to_owned(),
        count => format!("removes its {count} devices"),
    };
    Err(Error::Refusal(format!(
        "The Comet account {name} was created for client {}, and the service now belongs to client {client}. The transfer sets a new password, {devices} and enters the name and address of the new client; what is stored stays. Press the button again within ten minutes to do it.",
        account.written.client_id.unwrap_or_default()
    )))
}

/// The former client's devices would go on to send his data into the account, and to read what is in it.
fn remove_devices(
    session: &mut AccountSession<'_>,
    account: &Account,
    profile: &Profile,
) -> Result<(), Error> {
    let devices = profile.device_ids();
    let mut refused = None;
    for device in devices.iter().take(MOST_DEVICES) {
        let call = Call {
            endpoint: "revoke-device",
            task: format!(
                "remove a device of the Comet account {}",
                plain(&account.username)
            ),
            fields: vec![
                ("TargetUser", field(&account.username)),
                ("TargetDevice", field(device)),
            ],
        };
        match session.carry_out("remove device", &call, |_| Some(())) {
            Ok(()) => {}
            // It may be gone by now; the profile says so.
            Err(error @ Error::Refused { .. }) => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    if let Some(error) = refused
        && !session.profile(account)?.device_ids().is_empty()
    {
        return Err(error);
    }
    let left = devices.len().saturating_sub(MOST_DEVICES);
    if left > 0 {
        return Err(Error::Refusal(format!(
            "{MOST_DEVICES} devices of the Comet account {} were removed and {left} are left. Press the button again to go on.",
            plain(&account.username)
        )));
    }
    Ok(())
}

/// Where WHMCS holds the password of this service.
fn keep_password(session: &mut AccountSession<'_>, password: &Secret<String>) -> Result<(), Error> {
    let fields = &session.service.custom_fields;
    let typed = fields.get("Password").unwrap_or_default();
    let service_id = session.service.id;
    if typed.is_empty()
        || !custom_fields::write(
            &mut session.database,
            service_id,
            "Password",
            password.expose(),
        )?
    {
        let password = password.expose().clone();
        session.host.keep_property("Password", password);
    }
    Ok(())
}

/// 120 random bits, in letters and digits that are not taken for each other.
fn fresh_password() -> Result<Secret<String>, Error> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let random: [u8; 24] = random::bytes()?;
    let letters = random
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    Ok(Secret::new(
        letters.map(|letter| char::from(*letter)).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_password_is_another_and_fit_for_comet() {
        let (one, two) = (fresh_password().unwrap(), fresh_password().unwrap());
        assert_eq!(one.expose().len(), 24);
        assert_ne!(one.expose(), two.expose());
    }
}
