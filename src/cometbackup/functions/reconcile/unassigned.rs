//! Accounts on a server that belong to no service there. An administrator may have accounts of his own, so all of them
//! are one finding; one that a service of another server entry has is never among them.

use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_identity::ServerPlace;
use crate::cometbackup::tables::accounts_batch::{self, AccountHolder};
use crate::cometbackup::tables::claims::Claims;
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::{Finding, Run};
use crate::text::plain;
use crate::whmcs::services::PAGE;

const NAMES_SHOWN: usize = 5;

#[derive(Debug, Default)]
pub struct UnassignedAccounts {
    /// How many the server lists, those of services included.
    pub listed: u64,
    /// Name and identity.
    accounts: Vec<(Box<str>, Box<str>)>,
}

impl UnassignedAccounts {
    pub fn add(&mut self, name: String, guid: String) {
        self.accounts.push((name.into(), guid.into()));
    }

    /// Reports accounts of no service, and second copies of accounts that services have elsewhere. Six statements for
    /// 500 accounts.
    pub fn report(
        self,
        run: &mut Run,
        database: &mut Database,
        server: &CometServer,
        here: &ServerPlace,
    ) -> Result<(), Error> {
        let (mut count, mut first) = (0_u64, Vec::new());
        for page in self.accounts.chunks(PAGE) {
            let names: Vec<&str> = page.iter().map(|(name, _)| name.as_ref()).collect();
            let guids: Vec<&str> = page.iter().map(|(_, guid)| guid.as_ref()).collect();
            let claims = Claims::read(database, &names, &[])?;
            let holders = accounts_batch::holders(database, &guids)?;
            for (name, guid) in page {
                let holder = holders.iter().find(|holder| holder.guid == guid.as_ref());
                if let Some(holder) = holder {
                    if !holder.place.server.may_be(&here.server) {
                        run.report(database, copy(name, holder, server))?;
                    }
                } else if claims.others(name, None).is_empty() {
                    count += 1;
                    if first.len() < NAMES_SHOWN {
                        first.push(plain(name));
                    }
                }
            }
        }
        match finding(count, &first, server) {
            Some(finding) => run.report(database, finding),
            None => Ok(()),
        }
    }
}

fn copy(name: &str, holder: &AccountHolder, server: &CometServer) -> Finding {
    Finding {
        service_id: Some(holder.service_id),
        kind: "copy",
        subject: format!("server {} {name}", server.id),
        text: format!(
            "The Comet Server {} has an account {} with the identity of this service's account, which is recorded for the server entry {}: it is a second copy, left where the server was before or restored from a backup. WHMCS does not use it; find out what it is before you touch it in Comet.",
            plain(&server.base),
            plain(name),
            holder.place.entry
        ),
        server_id: Some(server.id),
    }
}

/// `None` where there are none.
fn finding(count: u64, first: &[String], server: &CometServer) -> Option<Finding> {
    if count == 0 {
        return None;
    }
    let more = count - first.len() as u64;
    let names = match more {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    };
    let accounts = if count == 1 {
        "There is 1 account"
    } else {
        &format!("There are {count} accounts")
    };
    Some(Finding {
        service_id: None,
        kind: "unknown",
        subject: format!("server {}", server.id),
        text: format!(
            "{accounts} without a service in WHMCS on the Comet Server {}: {names}. If nobody uses them, delete them in Comet.",
            plain(&server.base)
        ),
        server_id: Some(server.id),
    })
}
