//! `jetpack_TerminateAccount`: revokes all licenses of the service. One request each, two where Jetpack refuses.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::tables::licenses::{self, Reason};
use crate::whmcs::{Host, Service};

/// # Errors
/// `errors::no_license` for a service that never had one; `Error::Undecided` while one may exist that nobody knows of.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let revoked = end(&mut licensing);
    // It ends with no license, or not at all.
    licensing.finish(revoked.map(|()| Vec::new()))
}

fn end(licensing: &mut Licensing<'_>) -> Result<(), Error> {
    licensing.revoke_all(Reason::Terminated)?;
    licensing.refuse_while_undecided()?;
    match licenses::last_revoked(&mut licensing.database, licensing.service)? {
        Some(_) => Ok(()),
        None => Err(errors::no_license()),
    }
}
