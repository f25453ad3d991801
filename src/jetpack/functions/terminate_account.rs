//! `jetpack_TerminateAccount`: revokes all licenses of the service. One request each, two where Jetpack refuses.

use crate::error::Error;
use crate::jetpack::licensing::errors;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::whmcs::{Host, Service};

/// Revokes them.
///
/// # Errors
/// `errors::no_license` for a service that never had one; `Error::Undecided` while one may exist that nobody knows of.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    LicenseSession::with_lock(host, service, |session, active| {
        let revoked = revoke(session, active);
        // It ends with no license, or not at all.
        session.finish(revoked.map(|()| Vec::new()))
    })
}

fn revoke(session: &mut LicenseSession<'_>, active: Vec<StoredLicense>) -> Result<(), Error> {
    let has_some = !active.is_empty();
    session.revoke_all(active, Reason::Terminated)?;
    if has_some || licenses::last_revoked(&mut session.database, session.service)?.is_some() {
        return Ok(());
    }
    Err(errors::no_license())
}
