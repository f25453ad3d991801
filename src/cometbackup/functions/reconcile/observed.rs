//! What the server's list says of an account, as far as it is compared.

use super::person::Differs;
use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::comet::storage::{self, Limit};
use crate::cometbackup::tables::fingerprint::Fingerprint;

/// Whether it is the recorded account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Also on another server it is that account, or a copy of it.
    Same,
    /// None is recorded, or the server says none.
    NotKnown,
    /// The recorded account was deleted, and another one made under its name.
    Another,
}

#[derive(Debug)]
pub struct Observed {
    pub identity: Identity,
    /// The identity, where none is recorded.
    pub guid: Option<Box<str>>,
    pub created_at: i64,
    pub device_count: usize,
    pub is_unused: bool,
    pub is_suspended: bool,
    pub policy: Fingerprint,
    /// 0 is no limit.
    pub devices: i64,
    /// Bytes, as for the others; `None` is no limit.
    pub items: Option<i64>,
    pub vaults: VaultLimits,
    /// Whether somebody else than the client is its contact.
    pub contact: Differs,
}

/// The limits of the vaults that the plan pays for; those with a shared quota keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultLimits {
    /// There is none to compare.
    Nothing,
    All(Limit),
    /// They differ.
    Several,
}

impl Observed {
    pub fn new(
        account: &ListedAccount,
        guid: Option<Fingerprint>,
        vault: Option<Fingerprint>,
        option: VaultQuota,
    ) -> Self {
        let told = Some(account.creation_guid.as_str()).filter(|guid| !guid.is_empty());
        let identity = match (guid, told) {
            (Some(recorded), Some(told)) if recorded == Fingerprint::of(told) => Identity::Same,
            (Some(_), Some(_)) => Identity::Another,
            _ => Identity::NotKnown,
        };
        let is_recorded = |listed: &crate::cometbackup::comet::list_users::Vault| {
            vault == Some(Fingerprint::of(&listed.id))
        };
        let vaults = storage::of_the_plan(&account.vaults, option, is_recorded);
        let limits = vaults.iter().map(|vault| vault.limit);
        Self {
            identity,
            guid: told.filter(|_| guid.is_none()).map(Box::from),
            created_at: account.created_at,
            device_count: account.devices,
            is_unused: account.is_unused,
            is_suspended: account.is_suspended,
            policy: Fingerprint::of(&account.policy_id),
            devices: account.device_limit,
            items: account.item_quota,
            vaults: VaultLimits::of(limits.filter(|limit| *limit != Limit::Shared)),
            contact: Differs::default(),
        }
    }
}

impl VaultLimits {
    fn of(mut limits: impl Iterator<Item = Limit>) -> Self {
        let Some(first) = limits.next() else {
            return Self::Nothing;
        };
        if limits.all(|limit| limit == first) {
            Self::All(first)
        } else {
            Self::Several
        }
    }
}
