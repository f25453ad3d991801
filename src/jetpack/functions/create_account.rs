//! `jetpack_CreateAccount`: issues what the service should have and does not. One request for each license.

use crate::error::Error;
use crate::jetpack::licensing::activation;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::whmcs::{Host, Service};

/// Issues the licenses that are missing. A service that has its license gets none, and no request is made.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let issued = issue(session, active);
        session.finish(issued)
    })
}

fn issue(
    session: &mut LicenseSession<'_>,
    active: Vec<StoredLicense>,
) -> Result<Vec<StoredLicense>, Error> {
    let slug = session.slug()?;
    let active = session.settled(active)?;
    let active = session.issue_missing(active, &slug, |_| true)?;
    activation::after_issuing(session, &active);
    Ok(active)
}
