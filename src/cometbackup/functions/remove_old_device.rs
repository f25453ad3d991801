//! `cometbackup_RemoveOldDevice`: the customer's own button beside a device that was not seen for a month. Four requests.

use super::client_area::old_devices::{self, DAYS, Device};
use super::client_area_allowed_functions::{DEVICE, may_remove_devices};
use crate::clock;
use crate::cometbackup::TEXTS;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::jobs::JobSearch;
use crate::cometbackup::comet::product_name;
use crate::cometbackup::tables::accounts::Account;
use crate::error::Error;
use crate::php_value::Value;
use crate::text::{escape_html, plain};
use crate::whmcs::{Host, Service, form, mail};

const DAY: i64 = 24 * 60 * 60;
const LONGEST_ID: usize = 200;

/// Subject and message.
const MAIL: (&str, &str) = (
    "A device was removed from your {$backup_product} account",
    "<p>Dear {$client_name},</p><p>The device <strong>{$removed_device}</strong> was removed from your {$backup_product} account, as you asked on our page. It can no longer back up or restore until somebody logs in there again. What it has stored is kept.</p><p>If this was not you, please contact us.</p>",
);

/// What a mail says of a removal.
struct Removed {
    device: String,
    product: String,
}

/// Removes the device that the form names, if it still is one of the account and still old.
///
/// # Errors
/// `Error::Text` for a form that is not from his page, and for a device that is gone, was seen or is connected.
pub fn run(host: &dyn Host, service: &Service, form: &Value) -> Result<(), Error> {
    if !form::is_of_this_session(host, form) {
        return Err(refusal("remove.not_from_page"));
    }
    if !may_remove_devices(service) {
        return Err(refusal("remove.not_active"));
    }
    let id = form.get(DEVICE).text().unwrap_or_default();
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(gone());
    }
    let mut removed = None;
    AccountSession::with_lock(host, service, |session| {
        removed = remove(session, &id)?;
        Ok(())
    })?;
    if let Some(removed) = removed {
        report(host, service, &removed);
    }
    Ok(())
}

/// Reports a removed device: staff read it in the Activity Log, the client in a mail, sent when no connection is in use. One that fails takes
/// nothing back.
fn report(host: &dyn Host, service: &Service, removed: &Removed) {
    host.log_activity(format!(
        "The client removed the device {} of the backup account. - {}",
        removed.device, service.id
    ));
    let fields = [
        ("removed_device", removed.device.as_str()),
        ("backup_product", &removed.product),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), escape_html(text)));
    if let Err(why) = mail::send_own_words(host, MAIL, service.id.service(), &fields) {
        host.log_activity(format!(
            "The mail to the client about the removed device was not sent: {}. - {}",
            plain(&why).trim_end_matches('.'),
            service.id
        ));
    }
}

/// The server is asked right before: the page may be open since yesterday. Returns what was removed; none where an earlier
/// click has removed it.
fn remove(session: &mut AccountSession<'_>, id: &str) -> Result<Option<Removed>, Error> {
    let (account, profile) = session.recorded_account_and_profile()?;
    let Some(device) = old_devices::of(&profile, id, clock::unix_now()) else {
        return if session.has_removed(&account, id)? {
            Ok(None)
        } else {
            Err(gone())
        };
    };
    if !device.is_old || was_at_work(session, &account, id)? {
        return Err(seen(&device));
    }
    let (connected, count) = session.connected_devices(&account)?;
    if connected.iter().any(|connected| connected.device == id) || count > connected.len() {
        return Err(seen(&device));
    }
    session.remove_device(&account, id)?;
    Ok(Some(Removed {
        device: plain(&device.name),
        product: product_name::shown(session.product_name()),
    }))
}

/// Whether a job of the device began in the last month: a restore is not in the profile.
fn was_at_work(
    session: &AccountSession<'_>,
    account: &Account,
    device: &str,
) -> Result<bool, Error> {
    let api = session.api();
    let since = clock::unix_now() - DAYS * DAY;
    let search = JobSearch::of_device(&api, &account.username, device, since);
    let jobs = search.judge(&api, search.send())?;
    let is_named = jobs.newest.iter().any(|job| job.device == device);
    // A server that does not understand the search sends all jobs, of which the newest are looked at.
    Ok(is_named || jobs.count() > jobs.newest.len())
}

fn seen(device: &Device) -> Error {
    let days = DAYS.to_string();
    TEXTS.error(
        "remove.seen",
        &[("device", &plain(&device.name)), ("days", &days)],
    )
}

fn gone() -> Error {
    refusal("remove.gone")
}

fn refusal(key: &'static str) -> Error {
    TEXTS.error(key, &[])
}
