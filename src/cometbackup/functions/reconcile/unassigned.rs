//! Accounts on a server that no service on it has: an administrator may have his own there, so those of nobody are one
//! finding. One that a service of another entry has is never among them.

use mysql::{Row, Value};

use crate::cometbackup::comet::server::Server;
use crate::cometbackup::comet::server_identity::{Place, ServerIdentity};
use crate::cometbackup::tables::claims::Claims;
use crate::database::{Database, SqlError, column};
use crate::error::{Error, plain};
use crate::reconciliation::{Finding, Run};
use crate::service_id::ServiceId;
use crate::whmcs::services::PAGE;

const NAMES_SHOWN: usize = 5;

const HOLDERS: &str = "SELECT guid_key, service_id, addon_id, server_id, COALESCE(server_hash, ''), COALESCE(server_address, '')
    FROM mod_cometbackup_accounts WHERE guid_key IN ";

#[derive(Debug, Default)]
pub struct UnassignedAccounts {
    /// All that the server lists, the known ones included.
    pub listed: u64,
    /// Name and identity.
    accounts: Vec<(Box<str>, Box<str>)>,
}

struct Holder {
    guid: String,
    service_id: ServiceId,
    place: Place,
}

impl UnassignedAccounts {
    pub fn add(&mut self, name: String, guid: String) {
        self.accounts.push((name.into(), guid.into()));
    }

    /// Reports accounts of nobody, and second copies of accounts that services have elsewhere. Six statements for
    /// 500 accounts.
    pub fn report(
        self,
        run: &mut Run,
        database: &mut Database,
        server: &Server,
        here: &Place,
    ) -> Result<(), Error> {
        let (mut count, mut first) = (0_u64, Vec::new());
        for page in self.accounts.chunks(PAGE) {
            let names: Vec<&str> = page.iter().map(|(name, _)| name.as_ref()).collect();
            let guids: Vec<&str> = page.iter().map(|(_, guid)| guid.as_ref()).collect();
            let claims = Claims::read(database, &names, &[])?;
            let holders = holders(database, &guids)?;
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

fn holders(database: &mut Database, guids: &[&str]) -> Result<Vec<Holder>, SqlError> {
    let known: Vec<Value> = guids
        .iter()
        .filter(|guid| !guid.is_empty())
        .map(Value::from)
        .collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{HOLDERS}({})", vec!["?"; known.len()].join(","));
    database.query(
        "read the table of accounts",
        &statement,
        known,
        |row: &Row| {
            let (service, addon): (u32, u32) = (column(row, 1), column(row, 2));
            Holder {
                guid: column(row, 0),
                service_id: if addon > 0 {
                    ServiceId::Addon { id: addon, service }
                } else {
                    ServiceId::Service(service)
                },
                place: Place {
                    entry: column(row, 3),
                    server: ServerIdentity {
                        hash: column(row, 4),
                        address: column(row, 5),
                    },
                },
            }
        },
    )
}

fn copy(name: &str, holder: &Holder, server: &Server) -> Finding {
    Finding {
        service_id: Some(holder.service_id),
        kind: "copy",
        subject: format!("server {} {name}", server.id),
        text: format!(
            "The Comet Server {} has an account {} with the identity of this service's account, which is recorded for the server entry {}: it is a second copy, left where the server was before or restored. Nothing uses it from here; find out what it is before you touch it in Comet.",
            plain(&server.base),
            plain(name),
            holder.place.entry
        ),
        server_id: Some(server.id),
    }
}

/// `None` where there are none.
fn finding(count: u64, first: &[String], server: &Server) -> Option<Finding> {
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
            "{accounts} without service in WHMCS on the Comet Server {}: {names}. If nobody uses them, delete them in Comet.",
            plain(&server.base)
        ),
        server_id: Some(server.id),
    })
}
