//! `jetpack_AdminCustomButtonArray`: the buttons of the admin's service page. No request.

use crate::error::Error;
use crate::installation;
use crate::jetpack::licensing::session::LicenseSession;
use crate::whmcs::{Host, Service};

/// Label and function suffix. Shown is what the service's state allows.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let mut session = LicenseSession::open(host, service)?;
    let mut buttons = Vec::new();
    if !session.active()?.is_empty() {
        buttons.extend([
            ("Check at Jetpack", "CheckLicense"),
            ("Attach to site", "AttachToSite"),
            ("Detach from site", "DetachFromSite"),
        ]);
    }
    if session.undecided()?.is_some() {
        buttons.push(("Not issued: try again", "IssueAgain"));
    }
    buttons.push(("Reconcile", "Reconcile"));
    if installation::question(&mut session.database)?.is_some() {
        buttons.extend(installation::BUTTONS);
    }
    Ok(buttons)
}
