//! `jetpack_Renew`: checks that the licenses of a renewed service still work. One request for each license.

use super::check_license;
use crate::error::Error;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::tables::licenses::{self, Reason};
use crate::whmcs::{Host, Service};

/// WHMCS renews before it unsuspends: a license that the suspension revoked is no fault.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let look = licensing.ask_about_revocations()?;
    let living = look.living.len();
    if living > 0 {
        check_license::check(&mut licensing, &look.living)?;
    } else {
        licensing.refuse_while_undecided()?;
    }
    if living >= licensing.wanted() {
        return Ok(());
    }
    if living == 0 {
        let last = licenses::last_revoked(&mut licensing.database, service)?;
        if last.is_some_and(|revocation| revocation.is_for(Reason::Suspended)) {
            return Ok(());
        }
        return Err(check_license::without_license(&mut licensing)?);
    }
    Err(Error::Refusal(format!(
        "The service holds {living} of its {} licenses. Run Create to issue the rest.",
        licensing.wanted()
    )))
}
