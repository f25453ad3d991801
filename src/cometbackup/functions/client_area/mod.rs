//! `cometbackup_ClientArea`: the customer's page. Two requests: the profile, and the jobs of the last 14 days; once an
//! hour a third, for the installers that the server has. None within a minute of the last.
//!
//! The PHP module's template variables stay. A field of a profile that no list here names stays out of the page.

mod allow_list;
pub mod download;
mod format;
mod kept;
mod legacy_variables;
mod lists;
pub mod old_devices;
mod page_data;
mod pruned;
mod quotas;
mod reading;

use super::client_area_allowed_functions::may_remove_devices;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::jobs::SHOWN as JOBS_SHOWN;
use crate::cometbackup::comet::product_name;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::accounts_seen::SeenDevice;
use crate::error::Error;
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::{Host, Service, ServiceStatus, open_database};
use format::{array, at, entries, list, minute, number, text, yes};
use legacy_variables::legacy_variables;
use lists::{devices, downloads, jobs_shown, removal, vaults};
use page_data::{Missing, PageData};
use quotas::quotas;

/// Relative to the module's folder, without `.tpl`.
const TEMPLATE: &str = "clientarea";

const NO_ACCOUNT: &str =
    "The figures of your account cannot be shown right now. Please try again in a few minutes.";
const NO_JOBS: &str =
    "The jobs of the last 14 days cannot be shown right now. Please try again in a few minutes.";

/// The state of the service as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Active,
    Suspended,
    Preparing,
    Ended,
    Unavailable,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Preparing => "preparing",
            Self::Ended => "ended",
            Self::Unavailable => "unavailable",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Active => "",
            Self::Suspended => {
                "This account is suspended: no backups are made. What is stored is kept. Please pay any open invoice or contact us."
            }
            Self::Preparing => {
                "Your backup account is being prepared and will appear here once your order is complete."
            }
            Self::Ended => {
                "This service has ended. Please place a new order or contact us if you would like to use backups again."
            }
            Self::Unavailable => {
                "Your backup account cannot be shown right now. Your backups are not affected by this. Please try again in a few minutes, and contact us if this page stays the same."
            }
        }
    }
}

/// Returns the template and its variables.
pub fn run(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    if service.status.is_over() {
        return Ok(page(State::Ended, None, None, &PageData::default()));
    }
    let preparing = || Ok(page(State::Preparing, None, None, &PageData::default()));
    if service.status == ServiceStatus::Pending {
        let mut database = open_database(host)?;
        if accounts::find(&mut database, service.id)?.is_none() {
            return preparing();
        }
    }
    // WHMCS's code runs, so before a connection is in use.
    let token = host.form_token();
    let mut session = AccountSession::open(host, service)?;
    let recorded = session.recorded()?;
    // A name that is only planned may be somebody else's.
    if recorded.as_ref().is_some_and(|account| account.is_planned) {
        return preparing();
    }
    let read = match recorded {
        Some(account) => PageData {
            token: token.filter(|_| may_remove_devices(service)),
            ..reading::known(&mut session, &account)?
        },
        None => reading::found(&mut session)?,
    };
    let is_suspended =
        service.status == ServiceStatus::Suspended || yes(at(&read.profile, &["IsSuspended"]));
    let state = if is_suspended {
        State::Suspended
    } else {
        State::Active
    };
    product_name::remember(&host.state_dir(), &session.server.base, &read.product_name);
    Ok(page(state, None, Some(service.id), &read))
}

/// The page of a service whose account cannot be read just now, or is not shown; `sentence` says why, where there is one.
pub fn unavailable(sentence: Option<&str>) -> Value {
    page(State::Unavailable, sentence, None, &PageData::default())
}

/// State and figures of an account in a few words, for staff.
pub fn in_words(service: &Service, account: &Account, profile: &Profile) -> String {
    quotas::in_words(&PageData::new(service, account, profile))
}

/// The devices of an account, for staff.
pub fn devices_seen(profile: &Profile) -> Vec<SeenDevice> {
    let read = pruned::pruned(profile.text());
    let devices = entries(at(&read.profile, &["Devices"]));
    let seen = devices.map(|(id, device)| SeenDevice {
        id: id.clone(),
        name: format::name_of(device, "FriendlyName").map_or_else(String::new, plain),
        since: minute(number(at(device, &["RegistrationTime"]))),
    });
    seen.collect()
}

/// What of this page is not as it should be, in sentences.
fn notices(read: &PageData) -> Vec<String> {
    let missing = match read.missing {
        Missing::Nothing => None,
        Missing::Account => Some(NO_ACCOUNT.to_owned()),
        Missing::Jobs => Some(NO_JOBS.to_owned()),
    };
    let old = read.known_at.map(|moment| {
        format!(
            "The backup server cannot be reached just now. This is what it said at {} UTC. Your backups are not affected by this page.",
            minute(moment)
        )
    });
    let sentences = old.into_iter().chain(missing);
    sentences.chain(read.totals.left_out()).collect()
}

/// `sentence` in place of the state's own; links for the service, where it is active.
fn page(
    state: State,
    sentence: Option<&str>,
    service_id: Option<ServiceId>,
    read: &PageData,
) -> Value {
    let mut variables = legacy_variables(read);
    variables.extend([
        ("accountState", state.word().into()),
        (
            "stateMessage",
            sentence.unwrap_or_else(|| state.message()).into(),
        ),
        ("suspended", Value::Bool(state == State::Suspended)),
        ("errors", list(notices(read).into_iter().map(Value::from))),
        (
            "accountName",
            text(at(&read.profile, &["AccountName"])).into(),
        ),
        (
            "createdAt",
            minute(number(at(&read.profile, &["CreateTime"]))).into(),
        ),
        ("known", Value::Bool(read.profile.is_object())),
        (
            "productName",
            service_id
                .map_or_else(String::new, |_| product_name::shown(&read.product_name))
                .into(),
        ),
    ]);
    variables.extend(quotas(read));
    variables.push(("vaults", vaults(read)));
    variables.push(("devices", devices(read)));
    let form = service_id.filter(|_| state == State::Active && read.known_at.is_none());
    let token = read.token.as_deref();
    variables.push((
        "removal",
        form.zip(token)
            .map_or(Value::Null, |(id, token)| removal(id, token)),
    ));
    variables.extend(jobs_shown(read));
    let links = match service_id {
        Some(service_id) if state == State::Active => downloads(service_id, &read.offers),
        _ => Value::Array(Vec::new()),
    };
    variables.push(("downloads", links));
    array(vec![
        ("templatefile", TEMPLATE.into()),
        ("vars", array(variables)),
    ])
}

#[cfg(test)]
mod tests;
