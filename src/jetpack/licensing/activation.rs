//! The activation of a license on the customer's site, as module setting 5 says. What does not work stays open in the license's
//! row, and Renew, Check at Jetpack and the daily run try it again.

use super::session::LicenseSession;
use super::site::{attach, connect};
use super::site_address::{SiteAddress, administrator};
use crate::error::Error;
use crate::jetpack::api::site::Connection;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::jetpack::tables::licenses_site::{self, SiteStep};
use crate::jetpack::{Activation, ERROR_PREFIX, MODULE};
use crate::whmcs::{Host, Service, hosting_domains};

const WHEN_READY: &str = "press Attach to site when the site is ready. It is tried again by Renew, Check at Jetpack and the daily cron.";

const NOT_HOSTED: &str = "The site was not connected, because it is not at the domain of another active hosting service of this client. If it is the client's site, press Connect site; if he connects it himself, press Attach to site.";

const NO_ADDRESS: &str = "After that press Connect site or Attach to site.";

const CUT: &str = "Ask the client to connect it again in his WordPress, then press Attach to site.";

/// The one who wants the step to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
    /// A command, or the daily run.
    Module,
    /// A person who has seen whose site it is.
    Staff,
    /// The customer, for his own site.
    Customer,
}

/// A license that is not active on the site yet.
pub struct NotActive {
    pub error: Error,
    /// The sentence that tells staff what to do.
    pub advice: &'static str,
}

impl From<Error> for NotActive {
    fn from(error: Error) -> Self {
        Self {
            error,
            advice: WHEN_READY,
        }
    }
}

impl NotActive {
    /// Returns the sentence for staff.
    pub fn sentence(&self) -> String {
        format!(
            "{} The license itself is issued; {}",
            self.error.for_staff(ERROR_PREFIX),
            self.advice
        )
    }
}

/// Activates a license that was just issued, where setting 5 asks for it. The license is good without that: a site which is not
/// ready does not fail the order, and the Activity Log says what to do.
pub fn after_issuing(session: &mut LicenseSession<'_>, active: &[StoredLicense]) {
    let Some(license) = unattached(session.service, active) else {
        return;
    };
    if license.at_site.step != Some(SiteStep::Cut)
        && let Err(failed) = take(session, license, Requester::Module)
    {
        log(session.host, session.service, &failed);
    }
}

/// Goes on with what is open of a service whose licenses were just read. No statement where nothing is.
pub fn go_on_where_open(host: &dyn Host, service: &Service, active: &[StoredLicense]) {
    if open(service, active).is_none() {
        return;
    }
    if let Err(failed) = go_on(host, service) {
        log(host, service, &failed);
    }
}

/// Goes on with what is open of a service. False where nothing is.
pub fn go_on(host: &dyn Host, service: &Service) -> Result<bool, NotActive> {
    locked(host, service, Requester::Module, open)
}

/// Takes the step for a person who asks for it, whatever became of it before. False where there is no license to attach.
pub fn on_request(host: &dyn Host, service: &Service, by: Requester) -> Result<bool, NotActive> {
    locked(host, service, by, unattached)
}

/// Returns the license to attach, of several the first; none where one is attached, or setting 5 leaves it to the customer.
pub fn unattached<'a>(service: &Service, active: &'a [StoredLicense]) -> Option<&'a StoredLicense> {
    let is_wanted = Activation::of(&service.options) != Activation::ByCustomer;
    let first = active.first().filter(|_| is_wanted)?;
    active
        .iter()
        .all(|license| license.site.is_none())
        .then_some(first)
}

fn open<'a>(service: &Service, active: &'a [StoredLicense]) -> Option<&'a StoredLicense> {
    let is_open = |step| matches!(step, Some(SiteStep::Open | SiteStep::Staff));
    unattached(service, active).filter(|license| is_open(license.at_site.step))
}

fn locked(
    host: &dyn Host,
    service: &Service,
    by: Requester,
    choose: impl for<'a> Fn(&Service, &'a [StoredLicense]) -> Option<&'a StoredLicense>,
) -> Result<bool, NotActive> {
    let mut taken = Ok(false);
    LicenseSession::with_lock(host, service, |session, active| {
        if let Some(license) = choose(service, &active) {
            taken = take(session, license, by).map(|()| true);
        }
        Ok(())
    })?;
    taken
}

fn log(host: &dyn Host, service: &Service, failed: &NotActive) {
    host.log_activity(format!("{} - {}", failed.sentence(), service.id));
}

/// Connects the site where it may be connected, and attaches the license.
fn take(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    by: Requester,
) -> Result<(), NotActive> {
    let service = session.service;
    let parts = SiteAddress::of(service).and_then(|site| Ok((site, administrator(service)?)));
    let (site, administrator) = match parts {
        Ok(parts) => parts,
        Err(error) => {
            let step = keep_cut(license, SiteStep::Staff);
            record(session, license, step)?;
            let advice = NO_ADDRESS;
            return Err(NotActive { error, advice });
        }
    };
    let may_connect = may_connect(session, license, &site, by)?;
    let is_for_staff =
        !may_connect && Activation::of(&service.options) == Activation::ConnectAndAttach;
    let step = if is_for_staff {
        keep_cut(license, SiteStep::Staff)
    } else {
        SiteStep::Open
    };
    record(session, license, step)?;
    if may_connect && connect(session, license, &site, &administrator)? == Connection::Cut {
        let error = Error::Refusal(format!(
            "The owner of {} has cut its connection to Jetpack, and Jetpack does not make it again.",
            site.url
        ));
        return Err(NotActive { error, advice: CUT });
    }
    let advice = match step {
        SiteStep::Open => WHEN_READY,
        SiteStep::Staff => NOT_HOSTED,
        SiteStep::Cut => CUT,
    };
    attach(session, license, &site).map_err(|error| NotActive { error, advice })
}

/// Connecting uses the partner's authority on an address that a client typed: staff may, and else only where WHMCS hosts
/// that domain for him. One statement where that has to be asked.
fn may_connect(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    site: &SiteAddress,
    by: Requester,
) -> Result<bool, Error> {
    let service = session.service;
    if Activation::of(&service.options) != Activation::ConnectAndAttach {
        return Ok(false);
    }
    if by == Requester::Staff {
        return Ok(true);
    }
    if license.at_site.step == Some(SiteStep::Cut) {
        return Ok(false);
    }
    let database = &mut session.database;
    Ok(hosting_domains::any(
        database,
        MODULE,
        service.id,
        |domain| site.is_at(domain),
    )?)
}

/// Only a connection that works ends that its owner has cut it.
fn keep_cut(license: &StoredLicense, step: SiteStep) -> SiteStep {
    license
        .at_site
        .step
        .filter(|step| *step == SiteStep::Cut)
        .unwrap_or(step)
}

fn record(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    step: SiteStep,
) -> Result<(), Error> {
    Ok(licenses_site::tried(
        &mut session.database,
        license.row,
        step,
    )?)
}
