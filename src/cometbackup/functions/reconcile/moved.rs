//! Accounts that were recorded for another entry, host, port or license than the server has that was asked.

use super::observed::Identity;
use crate::cometbackup::comet::server::Server;
use crate::cometbackup::comet::server_identity::{Place, Standing};
use crate::cometbackup::functions::confirm_server::BUTTON;
use crate::cometbackup::functions::reconcile::index::{Entry, Record};
use crate::cometbackup::tables::accounts;
use crate::database::{Database, column, params};
use crate::error::{Error, plain};
use crate::reconciliation::{Finding, Run};
use crate::service_id::ServiceId;

const SERVERS_ROWS: &str = "UPDATE IGNORE mod_cometbackup_accounts
    SET server_hash=:hash, server_address=:address, place_key=CONCAT(:hash, ' ', :address, ' ', username),
      guid_key=NULLIF(creation_guid, '')
    WHERE server_id=:server AND server_hash IS NULL AND state<>'ended'";

/// Recorded accounts whose service is on none of WHMCS's Comet servers, nor are they.
const SKIPPED: &str = "SELECT a.service_id, a.addon_id, a.username, a.server_id
    FROM mod_cometbackup_accounts a
    LEFT JOIN tblhosting h ON h.id=a.service_id AND a.addon_id=0
    LEFT JOIN tblhostingaddons o ON o.id=a.addon_id AND a.addon_id>0
    WHERE a.state<>'ended'
      AND a.server_id NOT IN (SELECT id FROM tblservers WHERE type='cometbackup')
      AND COALESCE(h.server, o.server, 0) NOT IN (SELECT id FROM tblservers WHERE type='cometbackup')";

/// Services that wait for staff to confirm the entry once.
#[derive(Debug, Default)]
pub struct Waiting {
    count: u64,
    first: Option<ServiceId>,
    entry: u32,
}

/// Rows of an earlier version get the server of their entry. One statement.
pub fn fill(database: &mut Database, here: &Place) -> Result<(), Error> {
    if here.server.is_complete() {
        let parameters = params! {
            "hash" => &here.server.hash, "address" => &here.server.address, "server" => here.entry,
        };
        database.execute("write the table of accounts", SERVERS_ROWS, parameters)?;
    }
    Ok(())
}

/// Says which services no list is compared with.
pub fn skipped(run: &mut Run, database: &mut Database) -> Result<(), Error> {
    let rows = database.query("read the table of accounts", SKIPPED, (), |row| {
        let (service, addon): (u32, u32) = (column(row, 0), column(row, 1));
        let service_id = if addon > 0 {
            ServiceId::Addon { id: addon, service }
        } else {
            ServiceId::Service(service)
        };
        (service_id, column::<String>(row, 2), column::<u32>(row, 3))
    });
    let rows = match rows {
        Err(fault) if fault.is_missing_schema() => Vec::new(),
        rows => rows?,
    };
    for (service_id, name, entry) in rows {
        let text = format!(
            "The service is on no Comet server of WHMCS, so it is left out: its account {} was recorded for the server entry {entry}, which is no longer there. Choose the server on the service's page.",
            plain(&name)
        );
        let finding = Finding {
            service_id: Some(service_id),
            kind: "skipped",
            subject: name,
            text,
            server_id: None,
        };
        run.report(database, finding)?;
    }
    Ok(())
}

/// Records what is on the same Comet Server, or was confirmed to be; counts what waits for that.
pub fn settle(
    run: &mut Run,
    database: &mut Database,
    here: &Place,
    page: &mut [Entry],
    waiting: &mut Waiting,
) -> Result<(), Error> {
    let elsewhere = page
        .iter_mut()
        .filter(|entry| entry.record == Record::Created && !entry.is_left)
        .filter(|entry| entry.standing != Standing::Same);
    for entry in elsewhere {
        let Some(seen) = &entry.seen else {
            continue;
        };
        let is_it = match entry.standing {
            Standing::SameByAnotherEntry => seen.identity != Identity::Another,
            _ => seen.identity == Identity::Same,
        };
        if !is_it {
            continue;
        }
        if entry.standing == Standing::Unconfirmed {
            waiting.count += 1;
            waiting.first.get_or_insert(entry.service_id);
            waiting.entry = entry.recorded_for;
        } else if accounts::keep_place(database, (entry.row, &entry.name), here)? {
            entry.standing = Standing::Same;
            let sentence = format!(
                "The Comet account {} is recorded for the server entry {} now, which is the same Comet Server as the entry {} that it was recorded for.",
                plain(&entry.name),
                here.entry,
                entry.recorded_for
            );
            run.repaired(Some(entry.service_id), &sentence);
        }
    }
    Ok(())
}

/// Why a service is left out of the comparison; nothing where it is compared.
pub fn left_out(entry: &Entry) -> Option<Vec<(&'static str, String)>> {
    if entry.record != Record::Created || entry.standing == Standing::Same {
        return None;
    }
    // Those that wait are one finding of the entry.
    if entry
        .seen
        .as_ref()
        .is_some_and(|seen| seen.identity == Identity::Same)
    {
        return Some(Vec::new());
    }
    if !entry
        .status
        .is_some_and(crate::whmcs::ServiceStatus::is_live)
    {
        return Some(Vec::new());
    }
    let text = format!(
        "The Comet account {} was recorded for the server entry {}, and the server of the service now does not list it: it is on another Comet Server. Set the service back to that server, or move the account in Comet.",
        plain(&entry.name),
        entry.recorded_for
    );
    Some(vec![("moved", text)])
}

impl Waiting {
    /// `None` where none waits.
    pub fn finding(&self, server: &Server) -> Option<Finding> {
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
                "The Comet Server {} has the accounts of {services} that were recorded for the server entry {} or for another host, port or license: it may be a copy, so they are left out here, and nothing is suspended, changed or deleted. If it is the same server, press {} on the page of one of them ({first}), once for the entry. If accounts are left at the old place, they are second copies.",
                plain(&server.base),
                self.entry,
                BUTTON.0
            ),
            server_id: Some(server.id),
        })
    }
}
