//! `cometbackup_AdminServicesTabFieldsSave`: what staff enter into the fields of the service page. Takes a device off the
//! account with two requests, or links the service to an account that exists with one.

use super::link_account;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::tables::accounts_seen;
use crate::error::Error;
use crate::php_value::Value;
use crate::text::{decode_entities, plain};
use crate::whmcs::{Host, Service};

/// Names of the posted fields.
pub const DEVICE: &str = "comet_remove_device";
pub const LINK: &str = "comet_link_account";

const LONGEST: usize = 255;

/// What staff have entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    device: Option<String>,
    link: Option<String>,
}

/// Returns what was entered into the form; `None` where nothing was, or the fields were not shown.
pub fn entered(form: &Value) -> Option<Entered> {
    let field = |name| {
        let typed = form.get(name).text()?;
        let typed = decode_entities(typed.trim());
        Some(typed).filter(|typed| !typed.is_empty() && typed.len() <= LONGEST)
    };
    let (device, link) = (field(DEVICE), field(LINK));
    (device.is_some() || link.is_some()).then_some(Entered { device, link })
}

/// Carries out what staff entered.
///
/// # Errors
/// What could not be done, for the Activity Log: WHMCS shows no answer of this function.
pub fn run(host: &dyn Host, service: &Service, entered: &Entered) -> Result<(), Error> {
    if let Some(name) = &entered.link {
        link_account::run(host, service, name)?;
    }
    if let Some(device) = &entered.device {
        AccountSession::with_lock(host, service, |session| remove(session, device))?;
    }
    Ok(())
}

/// A device of any age: staff know why.
fn remove(session: &mut AccountSession<'_>, device: &str) -> Result<(), Error> {
    let (account, profile) = session.recorded_account_and_profile()?;
    let is_there = profile.device_ids().iter().any(|id| id == device);
    if is_there {
        session.remove_device(&account, device)?;
    } else if !session.has_removed(&account, device)? {
        return Err(Error::Refusal(format!(
            "The Comet account {} has no such device any more. Press Check at Comet to see those that it has.",
            plain(&account.username)
        )));
    }
    let shown = accounts_seen::last(&mut session.database, account.row)?.devices;
    let left = shown.into_iter().filter(|shown| shown.id != device);
    accounts_seen::keep_devices(
        &mut session.database,
        account.row,
        &left.collect::<Vec<_>>(),
    )?;
    session.host.log_activity(format!(
        "A device was taken off the Comet account {}; what it stored stays. - {}",
        plain(&account.username),
        session.service.id
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_the_fields_asks_for_nothing() {
        let form = |fields: &[(&str, &str)]| {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            entered(&Value::Array(fields.collect()))
        };
        assert_eq!(form(&[]), None);
        assert_eq!(form(&[(DEVICE, ""), (LINK, "  ")]), None);
        assert_eq!(form(&[(LINK, &"x".repeat(256))]), None);
        let linked = form(&[(LINK, " a&amp;b ")]).unwrap();
        assert_eq!((linked.link.as_deref(), linked.device), (Some("a&b"), None));
    }
}
