//! An account as the server's list has it, as far as it is compared.

use super::health::Health;
use super::person::Differs;
use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::comet::limits::{self, Limit, SEATS};
use crate::cometbackup::comet::list_users::{ListedAccount, Vault};
use crate::cometbackup::tables::fingerprint::Fingerprint;

/// Whether it is the recorded account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Also on another server it is that account, or a copy of it.
    Same,
    /// None is recorded, or the server does not say it.
    NotKnown,
    /// The recorded account was deleted, and another one created under its name.
    Another,
}

/// An account as the server's list has it, with what is compared.
#[derive(Debug)]
pub struct ObservedAccount {
    pub identity: Identity,
    /// The identity, where none is recorded.
    pub guid: Option<Box<str>>,
    /// Unix seconds.
    pub created_at: i64,
    pub device_count: usize,
    pub is_unused: bool,
    pub is_suspended: bool,
    pub policy_group: Fingerprint,
    pub tenant: Fingerprint,
    /// 0 is no limit.
    pub devices: i64,
    /// Bytes, as for the others; `None` is no limit.
    pub items: Option<i64>,
    pub vaults: VaultLimits,
    /// The limits in the order of `SEATS`; `None` where the server has no such limit.
    pub seats: [Option<u32>; SEATS.len()],
    /// Whether somebody else than the client is its contact.
    pub contact: Differs,
    /// The health of its backups; `None` where nobody wants to know.
    pub health: Option<Box<Health>>,
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

impl ObservedAccount {
    pub fn new(
        account: &ListedAccount,
        guid: Option<Fingerprint>,
        vault: Option<Fingerprint>,
        option: VaultQuota,
    ) -> Self {
        let listed_guid = Some(account.creation_guid.as_str()).filter(|guid| !guid.is_empty());
        let identity = match (guid, listed_guid) {
            (Some(recorded), Some(listed)) if recorded == Fingerprint::of(listed) => Identity::Same,
            (Some(_), Some(_)) => Identity::Another,
            _ => Identity::NotKnown,
        };
        let is_recorded = |listed: &Vault| vault == Some(Fingerprint::of(&listed.id));
        let vaults = limits::of_the_plan(&account.vaults, option, is_recorded);
        let limits = vaults.iter().map(|vault| vault.limit);
        Self {
            identity,
            guid: listed_guid.filter(|_| guid.is_none()).map(Box::from),
            created_at: account.created_at,
            device_count: account.devices,
            is_unused: account.is_unused,
            is_suspended: account.is_suspended,
            policy_group: Fingerprint::of(&account.policy_id),
            tenant: Fingerprint::of(&account.tenant),
            devices: account.device_limit,
            items: account.item_quota,
            seats: account.seats.map(|limit| limit.map(clipped)),
            vaults: VaultLimits::of(limits.filter(|limit| *limit != Limit::Shared)),
            contact: Differs::default(),
            health: None,
        }
    }
}

/// Nobody sells more.
fn clipped(limit: i64) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn account(guid: &str, limits: &[Limit]) -> ListedAccount {
        let vault = |(at, limit): (usize, &Limit)| Vault {
            id: format!("v{at}"),
            stored: None,
            limit: *limit,
        };
        ListedAccount {
            creation_guid: guid.into(),
            vaults: limits.iter().enumerate().map(vault).collect(),
            ..ListedAccount::default()
        }
    }

    #[test]
    fn an_identity_is_compared_where_both_are_known_and_kept_where_none_is_recorded() {
        for (recorded, listed, identity, kept) in [
            (Some("g"), "g", Identity::Same, None),
            (Some("g"), "h", Identity::Another, None),
            (Some("g"), "", Identity::NotKnown, None),
            (None, "g", Identity::NotKnown, Some("g")),
            (None, "", Identity::NotKnown, None),
        ] {
            let recorded = recorded.map(Fingerprint::of);
            let account = account(listed, &[]);
            let observed = ObservedAccount::new(&account, recorded, None, VaultQuota::Provided);
            assert_eq!(observed.identity, identity, "{recorded:?} {listed}");
            assert_eq!(observed.guid.as_deref(), kept);
        }
    }

    #[test]
    fn the_vaults_of_the_plan_are_observed_and_shared_quotas_left_out() {
        use Limit::{Bytes, Shared};
        let limits = |limits: &[Limit], recorded: &str, option| {
            let vault = Some(Fingerprint::of(recorded));
            ObservedAccount::new(&account("", limits), None, vault, option).vaults
        };
        let (all, plan) = (VaultQuota::All, VaultQuota::Provided);
        let two = [Bytes(1), Bytes(2)];
        assert_eq!(limits(&two, "v1", plan), VaultLimits::All(Bytes(2)));
        assert_eq!(limits(&two, "gone", plan), VaultLimits::All(Bytes(1)));
        assert_eq!(limits(&two, "v1", all), VaultLimits::Several);
        assert_eq!(
            limits(&[Bytes(1), Bytes(1), Shared], "", all),
            VaultLimits::All(Bytes(1))
        );
        assert_eq!(limits(&[Shared], "", plan), VaultLimits::Nothing);
        assert_eq!(limits(&[], "", all), VaultLimits::Nothing);
    }
}
