//! `jetpack_AttachLicense`, the button of the PHP module of 2022: as "Attach to site", with the sentences that staff know. One
//! request.

use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site::attach;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::whmcs::{Host, Service};

const NO_LICENSE: Error = Error::Verbatim(
    "No license key found for this order. First run the module create command to issue a license.",
);

const NO_DOMAIN: Error = Error::Verbatim(
    "No domain specified for this order. To attach the license first set a domain for this order.",
);

/// Attaches the first license, to the site that the service names.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let first = active.first().ok_or(NO_LICENSE)?;
        let site = SiteAddress::of(service).map_err(|error| {
            if service.domain.trim().is_empty() {
                NO_DOMAIN
            } else {
                error
            }
        })?;
        attach(session, first, &site)
    })
}
