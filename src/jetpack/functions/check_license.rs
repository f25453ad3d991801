//! `jetpack_CheckLicense`, the button "Check at Jetpack": one request for each license, and what is still open at the site.

use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::{activation, errors};
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::whmcs::{Host, Service};

pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    let active = session.load_settled()?;
    if active.is_empty() {
        session.refuse_while_undecided()?;
        // The daily run may have recorded a revocation, and does not write the custom field.
        let none = without_license(&mut session)?;
        return session.finish(Err(none));
    }
    check(&mut session, &active)?;
    // The connection goes back for the next step to use.
    drop(session);
    activation::go_on_where_open(host, service, &active);
    Ok(())
}

/// Reads each active license at Jetpack and records its state.
///
/// # Errors
/// That a license is revoked there, which is closed here as well: Create can then issue another.
pub fn check(session: &mut LicenseSession<'_>, active: &[StoredLicense]) -> Result<(), Error> {
    let api = session.api()?;
    let mut revoked = None;
    let mut unanswered = None;
    for license in active {
        match api.license(&license.key) {
            Ok(known) => match known.revoked_at {
                Some(at) => {
                    let database = &mut session.database;
                    licenses::revoke(database, license.row, &at, Reason::AtJetpack)?;
                    revoked = Some(at);
                }
                None => licenses::checked(&mut session.database, license.row)?,
            },
            Err(error) => unanswered = Some(error),
        }
    }
    let found = match (revoked, unanswered) {
        (Some(at), _) => Err(revoked_there(&at)),
        (None, Some(error)) => Err(error),
        // Another command may have revoked one during the request.
        (None, None) => session.active(),
    };
    session.finish(found)
}

/// Returns the error that says why there is nothing to check.
pub fn without_license(session: &mut LicenseSession<'_>) -> Result<Error, Error> {
    let last = licenses::last_revoked(&mut session.database, session.service)?;
    Ok(match last {
        Some(revocation) if revocation.is_for(Reason::AtJetpack) => revoked_there(&revocation.at),
        _ => errors::no_license(),
    })
}

fn revoked_there(at: &str) -> Error {
    Error::Refusal(format!(
        "The license was revoked at Jetpack on {at} UTC. Run Create to issue a new one, or ask Jetpack why."
    ))
}
