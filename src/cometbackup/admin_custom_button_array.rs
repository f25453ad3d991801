//! `cometbackup_AdminCustomButtonArray`: the buttons of the admin's service page. No request.

use super::open_database;
use crate::error::Error;
use crate::installation;
use crate::whmcs::{Host, Service};

/// Label and function suffix.
pub fn run(host: &dyn Host, _: &Service) -> Result<Vec<(String, String)>, Error> {
    let mut buttons = vec![
        ("Check at Comet", "CheckAccount"),
        ("Reconcile", "Reconcile"),
    ];
    if installation::question(&mut open_database(host)?)?.is_some() {
        buttons.extend(installation::BUTTONS);
    }
    Ok(buttons
        .into_iter()
        .map(|(label, function)| (label.to_owned(), function.to_owned()))
        .collect())
}
