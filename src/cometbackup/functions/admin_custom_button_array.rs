//! `cometbackup_AdminCustomButtonArray`: the buttons of the admin's service page. No request.

use super::{
    confirm_deletion, confirm_server, move_account, record_imported, refetch_profile,
    resume_creation, switch_off_second_factor, transfer_account, user_names,
};
use crate::cometbackup::account::extra_addon;
use crate::cometbackup::tables::accounts;
use crate::error::Error;
use crate::installation;
use crate::whmcs::{Host, Service, open_database};

/// Returns label and function suffix of each button.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let mut database = open_database(host)?;
    if extra_addon::is_one(&mut database, service)? {
        return Ok(Vec::new());
    }
    let mut buttons = vec![
        ("Check at Comet", "CheckAccount"),
        ("Reconcile", "Reconcile"),
    ];
    if let Some(account) = accounts::find(&mut database, service.id)? {
        if confirm_deletion::is_offered(&account) {
            buttons.push(confirm_deletion::BUTTON);
        }
        if resume_creation::is_half_made(&mut database, service, &account)? {
            buttons.push(resume_creation::BUTTON);
        }
        if !account.is_planned {
            buttons.extend([switch_off_second_factor::BUTTON, refetch_profile::BUTTON]);
        }
        if account.written.is_for_another(service.client_id) {
            buttons.push(transfer_account::BUTTON);
        }
        buttons.extend(user_names::offered(service, &account));
    } else if record_imported::is_offered(service) {
        buttons.push(record_imported::BUTTON);
    }
    if installation::question(&mut database)?.is_some() {
        buttons.extend(installation::BUTTONS);
    }
    // Where that is not known, the commands say what is missing.
    if confirm_server::is_offered(host, service).unwrap_or(false) {
        buttons.extend([confirm_server::BUTTON, move_account::BUTTON]);
    }
    Ok(buttons)
}
