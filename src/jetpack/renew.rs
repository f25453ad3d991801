//! `jetpack_Renew`: makes sure that what is paid for again still works. One request for each license.

use super::check_license;
use super::license_table::{self, Reason};
use super::licensing::Licensing;
use crate::error::Error;
use crate::whmcs::{Host, Service};

/// WHMCS renews before it unsuspends: a license that the suspension revoked is no fault.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    if !licensing.living()?.is_empty() {
        return check_license::check(&mut licensing);
    }
    licensing.refuse_while_undecided()?;
    let last = license_table::last_revoked(&mut licensing.database, service)?;
    if last.is_some_and(|revocation| revocation.is_for(Reason::Suspended)) {
        return Ok(());
    }
    Err(check_license::without_license(&mut licensing)?)
}
