//! `jetpack_AttachToSite`, the button "Attach to site". One request.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site::attach;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::whmcs::{Host, Service};

/// Attaches the first license, to the site that the service names.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let site = SiteAddress::of(service)?;
        let first = active.first().ok_or_else(errors::no_license)?;
        attach(session, first, &site)
    })
}
