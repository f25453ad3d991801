//! `jetpack_TerminateAccount`: revokes all licenses of the service. One request each, two where Jetpack refuses.

use super::license_table::{self, Reason};
use super::licensing::Licensing;
use crate::error::Error;
use crate::whmcs::{Host, Service};

/// # Errors
/// `Error::NoLicense` for a service that never had one; `Error::Undecided` while one may exist that nobody knows of.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let living = licensing.living()?;
    for license in &living {
        licensing.revoke(license, Reason::Terminated)?;
    }
    licensing.refuse_while_undecided()?;
    if living.is_empty() && license_table::last_revoked(&mut licensing.database, service)?.is_none()
    {
        return Err(Error::NoLicense);
    }
    licensing.keep_property()
}
