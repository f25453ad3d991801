//! `cometbackup_ClientArea`: the customer's page. Two requests: the profile, and the jobs of the last 14 days; once an
//! hour a third, for the installers that the server has.
//!
//! The PHP module's template variables stay. A field of a profile that no list here names stays out of the page.

mod allow_list;
pub mod download;
mod format;
mod legacy_variables;
mod lists;
pub mod old_devices;
mod pruned;
mod quotas;

use serde_json::Value as Json;

use super::client_area_allowed_functions::may_remove_devices;
use crate::clock;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::vault;
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::installers::Offer;
use crate::cometbackup::comet::jobs::{JobSearch, Jobs, JobsReply, SHOWN as JOBS_SHOWN};
use crate::cometbackup::comet::product_name;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::accounts_seen::SeenDevice;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::{Host, Service, ServiceStatus, open_database};
use crate::worker::join;
use format::{array, at, entries, list, minute, number, text, yes};
use legacy_variables::legacy_variables;
use lists::{devices, downloads, jobs_shown, removal, vaults};
use pruned::{Pruned, Totals};
use quotas::quotas;

/// Relative to the module's folder, without `.tpl`.
const TEMPLATE: &str = "clientarea";

const DAY: i64 = 24 * 60 * 60;
const DAYS_OF_JOBS: i64 = 14;

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

/// What was read, as far as it could be.
#[derive(Default)]
struct PageData {
    username: String,
    /// The fields that the page reads.
    profile: Json,
    totals: Totals,
    hash: String,
    /// The vaults that the plan pays for.
    vaults: Vec<String>,
    jobs: Jobs,
    errors: Vec<&'static str>,
    offers: Vec<Offer>,
    /// As the host's own branding has it; empty where that is not known.
    product_name: String,
    /// What proves a form to be from this page.
    token: Option<String>,
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
            ..known(&mut session, &account)?
        },
        None => found(&mut session)?,
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

impl PageData {
    fn new(service: &Service, account: &Account, profile: &Profile) -> Self {
        let option = ModuleSettings::read(&service.options).vault_quota;
        let Pruned {
            profile: shown,
            totals,
        } = pruned::pruned(profile.text());
        Self {
            username: account.username.clone(),
            profile: shown,
            totals,
            hash: profile.hash.clone(),
            vaults: vault::limited(account, profile, option),
            ..Self::default()
        }
    }
}

/// The page of a recorded account: profile and jobs do not depend on each other.
fn known(session: &mut AccountSession<'_>, account: &Account) -> Result<PageData, Error> {
    let search = job_search(session, account);
    let here = || {
        let profile = session.profile(account)?;
        let said = offers(session, Some(&profile));
        Ok((profile, said))
    };
    let (known, reply) = join::run(here, || search.send());
    match known {
        Ok((profile, (offers, product_name))) => Ok(PageData {
            offers,
            product_name,
            ..with_profile(session, account, &profile, &search, reply)
        }),
        Err(error) => {
            let jobs = search.judge(&session.api(), reply);
            if !says_nothing_of_the_account(&error) {
                return Err(error);
            }
            tell(session, &error);
            let jobs = jobs?;
            let (offers, product_name) = offers(session, None);
            Ok(PageData {
                username: account.username.clone(),
                jobs,
                errors: vec![NO_ACCOUNT],
                offers,
                product_name,
                ..PageData::default()
            })
        }
    }
}

/// The page of an account that the PHP module created for the service, and that no command has recorded yet. A page
/// records nothing, and shows no account that may be another's.
fn found(session: &mut AccountSession<'_>) -> Result<PageData, Error> {
    let candidate = session.candidate()?;
    candidate.must_be_the_services()?;
    let account = candidate.account(session.place());
    let profile = candidate.profile;
    let search = job_search(session, &account);
    let (said, reply) = join::run(|| offers(session, Some(&profile)), || search.send());
    let (offers, product_name) = said;
    Ok(PageData {
        offers,
        product_name,
        ..with_profile(session, &account, &profile, &search, reply)
    })
}

/// The installers, which a suspended account does not get, and the product's name.
fn offers(session: &mut AccountSession<'_>, profile: Option<&Profile>) -> (Vec<Offer>, String) {
    if session.service.status == ServiceStatus::Suspended
        || profile.is_some_and(Profile::is_suspended)
    {
        return (Vec::new(), session.product_name().to_owned());
    }
    let api = Api::new(session.host, &session.server);
    server_facts::offers(&mut session.database, &api)
}

fn job_search(session: &AccountSession<'_>, account: &Account) -> JobSearch {
    let since = clock::unix_now() - DAYS_OF_JOBS * DAY;
    JobSearch::new(&session.api(), &account.username, since)
}

fn with_profile(
    session: &AccountSession<'_>,
    account: &Account,
    profile: &Profile,
    search: &JobSearch,
    reply: JobsReply,
) -> PageData {
    let mut read = PageData::new(session.service, account, profile);
    match search.judge(&session.api(), reply) {
        // What is older belongs to an earlier account of the same name, which may have been another customer's.
        Ok(jobs) => read.jobs = jobs.since(profile.created_at()),
        Err(error) => {
            tell(session, &error);
            read.errors.push(NO_JOBS);
        }
    }
    read
}

/// Whether the account may be as it was. After a refusal it may be gone, and a server that cannot be
/// reached need not be tried twice.
const fn says_nothing_of_the_account(error: &Error) -> bool {
    match error {
        Error::NoAnswer(_) => true,
        Error::Refused { status, .. } => *status >= 500,
        _ => false,
    }
}

/// Customers see no reason: it names addresses and administrators.
fn tell(session: &AccountSession<'_>, error: &Error) {
    session
        .host
        .log_activity(format!("{error} - {}", session.service.id));
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
        (
            "errors",
            list(
                read.errors
                    .iter()
                    .map(|text| Value::from(*text))
                    .chain(read.totals.left_out().into_iter().map(Value::from)),
            ),
        ),
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
    let form = service_id.filter(|_| state == State::Active);
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
