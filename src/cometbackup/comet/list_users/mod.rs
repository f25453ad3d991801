//! `list-users-full`: every account of a server, decoded as it arrives. One request, and never more than one account
//! in memory.

pub mod backups;
pub mod decode;
mod items;

use backups::Backups;

use super::api::{Api, Call};
use super::bounds;
use super::limits::{Limit, SEATS};
use super::list::{self, ListSource};
use super::server::CometServer;
use crate::error::Error;
use crate::http::stream::Timeouts;
use crate::text::plain;
use crate::whmcs::Host;

/// An account as the server lists it; what is missing there is empty here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedAccount {
    pub name: String,
    /// Empty on servers that have none.
    pub creation_guid: String,
    /// Unix seconds.
    pub created_at: i64,
    pub is_suspended: bool,
    pub policy_id: String,
    /// Empty for the top level, and on servers before 20.9.
    pub tenant: String,
    /// 0 is no limit.
    pub device_limit: i64,
    /// Bytes; `None` is no limit.
    pub item_quota: Option<i64>,
    /// The limits in the order of [`SEATS`]; `None` where the server has no such limit, and 0 is none.
    pub seats: [Option<i64>; SEATS.len()],
    /// The first of them, where an account has more than [`bounds::VAULTS`].
    pub vaults: Vec<Vault>,
    pub has_more_vaults: bool,
    /// Nothing has been done with the account yet.
    pub is_unused: bool,
    /// How many there are.
    pub devices: usize,
    /// Whom reports go to.
    pub emails: Vec<String>,
    pub account_name: String,
    pub measures: Measures,
    pub backups: Backups,
}

/// What is counted of an account, for who bills by it; `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measures {
    /// Bytes in all vaults.
    pub stored: Option<i64>,
    /// Bytes of the last good backup of each protected item.
    pub protected: Option<i64>,
    pub devices: Option<i64>,
    pub vaults: Option<i64>,
    pub microsoft365_accounts: Option<i64>,
    pub hyperv_guests: Option<i64>,
    pub vmware_guests: Option<i64>,
    pub proxmox_guests: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    pub id: String,
    /// Bytes; `None` where they were never measured.
    pub stored: Option<i64>,
    pub limit: Limit,
}

/// Hands over each account of the server, and returns how many there are.
///
/// # Errors
/// Also where the list does not come to its end: what was handed over until then is not all there is.
pub fn read(
    host: &dyn Host,
    server: &CometServer,
    mut each: impl FnMut(ListedAccount),
) -> Result<u64, Error> {
    let task = format!(
        "read the accounts of the Comet Server {}",
        plain(&server.base)
    );
    let call = Call::without_fields("list-users-full", &task);
    // A daily job has no second chance today.
    let api = Api::new(host, server).insisting();
    let mut cut = None;
    let mut each = |account: ListedAccount| {
        if account.has_more_vaults {
            cut.get_or_insert_with(|| account.name.clone());
        }
        each(account);
    };
    let source = ListSource {
        of: "accounts",
        patience: Timeouts::File,
        extent: bounds::ACCOUNTS,
    };
    let end = list::receive(&api, &call, source, |read| {
        decode::accounts(read, bounds::ACCOUNT_BYTES, &mut each)
    });
    if let Some(name) = cut {
        host.log_activity(format!(
            "The Comet account {} has more than {} storage vaults: of an account that has so many, the others are not counted.",
            plain(&name),
            bounds::VAULTS
        ));
    }
    end
}

/// Decodes one account from the profile that the server sends of it alone.
pub fn from_profile(name: &str, profile: &str) -> Option<ListedAccount> {
    decode::profile(name, profile).ok()
}
