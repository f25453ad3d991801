//! `jetpack_ChangePackage`: another product, or another quantity. The new license comes first.

use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::{activation, errors};
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::whmcs::{Host, Service};

/// Issues what is missing, then revokes what is too much. One request for each license; none where nothing has changed.
///
/// # Errors
/// `errors::no_license` for a service without license, unless its suspension revoked it.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let changed = change(session, active);
        session.finish(changed)
    })
}

fn change(
    session: &mut LicenseSession<'_>,
    active: Vec<StoredLicense>,
) -> Result<Vec<StoredLicense>, Error> {
    let slug = session.slug()?;
    let product_id = session.service.product_id;
    let active = session.settled(active)?;
    if active.is_empty() {
        return without_license(session);
    }
    let fits = |license: &StoredLicense| license.is_for(&slug, product_id);
    let active = session.issue_missing(active, &slug, fits)?;
    let (mut fitting, others): (Vec<_>, Vec<_>) = active.into_iter().partition(fits);
    // A quantity that cannot be read takes nothing away.
    let wanted = session
        .service
        .quantity
        .map_or(fitting.len(), |quantity| quantity as usize);
    let surplus = fitting.split_off(wanted.min(fitting.len()));
    for license in others.iter().chain(&surplus) {
        session.revoke(license, Reason::PackageChanged)?;
    }
    activation::after_issuing(session, &fitting);
    Ok(fitting)
}

/// A suspended service gets the license of its new product when it is unsuspended.
fn without_license(session: &mut LicenseSession<'_>) -> Result<Vec<StoredLicense>, Error> {
    let last = licenses::last_revoked(&mut session.database, session.service)?;
    if last.is_some_and(|revocation| revocation.is_for(Reason::Suspended)) {
        return Ok(Vec::new());
    }
    Err(errors::no_license())
}
