//! `jetpack_SuspendAccount`: keeps the license without a request, or revokes it, as module setting 4 says.

use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::suspension_revokes;
use crate::jetpack::tables::licenses::Reason;
use crate::whmcs::{Host, Service};

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    if !suspension_revokes(&service.options) {
        return Ok(());
    }
    LicenseSession::with_lock(host, service, |session, active| {
        let revoked = session.revoke_all(active, Reason::Suspended);
        session.finish(revoked.map(|()| Vec::new()))
    })
}
