//! `jetpack_AdminCustomButtonArray`: the buttons of the admin's service page. No request.

use super::connect_site;
use crate::error::Error;
use crate::installation;
use crate::jetpack::licensing::session::LicenseSession;
use crate::whmcs::{Host, Service};

/// Returns label and function suffix of each button that the service's state allows.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let mut session = LicenseSession::open(host, service)?;
    let mut buttons = Vec::new();
    let active = session.active()?;
    if !active.is_empty() {
        buttons.push(("Check at Jetpack", "CheckLicense"));
        if connect_site::is_offered(service, &active) {
            buttons.push(("Connect site", "ConnectSite"));
        }
        buttons.extend([
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
