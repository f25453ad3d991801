//! `cometbackup_UsageUpdate`: WHMCS's daily import of disk used and disk limit, for all accounts of one server.
//! One request, and as many statements for 100,000 accounts as for 1,000, but for the pieces of one INSERT.

pub mod server_list;
pub mod services;
mod write;

use std::time::Duration;

use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::comet::limits::{self, Limit};
use crate::cometbackup::comet::list_users::{ListedAccount, Measures};
use crate::cometbackup::comet::server::CometServer;
use crate::database::Database;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{self, Host};
use server_list::Reader;
use services::Index;

/// All rows of a server change in one statement.
const LONGEST_STATEMENT: Duration = Duration::from_secs(120);

/// What `diskusage` and `disklimit` can hold, and a MB as WHMCS shows them.
const MOST_MB: i64 = i32::MAX as i64;
const MB: i64 = 1 << 20;

const LEFT_OUT_NAMED: usize = 5;

/// The used and allowed megabytes; `None` is not known, and then WHMCS keeps what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub used: Option<i32>,
    /// 0 is shown as unlimited.
    pub limit: Option<i32>,
}

/// The usage of an account as the list has it.
#[derive(Debug, Clone, Copy)]
pub struct ObservedUsage {
    pub usage: Usage,
    /// Of the measures what takes least room, for an index of 100,000 accounts: bytes and counts, -1 where not known.
    bytes: [i64; 2],
    counts: [i32; 6],
}

impl ObservedUsage {
    pub fn new(usage: Usage, of: &Measures) -> Self {
        let bytes = |bytes: Option<i64>| bytes.unwrap_or(-1);
        // No real account has so many.
        let count =
            |count: Option<i64>| count.and_then(|count| count.try_into().ok()).unwrap_or(-1);
        Self {
            usage,
            bytes: [bytes(of.stored), bytes(of.protected)],
            counts: [
                count(of.devices),
                count(of.vaults),
                count(of.microsoft365_accounts),
                count(of.hyperv_guests),
                count(of.vmware_guests),
                count(of.proxmox_guests),
            ],
        }
    }

    pub fn measures(&self) -> Measures {
        let known = |number: i64| Some(number).filter(|number| *number >= 0);
        let [stored, protected] = self.bytes.map(known);
        let [devices, vaults, accounts, hyperv, vmware, proxmox] =
            self.counts.map(|count| known(count.into()));
        Measures {
            stored,
            protected,
            devices,
            vaults,
            microsoft365_accounts: accounts,
            hyperv_guests: hyperv,
            vmware_guests: vmware,
            proxmox_guests: proxmox,
        }
    }
}

/// Imports the usage of all accounts of a server. Nothing is written before the whole list was read.
pub fn run(host: &dyn Host, given: &whmcs::Server) -> Result<(), Error> {
    let Some(list) = server_list::read(host, given, Reader::Import)? else {
        return Ok(());
    };
    let (server, index) = (&list.server, list.index.as_ref());
    list.keep(Reader::Import);
    log_left_out(host, server, index);
    write::all(host, &mut open(host)?, server.id, index)
}

/// Writes into the Activity Log which services get no figures because their accounts are on another server.
fn log_left_out(host: &dyn Host, server: &CometServer, index: &Index) {
    let left_out: Vec<String> = services::left_out(index)
        .map(|service_id| format!("{} {}", service_id.kind(), service_id.number()))
        .collect();
    if left_out.is_empty() {
        return;
    }
    let first = left_out
        .iter()
        .take(LEFT_OUT_NAMED)
        .cloned()
        .collect::<Vec<_>>();
    let more = left_out.len().saturating_sub(LEFT_OUT_NAMED);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    host.log_activity(format!(
        "Comet Backup: the daily import left out {}{more} of the server {}, because their accounts were recorded for another server entry and are not on this server. Set the server on their pages.",
        first.join(", "),
        plain(&server.base)
    ));
}

/// Opens the database for a statement on all rows of a server.
pub fn open(host: &dyn Host) -> Result<Database, Error> {
    whmcs::open_database_for(host, LONGEST_STATEMENT)
}

fn usage(account: &ListedAccount, option: VaultQuota, is_recorded: impl Fn(&str) -> bool) -> Usage {
    let vaults = limits::of_the_plan(&account.vaults, option, |vault| is_recorded(&vault.id));
    let stored = if vaults.is_empty() {
        Some(0)
    } else {
        limits::stored_together(vaults.iter().map(|vault| vault.stored))
    };
    let limit = match Limit::together(vaults.iter().map(|vault| vault.limit)) {
        Limit::None => Some(0),
        // A limit of less than a megabyte is a limit all the same.
        Limit::Bytes(bytes) => Some(megabytes(bytes).max(1)),
        Limit::Shared => None,
    };
    Usage {
        used: stored.map(megabytes),
        limit,
    }
}

/// A begun megabyte counts.
fn megabytes(bytes: i64) -> i32 {
    let whole = bytes / MB + i64::from(bytes % MB > 0);
    i32::try_from(whole.min(MOST_MB)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::comet::list_users::Vault;

    fn account(vaults: &[(Option<i64>, Limit)]) -> ListedAccount {
        let vault = |(at, (stored, limit)): (usize, &(Option<i64>, Limit))| Vault {
            id: format!("v{at}"),
            stored: *stored,
            limit: *limit,
        };
        ListedAccount {
            name: "adaservice".into(),
            vaults: vaults.iter().enumerate().map(vault).collect(),
            ..ListedAccount::default()
        }
    }

    fn of(vaults: &[(Option<i64>, Limit)], option: VaultQuota) -> (Option<i32>, Option<i32>) {
        let usage = usage(&account(vaults), option, |id| id == "v1");
        (usage.used, usage.limit)
    }

    #[test]
    fn measures_are_kept_as_they_are() {
        let usage = usage(&account(&[]), VaultQuota::All, |_| false);
        let known = Measures {
            stored: Some(i64::MAX),
            protected: Some(0),
            devices: Some(1),
            vaults: Some(2),
            microsoft365_accounts: Some(3),
            hyperv_guests: Some(4),
            vmware_guests: Some(5),
            proxmox_guests: Some(6),
        };
        for measures in [known, Measures::default()] {
            assert_eq!(ObservedUsage::new(usage, &measures).measures(), measures);
        }
        let beyond = Measures {
            devices: Some(i64::MAX),
            ..known
        };
        assert_eq!(ObservedUsage::new(usage, &beyond).measures().devices, None);
    }

    #[test]
    fn the_vault_of_the_plan_counts_or_all() {
        let vaults = [
            (Some(5 * MB), Limit::Bytes(9 * MB)),
            (Some(MB + 1), Limit::Bytes(1)),
            (None, Limit::Bytes(MB)),
        ];
        assert_eq!(of(&vaults, VaultQuota::Provided), (Some(2), Some(1)));
        assert_eq!(of(&vaults, VaultQuota::All), (Some(7), Some(11)));
    }

    #[test]
    fn what_is_not_known_is_left_out_and_no_limit_is_zero() {
        assert_eq!(of(&[(None, Limit::Shared)], VaultQuota::All), (None, None));
        assert_eq!(
            of(&[(Some(0), Limit::None)], VaultQuota::All),
            (Some(0), Some(0))
        );
        assert_eq!(of(&[], VaultQuota::Provided), (Some(0), Some(0)));
    }

    #[test]
    fn more_than_the_columns_hold_is_the_most_they_hold() {
        assert_eq!(megabytes(i64::MAX), i32::MAX);
        assert_eq!(megabytes(0), 0);
        assert_eq!(megabytes(1), 1);
    }
}
