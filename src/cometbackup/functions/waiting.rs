//! Decisions that wait for a person on the service page of an account, and their buttons. Pure.

use super::{
    confirm_deletion, confirm_server, move_account, record_imported, resume_creation,
    transfer_account,
};
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::tables::accounts::Account;
use crate::journal::{End, Record};
use crate::service_page::{self, DecidedBy, Decision};
use crate::whmcs::Service;

const DELETION: [&str; 1] = [confirm_deletion::BUTTON.0];
const CREATION: [&str; 1] = [resume_creation::BUTTON.0];
const TRANSFER: [&str; 1] = [transfer_account::BUTTON.0];
const SERVER: [&str; 2] = [confirm_server::BUTTON.0, move_account::BUTTON.0];
const RECORD: [&str; 2] = ["Check at Comet", record_imported::BUTTON.0];
const CHECK: [&str; 1] = ["Check at Comet"];

/// The records that the page has read already.
pub struct Waits<'a> {
    pub account: Option<&'a Account>,
    /// The last ones, newest first.
    pub operations: &'a [Record],
    pub is_copy_asked: bool,
    pub is_half_made: bool,
}

pub fn of(service: &Service, waits: &Waits<'_>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if waits.is_copy_asked {
        decisions.push(service_page::copy_question());
    }
    let lost = waits.operations.iter().find(|one| one.ended(End::Unknown));
    if let Some(lost) = lost {
        decisions.push(by_buttons(
            &format!(
                "What came of the operation {} of {} UTC is not known.",
                lost.operation, lost.at
            ),
            &CHECK,
        ));
    }
    if waits.is_half_made {
        decisions.push(by_buttons(
            "The account was not created, or not with all that the product gives.",
            &CREATION,
        ));
    }
    match waits.account {
        Some(account) => decisions.extend(of_account(service, account)),
        None if record_imported::is_offered(service) => decisions.push(by_buttons(
            "The service names an account, and none is recorded for it.",
            &RECORD,
        )),
        None => {}
    }
    decisions
}

fn of_account(service: &Service, account: &Account) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if account.standing == Standing::Unconfirmed {
        decisions.push(by_buttons(
            "The account was recorded on another Comet Server than the one that the service is on now, or on one that is reached otherwise.",
            &SERVER,
        ));
    }
    if confirm_deletion::is_offered(account) {
        decisions.push(by_buttons(
            "The account is due to be deleted, and the daily run does not do it without a person.",
            &DELETION,
        ));
    }
    if account.written.is_for_another(service.client_id) {
        decisions.push(by_buttons(
            "The account was created for another client than the service has now.",
            &TRANSFER,
        ));
    }
    decisions
}

fn by_buttons(why: &str, buttons: &'static [&'static str]) -> Decision {
    Decision {
        why: why.to_owned(),
        decided_by: DecidedBy::Buttons(buttons),
    }
}
