//! `jetpack_AttachToMySite`: the customer's button "Attach to my site". One request, or two.

use super::client_area_allowed_functions::may_attach;
use crate::error::Error;
use crate::jetpack::licensing::activation::{self, NotActive, Requester};
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::tables::licenses_site;
use crate::jetpack::{ERROR_PREFIX, TEXTS};
use crate::php_value::Value;
use crate::text::plain;
use crate::whmcs::{Host, Service, form};

/// Attaches the first license to the site that the service names, whatever else is in the form.
///
/// # Errors
/// `Error::Text` for a form that is not from his page, and for what he can do something about.
pub fn run(host: &dyn Host, service: &Service, form: &Value) -> Result<(), Error> {
    if !form::is_of_this_session(host, form) {
        return Err(refusal("attach.not_from_page"));
    }
    if !may_attach(service) {
        return Err(refusal("attach.not_active"));
    }
    let site = SiteAddress::of(service).map_err(|error| without_address(host, service, &error))?;
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    if active.is_empty() {
        return Err(refusal("attach.not_there_yet"));
    }
    let Some(license) = activation::unattached(service, &active) else {
        return Ok(());
    };
    // Before the lock, for which a second click would wait.
    if !licenses_site::claim(&mut session.database, license.row)? {
        return Err(refusal("attach.too_soon"));
    }
    // The connection goes back for the next step to use.
    drop(session);
    match activation::on_request(host, service, Requester::Customer) {
        Ok(_) => Ok(()),
        Err(failed) => Err(not_attached(host, service, &site, failed)),
    }
}

/// What the customer can put right is said to him; the rest goes to staff.
fn not_attached(
    host: &dyn Host,
    service: &Service,
    site: &SiteAddress,
    failed: NotActive,
) -> Error {
    if !matches!(
        failed.error,
        Error::Refused {
            status: 400..=404,
            ..
        }
    ) {
        return failed.error;
    }
    host.log_activity(format!("{} - {}", failed.sentence(), service.id));
    let site = ("site", site.url.as_str());
    match failed.error.request_id().map(plain) {
        Some(id) => TEXTS.error("attach.refused_with_id", &[site, ("id", &id)]),
        None => TEXTS.error("attach.refused", &[site]),
    }
}

fn without_address(host: &dyn Host, service: &Service, error: &Error) -> Error {
    host.log_activity(format!(
        "{} - {}",
        error.for_staff(ERROR_PREFIX),
        service.id
    ));
    refusal("attach.unknown_address")
}

fn refusal(key: &'static str) -> Error {
    TEXTS.error(key, &[])
}
