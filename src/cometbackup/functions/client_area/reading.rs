//! The reading of what the page shows: profile and jobs side by side, or what is kept of a page that was just shown.

use super::kept;
use super::page_data::{Missing, PageData};
use crate::clock;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::installers::Offer;
use crate::cometbackup::comet::jobs::{JobSearch, Jobs, JobsReply};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::Account;
use crate::error::Error;
use crate::whmcs::ServiceStatus;
use crate::worker::join;

const DAY: i64 = 24 * 60 * 60;
pub(super) const DAYS_OF_JOBS: i64 = 14;

/// Returns the page of a recorded account. No request where it was read in the last minute; where the server cannot be
/// reached, what is kept of it, from whenever that is.
pub(super) fn known(
    session: &mut AccountSession<'_>,
    account: &Account,
) -> Result<PageData, Error> {
    let mut earlier = kept::find(session, account);
    if earlier.is_recent
        && let Some(page) = earlier.page.take()
    {
        return Ok(PageData {
            known_at: None,
            ..page
        });
    }
    let (error, jobs) = match ask(session, account) {
        Ok(page) => {
            if page.missing == Missing::Nothing {
                kept::keep(session, account, &earlier, &page);
            }
            return Ok(page);
        }
        Err(lost) => *lost,
    };
    if !says_nothing_of_the_account(&error) {
        kept::forget(session, account)?;
        return Err(error);
    }
    log(session, &error);
    if let Some(page) = earlier.page {
        return Ok(page);
    }
    let jobs = jobs?;
    let (offers, product_name) = offers(session, None);
    Ok(PageData {
        username: account.username.clone(),
        jobs,
        missing: Missing::Account,
        offers,
        product_name,
        ..PageData::default()
    })
}

/// Why there is no profile, and the jobs.
type Lost = Box<(Error, Result<Jobs, Error>)>;

/// Profile and jobs do not depend on each other.
fn ask(session: &mut AccountSession<'_>, account: &Account) -> Result<PageData, Lost> {
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
        Err(error) => Err(Box::new((error, search.judge(&session.api(), reply)))),
    }
}

/// Returns the page of an account that the PHP module created for the service, and that no command has recorded yet. A page
/// records nothing, and shows no account that may be another's.
pub(super) fn found(session: &mut AccountSession<'_>) -> Result<PageData, Error> {
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
    session.installers()
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
            log(session, &error);
            read.missing = Missing::Jobs;
        }
    }
    read
}

/// Whether the account may be as it was: nothing reached the server, or what replied is busy, broken or a page on the way to
/// it. After any other refusal the account may be gone.
pub(super) const fn says_nothing_of_the_account(error: &Error) -> bool {
    match error {
        Error::NotSent(_) | Error::NoAnswer(_) => true,
        Error::Refused { status, .. } => matches!(*status, 300..=399 | 408 | 429 | 500..),
        _ => false,
    }
}

/// Customers see no reason: it names addresses and administrators.
fn log(session: &AccountSession<'_>, error: &Error) {
    session
        .host
        .log_activity(format!("{error} - {}", session.service.id));
}
