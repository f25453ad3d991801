//! Accounts that were recorded for another server entry, host, port or license than those of the server that was read.

use super::observed::Identity;
use super::services::Entry;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_identity::{ServerPlace, Standing};
use crate::cometbackup::functions::confirm_server::BUTTON;
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::accounts_batch::{self, WithoutServer};
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::{Finding, Run};
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::ServiceStatus;

/// Services that wait for staff to confirm the entry once.
#[derive(Debug, Default)]
pub struct UnconfirmedServices {
    count: u64,
    first: Option<ServiceId>,
    entry: u32,
}

/// Reports the services that no list is compared with.
pub fn skipped(run: &mut Run, database: &mut Database) -> Result<(), Error> {
    for account in accounts_batch::without_server(database)? {
        let finding = Finding {
            service_id: Some(account.service_id),
            kind: "skipped",
            text: why_skipped(&account),
            subject: account.username,
            server_id: None,
        };
        run.report(database, finding)?;
    }
    Ok(())
}

fn why_skipped(account: &WithoutServer) -> String {
    let (name, entry) = (plain(&account.username), account.entry);
    if account.is_gone {
        format!(
            "The service of the Comet account {name} is no longer in WHMCS, and neither is the server entry {entry} that the account was recorded for, so it is left out. If that Comet Server is still in use, delete the account there unless somebody needs its backups."
        )
    } else {
        format!(
            "The service is on no Comet server of WHMCS, so it is left out: its account {name} was recorded for the server entry {entry}, which is no longer there. Choose the server on the service's page."
        )
    }
}

/// Records accounts that are on the same Comet Server, or were confirmed to be, for this entry; counts those that wait
/// for a confirmation.
pub fn settle(
    run: &mut Run,
    database: &mut Database,
    here: &ServerPlace,
    page: &mut [Entry],
    waiting: &mut UnconfirmedServices,
) -> Result<(), Error> {
    let elsewhere = page
        .iter_mut()
        .filter(|entry| entry.record == RecordState::Created && !entry.service.is_left)
        .filter(|entry| entry.standing != Standing::Same);
    for entry in elsewhere {
        let Some(observed) = &entry.observed else {
            continue;
        };
        let is_it = match entry.standing {
            Standing::SameByAnotherEntry => observed.identity != Identity::Another,
            _ => observed.identity == Identity::Same,
        };
        if !is_it {
            continue;
        }
        if entry.standing == Standing::Unconfirmed {
            waiting.count += 1;
            waiting.first.get_or_insert(entry.service_id);
            waiting.entry = entry.service.recorded_for;
        } else if accounts::keep_place(database, (entry.service.row, &entry.name), here)? {
            entry.standing = Standing::Same;
            let sentence = format!(
                "The Comet account {} is recorded for the server entry {} now, which is the same Comet Server as the entry {} that it was recorded for.",
                plain(&entry.name),
                here.entry,
                entry.service.recorded_for
            );
            run.repaired(Some(entry.service_id), &sentence);
        }
    }
    Ok(())
}

/// Returns why a service is left out of the comparison; nothing where it is compared.
pub fn left_out(entry: &Entry) -> Option<Vec<(&'static str, String)>> {
    if entry.record != RecordState::Created || entry.standing == Standing::Same {
        return None;
    }
    // Those that wait are one finding of the entry.
    if entry
        .observed
        .as_ref()
        .is_some_and(|observed| observed.identity == Identity::Same)
    {
        return Some(Vec::new());
    }
    if !entry.service.status.is_some_and(ServiceStatus::is_live) {
        return Some(Vec::new());
    }
    let text = format!(
        "The Comet account {} was recorded for the server entry {}, and the server of the service now does not list it: it is on another Comet Server. Set the service back to that server, or move the account in Comet and press Move Account on its page.",
        plain(&entry.name),
        entry.service.recorded_for
    );
    Some(vec![("moved", text)])
}

impl UnconfirmedServices {
    /// Returns the finding for the services that wait; `None` where none does.
    pub fn finding(&self, server: &CometServer) -> Option<Finding> {
        let first = self.first?;
        let services = match self.count {
            1 => "1 service".to_owned(),
            many => format!("{many} services"),
        };
        Some(Finding {
            service_id: None,
            kind: "server",
            subject: format!("server {}", server.id),
            text: format!(
                "The Comet Server {} has the accounts of {services} that were recorded for the server entry {} or for another host, port or license: it may be a copy, so they are left out here, and nothing is suspended, changed or deleted. If it is the same server, press {} on the page of one of them ({first}); once is enough for all of them. If accounts are left at the old place, they are second copies.",
                plain(&server.base),
                self.entry,
                BUTTON.0
            ),
            server_id: Some(server.id),
        })
    }
}
