//! `jetpack_DetachFromSite`, the button "Detach from site". One request for each license.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site::detach;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::whmcs::{Host, Service};

/// Detaches each license that we attached, or else the first.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let is_attached = |license: &&StoredLicense| license.site.is_some();
        let mut chosen: Vec<_> = active.iter().filter(is_attached).collect();
        if chosen.is_empty() {
            chosen.push(active.first().ok_or_else(errors::no_license)?);
        }
        for license in chosen {
            detach(session, license)?;
        }
        Ok(())
    })
}
