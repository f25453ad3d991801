//! `cometbackup_CheckAccount`, the button "Check at Comet": reads the account, for the service's page to show. One request.

use std::fmt::Write;

use super::client_area;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::adoption::{self, AdoptionVerdict};
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::{lost_answer, vault};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::IN_THE_CLEAR;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::accounts_seen::{self, SeenFacts};
use crate::error::Error;
use crate::reconciliation::{self, Finding};
use crate::text::plain;
use crate::whmcs::{Host, Service, ServiceStatus};

/// Reads the account, and records what is seen for the service's page.
///
/// # Errors
/// Where the account is not there, is another one, or is suspended where WHMCS says it is active, or the reverse.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = AccountSession::open(host, service)?;
    let (account, profile) = match session.created_account_asking_server()? {
        Some(account) => {
            let profile = session.profile(&account)?;
            session.must_be_confirmed(&account)?;
            (account, profile)
        }
        None => taken(&mut session)?,
    };
    lost_answer::settle_as_read(&mut session, &account, &profile)?;
    let mut seen = client_area::in_words(service, &account, &profile);
    if session.server.is_in_the_clear() {
        let _ = write!(seen, "; {IN_THE_CLEAR}");
    }
    let devices = client_area::devices_seen(&profile);
    let option = ModuleSettings::read(&service.options).vault_quota;
    let vaults = vault::limited(&account, &profile, option);
    let facts = SeenFacts::of(profile.listed(), &vaults);
    accounts_seen::keep(
        &mut session.database,
        account.row,
        (&seen, &facts),
        &devices,
    )?;
    let name = plain(&account.username);
    match (service.status, profile.is_suspended()) {
        (status, true) if status.is_in_use() => Err(Error::Refusal(format!(
            "The Comet account {name} is suspended, and the service is {}. Run Unsuspend or Suspend.",
            status.word()
        ))),
        (ServiceStatus::Suspended, false) => Err(Error::Refusal(format!(
            "The Comet account {name} is active, and the service is suspended. Run Suspend or Unsuspend."
        ))),
        _ => Ok(()),
    }
}

/// An account that no row of ours knows: where it may be another's it is shown first, and recorded by the button once it
/// was shown.
fn taken(session: &mut AccountSession<'_>) -> Result<(Account, Profile), Error> {
    let candidate = session.candidate()?;
    let service_id = session.service.id;
    if let AdoptionVerdict::ByStaff(doubts) = &candidate.verdict {
        let finding = Finding {
            service_id: Some(service_id),
            kind: adoption::KIND,
            subject: candidate.found.subject(&candidate.username),
            text: adoption::shown(&candidate.username, &candidate.found, doubts),
            server_id: Some(session.server.id),
        };
        if !reconciliation::is_shown(&mut session.database, MODULE, &finding)? {
            reconciliation::show(&mut session.database, MODULE, &finding)?;
            return Err(Error::Refusal(finding.text));
        }
    } else {
        candidate.must_be_the_services()?;
    }
    let taken = session.take(candidate)?;
    reconciliation::settle(&mut session.database, MODULE, service_id, adoption::KIND)?;
    Ok(taken)
}
