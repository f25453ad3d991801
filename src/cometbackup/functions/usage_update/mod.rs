//! `cometbackup_UsageUpdate`: WHMCS's daily import of disk used and disk limit, for all accounts of one server.
//! One request, and as many statements for 100,000 accounts as for 1,000, but for the pieces of one INSERT.

mod services;
mod write;

use std::time::Duration;

use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::comet::limits::{self, Limit};
use crate::cometbackup::comet::list_users::{self, ListedAccount};
use crate::cometbackup::comet::server::Server;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::text::plain;
use crate::whmcs::{self, Host};
use services::Index;

/// All rows of a server change in one statement.
const LONGEST_STATEMENT: Duration = Duration::from_secs(120);

/// What `diskusage` and `disklimit` can hold, and a MB as WHMCS shows them.
const MOST_MB: i64 = i32::MAX as i64;
const MB: i64 = 1 << 20;

const LEFT_OUT_NAMED: usize = 5;

/// Megabytes; `None` is not known, and then WHMCS keeps what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub used: Option<i32>,
    /// 0 is shown as unlimited.
    pub limit: Option<i32>,
}

/// Nothing is written before the whole list was read: a list that breaks off is no list.
pub fn run(host: &dyn Host, given: &whmcs::Server) -> Result<(), Error> {
    if given.id == 0 {
        return Ok(());
    }
    let server = Server::new(given)?;
    let mut database = open(host)?;
    match installation::may_run_unattended(host, &mut database) {
        // Said already.
        Err(Error::Refusal(_)) => return Ok(()),
        end => end?,
    }
    let mut index = services::read(&mut database, server.id)?;
    drop(database);
    if !services::has_any(&index) {
        return Ok(());
    }
    // The list may take minutes: no connection is held meanwhile that the database might close.
    list_users::read(host, &server, |account| {
        if let Some(entry) = services::entry_of(&mut index, &account) {
            let is_recorded = |id: &str| entry.vault == Some(Fingerprint::of(id));
            entry.observed = Some(usage(&account, entry.service.vault_quota, is_recorded));
        }
    })?;
    log_left_out(host, &server, &index);
    write::all(host, &mut open(host)?, server.id, &index)
}

/// Writes into the Activity Log which services get no figures because their accounts are on another server.
fn log_left_out(host: &dyn Host, server: &Server, index: &Index) {
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

fn open(host: &dyn Host) -> Result<Database, Error> {
    Database::open(
        host.database()?,
        host.http().connect_timeout,
        LONGEST_STATEMENT,
    )
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
