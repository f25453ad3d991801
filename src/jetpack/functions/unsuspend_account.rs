//! `jetpack_UnsuspendAccount`: issues again what a suspension revoked.

use super::create_account;
use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::suspension_revokes;
use crate::jetpack::tables::licenses::{self, Reason};
use crate::whmcs::{Host, Service};

/// Issues licenses, also where setting 4 was changed while the service was suspended: what counts is what was revoked.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    if !suspension_revokes(&service.options) {
        let active = session.load_settled()?;
        let revoked_by_suspension = active.len() < session.wanted()
            && licenses::last_revoked(&mut session.database, service)?
                .is_some_and(|revocation| revocation.is_for(Reason::Suspended));
        if !revoked_by_suspension {
            return Ok(());
        }
    }
    // The connection goes back for the next function to use.
    drop(session);
    create_account::run(host, service)
}
