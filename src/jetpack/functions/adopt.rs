//! The adoption of unassigned licenses by services, as staff choose it on the service page: one for this service, all that have
//! a service by their site, and both back again. One request for each license given; none to take it back.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::jetpack::licensing::adoption;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::unassigned::{self, Unassigned};
use crate::jetpack::{ERROR_PREFIX, MODULE};
use crate::journal;
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::whmcs::services::{self, ServiceKind, Settings};
use crate::whmcs::{Host, Service, open_database};

/// Names of the posted fields.
pub const ONE: &str = "jetpack_adopt";
pub const BY_SITE: &str = "jetpack_adopt_by_site";
pub const BACK: &str = "jetpack_take_back";
pub const BACK_BY_SITE: &str = "jetpack_take_back_by_site";

/// A save of the page may take so long; what is left is done by the next one.
const LONGEST: Duration = Duration::from_secs(20);
/// Licenses that are read together.
const PAGE: usize = 100;

/// A choice of staff on the service page. The mark names what the page has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdoptionChoice {
    Adopt(u64),
    AdoptBySite(String),
    TakeBack,
    TakeBackBySite(String),
}

/// Reads the choice from the form; `None` where nothing was chosen, or the fields were not shown.
pub fn chosen(form: &Value) -> Option<AdoptionChoice> {
    let field = |name| form.get(name).text().filter(|text| !text.trim().is_empty());
    if let Some(mark) = field(BY_SITE) {
        return Some(AdoptionChoice::AdoptBySite(mark));
    }
    if let Some(mark) = field(BACK_BY_SITE) {
        return Some(AdoptionChoice::TakeBackBySite(mark));
    }
    if field(BACK).is_some() {
        return Some(AdoptionChoice::TakeBack);
    }
    field(ONE)?.trim().parse().ok().map(AdoptionChoice::Adopt)
}

/// Gives licenses or takes them back, as chosen.
///
/// # Errors
/// The reason why nothing was done. What happens to many is in the Activity Log.
pub fn run(host: &dyn Host, service: &Service, choice: &AdoptionChoice) -> Result<(), Error> {
    match choice {
        AdoptionChoice::Adopt(row) => adopt(host, service, *row),
        AdoptionChoice::TakeBack => take_back(host, service),
        AdoptionChoice::AdoptBySite(mark) => many(host, mark, true),
        AdoptionChoice::TakeBackBySite(mark) => many(host, mark, false),
    }
}

fn adopt(host: &dyn Host, service: &Service, row: u64) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let found = unassigned::by_row(&mut session.database, row)?.ok_or_else(|| {
            Error::Refusal(
                "The license that was chosen is not among the unassigned ones any more. Open the service page again.".into(),
            )
        })?;
        let active = adoption::give(session, active, &found)?;
        session.finish(Ok(active))
    })
}

fn take_back(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, mut active| {
        let last = journal::last(&mut session.database, MODULE, service.id)?;
        let license = last.and_then(|last| adoption::can_be_taken_back(&last, &active).cloned());
        let license = license.ok_or_else(too_late)?;
        adoption::take_back(session, &license)?;
        active.retain(|other| other.row != license.row);
        session.finish(Ok(active))
    })
}

/// Gives the licenses of a plan to their services, or takes them back. Each is a command of its own on its service.
fn many(host: &dyn Host, mark: &str, gives: bool) -> Result<(), Error> {
    let begun = Instant::now();
    let mut database = open_database(host)?;
    let settings = services::settings(host, &mut database, MODULE)?;
    let (mut after, mut done, mut refused, mut left) = (0, 0_u64, 0_u64, 0_u64);
    'pages: loop {
        let (page, count) = if gives {
            unassigned::planned(&mut database, after, PAGE)?
        } else {
            unassigned::adopted_as_planned(&mut database, mark, after, PAGE)?
        };
        let Some(last) = page.last() else {
            break;
        };
        let end = last.row;
        for (at, found) in (0_u64..).zip(&page) {
            if begun.elapsed() > LONGEST {
                left = count.saturating_sub(at);
                break 'pages;
            }
            if found.plan_mark != mark {
                return Err(Error::Refusal(
                    "What the page has shown is not as it was: a reconciliation has run since. Open the service page again.".into(),
                ));
            }
            match one_of_many(host, &mut database, &settings, (found, gives)) {
                Ok(()) => done += 1,
                Err(error @ Error::Database(_)) => return Err(error),
                Err(error) => {
                    refused += 1;
                    host.log_activity(format!(
                        "{} The license {} stays as it is.",
                        error.for_staff(ERROR_PREFIX),
                        found.key.hint()
                    ));
                }
            }
        }
        after = end;
    }
    let what = if gives {
        "given to their services by their sites"
    } else {
        "taken back from their services"
    };
    let rest = match left {
        0 => String::new(),
        left => format!(" {left} are left: save the page again with the same choice."),
    };
    host.log_activity(format!(
        "Jetpack: {done} licenses were {what}, {refused} were not.{rest}"
    ));
    Ok(())
}

fn one_of_many(
    host: &dyn Host,
    database: &mut crate::database::Database,
    settings: &Settings,
    (found, gives): (&Unassigned, bool),
) -> Result<(), Error> {
    let owner = found.planned_for.ok_or_else(too_late)?;
    let part = match owner {
        ServiceId::Service(_) => ServiceKind::Services,
        ServiceId::Addon { .. } => ServiceKind::Addons,
    };
    let id = owner.number();
    let sold = services::page(database, MODULE, part, id.saturating_sub(1), id)?;
    let sold = sold.first().ok_or_else(|| {
        Error::Refusal("Its service is not in WHMCS any more, or sold with another module.".into())
    })?;
    let service = sold.service(settings);
    LicenseSession::with_lock(host, &service, |session, active| {
        if gives {
            return adoption::give(session, active, found).map(drop);
        }
        let last = journal::last(&mut session.database, MODULE, service.id)?;
        let license = last.and_then(|last| adoption::can_be_taken_back(&last, &active).cloned());
        adoption::take_back(session, &license.ok_or_else(too_late)?)
    })
}

fn too_late() -> Error {
    Error::Refusal(
        "The license cannot be taken back any more: something else has happened to its service since. Terminate revokes it.".into(),
    )
}
