//! `jetpack_AttachToSite`, the button "Attach to site". One request.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site::{attach, site_of};
use crate::whmcs::{Host, Service};

/// Attaches the first license, to the service's domain.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let site = site_of(service)?;
        let first = active.first().ok_or_else(errors::no_license)?;
        attach(session, first, &site)
    })
}
