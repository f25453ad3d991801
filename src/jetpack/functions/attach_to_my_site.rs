//! `jetpack_AttachToMySite`: the customer's button "Attach to my site". One request, or two.

use super::client_area_allowed_functions::may_attach;
use crate::error::{Error, mention};
use crate::jetpack::ERROR_PREFIX;
use crate::jetpack::licensing::activation::{self, By, NotActive};
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::tables::licenses_site;
use crate::php_value::Value;
use crate::whmcs::{Host, Service, form};

/// Attaches the first license to the site that the service names, whatever else is in the form.
///
/// # Errors
/// `Error::Customer` for a form that is not from his page, and for what he can do something about.
pub fn run(host: &dyn Host, service: &Service, form: &Value) -> Result<(), Error> {
    if !form::is_of_this_session(host, form) {
        return Err(refusal(
            "This was not sent from the page of your service. Open the page again and use the button there.",
        ));
    }
    if !may_attach(service) {
        return Err(refusal(
            "A license can be attached only while the service is active. Please contact us if it should be.",
        ));
    }
    let site = SiteAddress::of(service).map_err(|error| without_address(host, service, &error))?;
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    if active.is_empty() {
        return Err(refusal(
            "Your license is not there yet. Please try again once your page shows its key.",
        ));
    }
    let Some(license) = activation::unattached(service, &active) else {
        return Ok(());
    };
    // Before the lock, for which a second click would wait.
    if !licenses_site::claim(&mut session.database, license.row)? {
        return Err(refusal(
            "This was tried less than a minute ago. Please wait a minute, then try again.",
        ));
    }
    // The connection goes back for the next step to use.
    drop(session);
    match activation::on_request(host, service, By::Customer) {
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
    refusal(&format!(
        "Your license could not be attached to {}. Make sure that the Jetpack plugin is installed and connected there, then try again{}.",
        site.url,
        mention(failed.error.request_id())
    ))
}

fn without_address(host: &dyn Host, service: &Service, error: &Error) -> Error {
    host.log_activity(format!(
        "{} - {}",
        error.for_staff(ERROR_PREFIX),
        service.id
    ));
    refusal(
        "The address of your site is not known here. Please contact us, and tell us where your site is.",
    )
}

fn refusal(sentence: &str) -> Error {
    Error::Customer(sentence.to_owned())
}
