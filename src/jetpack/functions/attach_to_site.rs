//! `jetpack_AttachToSite`, the button "Attach to site". One request.

use crate::error::Error;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::licensing::site::{attach, first, site_of};
use crate::whmcs::{Host, Service};

/// Attaches the first license, to the service's domain.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let site = site_of(service)?;
    let license = first(&mut licensing)?;
    attach(&mut licensing, &license, &site)
}
