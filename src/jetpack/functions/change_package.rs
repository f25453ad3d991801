//! `jetpack_ChangePackage`: another product, or another quantity. The new license comes first.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::issue::To;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::licensing::site;
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::whmcs::{Host, Service};

/// One request for each license to issue and each to revoke; none where product and quantity are as they were.
///
/// # Errors
/// `errors::no_license` for a service without license, unless its suspension revoked it.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let changed = change(&mut licensing);
    licensing.finish(changed)
}

fn change(licensing: &mut Licensing<'_>) -> Result<Vec<StoredLicense>, Error> {
    let slug = licensing.slug()?;
    let product_id = licensing.service.product_id;
    let look = licensing.ask_about_revocations()?;
    if look.living.is_empty() {
        return without_license(licensing);
    }
    let fits = |license: &StoredLicense| license.is_for(&slug, product_id);
    let living = licensing.issue_missing(look, &slug, To::Holder, fits)?;
    // Revoked by another command that had the lock first.
    if living.is_empty() {
        return without_license(licensing);
    }
    let (fitting, others): (Vec<_>, Vec<_>) = living.into_iter().partition(fits);
    // A quantity that cannot be read takes nothing away.
    let wanted = licensing
        .service
        .quantity
        .map_or(fitting.len(), |quantity| quantity as usize);
    let surplus = fitting.into_iter().skip(wanted);
    for license in others.into_iter().chain(surplus) {
        licensing.revoke(&license, Reason::PackageChanged)?;
    }
    let living = licensing.living()?;
    site::attach_if_wanted(licensing, living)
}

/// A suspended service gets the license of its new product when it is unsuspended.
fn without_license(licensing: &mut Licensing<'_>) -> Result<Vec<StoredLicense>, Error> {
    licensing.refuse_while_undecided()?;
    let last = licenses::last_revoked(&mut licensing.database, licensing.service)?;
    if last.is_some_and(|revocation| revocation.is_for(Reason::Suspended)) {
        return Ok(Vec::new());
    }
    Err(errors::no_license())
}
