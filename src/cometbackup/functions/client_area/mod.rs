//! `cometbackup_ClientArea`: the customer's page. Two requests: the profile, and the jobs of the last 14 days; once an
//! hour a third, for the installers that the server has. None within a minute of the last.
//!
//! The PHP module's template variables stay. A field of a profile that no list here names stays out of the page.

mod allow_list;
mod calendar;
pub mod download;
mod failures;
mod format;
mod headline;
mod judgment;
mod kept;
mod legacy_variables;
mod lists;
mod meters;
pub mod old_devices;
mod page_data;
mod pruned;
mod quotas;
mod reading;
mod situation;
mod when;

use super::client_area_allowed_functions::may_remove_devices;
use crate::clock;
use crate::cometbackup::TEXTS;
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
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, Service, ServiceStatus, open_database};
use format::{array, at, entries, list, minute, number, text, yes};
use legacy_variables::legacy_variables;
use lists::{devices, downloads, jobs_shown, removal, vaults};
use page_data::{Missing, PageData};
use quotas::quotas;

/// Relative to the module's folder, without `.tpl`.
const TEMPLATE: &str = "clientarea";

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

    /// The key of what is said about it.
    const fn message(self) -> &'static str {
        match self {
            Self::Active => "",
            Self::Suspended => "message.suspended",
            Self::Preparing => "message.preparing",
            Self::Ended => "message.ended",
            Self::Unavailable => "message.unavailable",
        }
    }
}

/// Who looks at the page, and when.
struct View<'a> {
    texts: &'a Texts,
    /// The browser's name for itself.
    agent: Option<&'a str>,
    /// Unix seconds.
    now: i64,
}

/// Returns the template and its variables.
pub fn run(host: &dyn Host, service: &Service, agent: Option<&str>) -> Result<Value, Error> {
    // WHMCS's code runs, so before a connection is in use.
    let texts = Texts::of(host, &TEXTS, service);
    let view = View {
        texts: &texts,
        agent,
        now: clock::unix_now(),
    };
    let without_account = |state| Ok(page(&view, state, None, None, &PageData::default()));
    if service.status.is_over() {
        return without_account(State::Ended);
    }
    if service.status == ServiceStatus::Pending {
        let mut database = open_database(host)?;
        if accounts::find(&mut database, service.id)?.is_none() {
            return without_account(State::Preparing);
        }
    }
    let token = host.form_token();
    let mut session = AccountSession::open(host, service)?;
    let recorded = session.recorded()?;
    // A name that is only planned may be somebody else's.
    if recorded.as_ref().is_some_and(|account| account.is_planned) {
        return without_account(State::Preparing);
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
    Ok(page(&view, state, None, Some(service.id), &read))
}

/// Returns the page of a service whose account cannot be read just now, or is not shown; `sentence` says why, where there is
/// one.
pub fn unavailable(texts: &Texts, sentence: Option<&str>) -> Value {
    let view = View {
        texts,
        agent: None,
        now: clock::unix_now(),
    };
    page(
        &view,
        State::Unavailable,
        sentence,
        None,
        &PageData::default(),
    )
}

/// Returns state and figures of an account in a few words, for staff.
pub fn in_words(service: &Service, account: &Account, profile: &Profile) -> String {
    quotas::in_words(&PageData::new(service, account, profile))
}

/// Returns the devices of an account, for staff.
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

/// Texts with a name or a number in them.
fn said(texts: &Texts, product: &str, read: &PageData) -> Value {
    let named = |key: &str| texts.fill(key, &[("product", product)]);
    let title = if product.is_empty() {
        texts.text("title.no_product").to_owned()
    } else {
        named("title.account")
    };
    let jobs = read.jobs.count().to_string();
    let more_jobs = read.jobs.count().saturating_sub(read.jobs.newest.len());
    let more_items = read.totals.items.saturating_sub(calendar::ROWS);
    let counted =
        |key: &str, count: usize| texts.counted(key, u64::try_from(count).unwrap_or(u64::MAX), &[]);
    array(vec![
        ("title", title.into()),
        ("download", named("title.download").into()),
        ("jobs", texts.fill("title.jobs", &[("count", &jobs)]).into()),
        ("jobs_more", counted("jobs.more", more_jobs).into()),
        ("calendar_more", counted("calendar.more", more_items).into()),
    ])
}

/// What of this page is not as it should be, in sentences.
fn notices(view: &View<'_>, read: &PageData) -> Vec<String> {
    let texts = view.texts;
    let missing = match read.missing {
        Missing::Nothing => None,
        Missing::Account => Some(texts.text("notice.no_account").to_owned()),
        Missing::Jobs => Some(texts.text("notice.no_jobs").to_owned()),
    };
    let old = read
        .known_at
        .map(|moment| texts.fill("notice.earlier", &[("time", &minute(moment))]));
    let left_out = read.totals.left_out().map(|(key, count, most)| {
        let (count, most) = (count.to_string(), most.to_string());
        texts.fill(key, &[("count", &count), ("most", &most)])
    });
    old.into_iter().chain(missing).chain(left_out).collect()
}

/// The one sentence about the backups; `null` where no account is shown.
fn headline(view: &View<'_>, state: State, read: &PageData) -> Value {
    if !matches!(state, State::Active | State::Suspended) {
        return Value::Null;
    }
    let (texts, now) = (view.texts, view.now);
    let is_suspended = state == State::Suspended;
    let said = if read.profile.is_object() || is_suspended {
        let at = read.known_at.unwrap_or(now);
        let account = situation::account(read, is_suspended, at, texts.text("item.unnamed"));
        let verdict = judgment::judge(&account);
        let said = headline::of(texts, &verdict, at);
        match read.known_at {
            Some(known_at) if !is_suspended => headline::earlier(texts, said, known_at, now),
            _ => said,
        }
    } else {
        headline::unread(texts)
    };
    array(vec![
        ("sign", said.sign.word().into()),
        ("meaning", said.sign.meaning().into()),
        ("symbol", said.sign.symbol().into()),
        ("sentence", said.sentence.into()),
        ("since", said.since.into()),
        ("advice", said.advice.into()),
    ])
}

/// `sentence` in place of the state's own; links for the service, where it is active.
fn page(
    view: &View<'_>,
    state: State,
    sentence: Option<&str>,
    service_id: Option<ServiceId>,
    read: &PageData,
) -> Value {
    let texts = view.texts;
    let mut variables = legacy_variables(read);
    variables.extend(about_account(view, state, sentence, read));
    let name = service_id.map_or_else(String::new, |_| product_name::shown(&read.product_name));
    variables.push(("said", said(texts, &name, read)));
    variables.push(("productName", name.into()));
    variables.extend(quotas(read));
    variables.push(("meters", meters::meters(texts, read)));
    // Of the days since then nothing is known.
    let until = read.known_at.unwrap_or(view.now);
    variables.extend(calendar::calendar(texts, read, until));
    variables.push(("vaults", vaults(texts, read)));
    variables.push(("devices", devices(view, read)));
    let form = service_id.filter(|_| state == State::Active && read.known_at.is_none());
    let token = read.token.as_deref();
    variables.push((
        "removal",
        form.zip(token)
            .map_or(Value::Null, |(id, token)| removal(id, token)),
    ));
    variables.extend(jobs_shown(texts, read));
    let own = lists::own_system(view.agent, &read.offers);
    let links = match service_id {
        Some(service_id) if state == State::Active => {
            downloads(texts, service_id, &read.offers, own)
        }
        _ => Value::Array(Vec::new()),
    };
    variables.push(("downloads", links));
    variables.push(("ownSystem", own.into()));
    variables.push(("text", texts.of_page("page")));
    // Browsers read a new style sheet with a new version.
    variables.push(("styleVersion", env!("CARGO_PKG_VERSION").into()));
    array(vec![
        ("templatefile", TEMPLATE.into()),
        ("vars", array(variables)),
    ])
}

fn about_account(
    view: &View<'_>,
    state: State,
    sentence: Option<&str>,
    read: &PageData,
) -> Vec<(&'static str, Value)> {
    let message = match state.message() {
        "" => "",
        key => view.texts.text(key),
    };
    let created_at = minute(number(at(&read.profile, &["CreateTime"])));
    vec![
        ("accountState", state.word().into()),
        ("stateMessage", sentence.unwrap_or(message).into()),
        ("suspended", Value::Bool(state == State::Suspended)),
        (
            "errors",
            list(notices(view, read).into_iter().map(Value::from)),
        ),
        ("headline", headline(view, state, read)),
        ("knownAt", minute(read.known_at.unwrap_or_default()).into()),
        (
            "accountName",
            text(at(&read.profile, &["AccountName"])).into(),
        ),
        ("createdAt", created_at.into()),
        ("known", Value::Bool(read.profile.is_object())),
    ]
}

#[cfg(test)]
mod tests;
