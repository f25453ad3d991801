//! `cometbackup_ChangePassword`: sets the password at Comet, then on the connected devices. Two requests; on servers that
//! can send it to connected devices one more to find them, and one for each.

use std::time::Instant;

use crate::cometbackup::TEXTS;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::api::{Api, Call, Field, field};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::product_name;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::version::PASSWORD_OF_DEVICES;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::outcome::Outcome;
use crate::secret::Secret;
use crate::text::plain;
use crate::whmcs::{Host, Service, custom_fields};

/// Changes the password.
///
/// # Errors
/// Where the server refuses and the account has no recovery code: then only the customer can change the password.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    AccountSession::with_lock(host, service, change)
}

fn change(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let password = session.password_for_change()?;
    // The account is looked at first: a password for another one of this name would open that to our customer.
    let (account, profile) = session.recorded_account_and_profile()?;
    set(session, &account, &profile, &password)?;
    update_connected_devices(session, &account, &password);
    keep_in_whmcs(session)
}

/// Sets the password at Comet only. One request.
pub fn set(
    session: &mut AccountSession<'_>,
    account: &Account,
    profile: &Profile,
    password: &Secret<String>,
) -> Result<(), Error> {
    let call = Call {
        endpoint: "reset-user-password",
        task: format!(
            "change the password of the Comet account {}",
            plain(&account.username)
        ),
        fields: vec![
            ("TargetUser", field(&account.username)),
            ("NewPassword", Field::Secret(password.clone())),
        ],
    };
    let Err(error) = session.carry_out("change password", &call, |_| Some(())) else {
        return Ok(());
    };
    match &error {
        Error::Refused { status, .. } if !matches!(status, 401 | 403) => {
            if profile.has_recovery_code() {
                return Err(error);
            }
            Err(TEXTS.error(
                "password.no_recovery_code",
                &[
                    ("product", &product_name::shown(session.product_name())),
                    ("account", &plain(&account.username)),
                ],
            ))
        }
        _ => Err(error),
    }
}

/// Gives connected devices the new password, on servers from 25.9.6. One request, and one for each device. Not in the
/// journal: it changes nothing at the server, nothing is stored, and where it is lost the customer types the password once.
fn update_connected_devices(
    session: &mut AccountSession<'_>,
    account: &Account,
    password: &Secret<String>,
) {
    let api = Api::new(session.host, &session.server);
    if server_facts::is_older(&mut session.database, &api, PASSWORD_OF_DEVICES) {
        return;
    }
    let Ok((own, connected)) = session.connected_devices(account) else {
        return;
    };
    let began = Instant::now();
    let mut updated = 0;
    for device in own {
        let call = Call {
            endpoint: "dispatcher/update-login-password",
            task: "give a connected device the new password".into(),
            fields: vec![
                ("TargetID", field(device.target)),
                ("NewPassword", Field::Secret(password.clone())),
            ],
        };
        if began.elapsed() > bounds::UPDATING_DEVICES
            || !matches!(api.change(&call, |_| Some(())), Outcome::Done(_))
        {
            break;
        }
        updated += 1;
    }
    if updated < connected {
        session.host.log_activity(format!(
            "The password of the Comet account {} was changed; {updated} of its {connected} connected devices know the new one, and on the others the customer types it once. - {}",
            plain(&account.username),
            session.service.id
        ));
    }
}

/// With the custom field Password filled, that field holds the password and the service's own is empty.
fn keep_in_whmcs(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let service = session.service;
    let own = service.password.expose();
    let filled = service
        .custom_fields
        .get("Password")
        .is_some_and(|typed| !typed.is_empty());
    if !filled || own.is_empty() {
        return Ok(());
    }
    let service_id = session.service.id;
    let written = custom_fields::write(&mut session.database, service_id, "Password", own);
    match written {
        Ok(_) => {
            session.host.keep_property("Password", String::new());
            Ok(())
        }
        Err(fault) => {
            let fault = Error::from(fault);
            session.host.log_activity(format!("{fault} - {service_id}"));
            Err(TEXTS.error(
                "password.field_not_written",
                &[("product", &product_name::shown(session.product_name()))],
            ))
        }
    }
}
