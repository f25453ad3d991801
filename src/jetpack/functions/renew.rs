//! `jetpack_Renew`: checks that the licenses of a renewed service still work. One request for each license.

use super::check_license;
use crate::error::Error;
use crate::jetpack::licensing::activation;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::licenses::{self, Reason};
use crate::whmcs::{Host, Service};

/// Checks them. WHMCS renews before it unsuspends: a license that the suspension revoked is no fault.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    let active = session.load_settled()?;
    let count = active.len();
    if count > 0 {
        check_license::check(&mut session, &active)?;
    } else {
        session.refuse_while_undecided()?;
    }
    if count >= session.wanted() {
        // The connection goes back for the next step to use.
        drop(session);
        activation::go_on_where_open(host, service, &active);
        return Ok(());
    }
    if count == 0 {
        let last = licenses::last_revoked(&mut session.database, service)?;
        if last.is_some_and(|revocation| revocation.is_for(Reason::Suspended)) {
            return Ok(());
        }
        return Err(check_license::without_license(&mut session)?);
    }
    Err(Error::Refusal(format!(
        "The service holds {count} of its {} licenses. Run Create to issue the rest.",
        session.wanted()
    )))
}
