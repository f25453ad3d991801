//! The health of an account's backups by the server's list, as far as notices name it.

use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::comet::limits::{self, Limit};
use crate::cometbackup::comet::list_users::backups::FailedBackup;
use crate::cometbackup::comet::list_users::{ListedAccount, Vault};
use crate::cometbackup::tables::fingerprint::Fingerprint;

#[derive(Debug)]
pub struct Health {
    /// Unix seconds.
    pub good_at: Option<i64>,
    /// There may have been a later one.
    pub may_have_better: bool,
    pub failure: Option<FailedBackup>,
    /// Percent of its limit in the fullest vault of the plan; `None` without limit, or where it was never measured.
    pub storage: Option<u64>,
    /// Percent of the protected item quota.
    pub protected: Option<u64>,
}

impl Health {
    pub fn of(account: &ListedAccount, vault: Option<Fingerprint>, option: VaultQuota) -> Self {
        let is_recorded = |listed: &Vault| vault == Some(Fingerprint::of(&listed.id));
        let vaults = limits::of_the_plan(&account.vaults, option, is_recorded);
        let percents = vaults.iter().map(|vault| match vault.limit {
            Limit::Bytes(limit) => percent(vault.stored, limit),
            Limit::None | Limit::Shared => None,
        });
        let quota = account.item_quota;
        Self {
            good_at: account.backups.good_at,
            may_have_better: account.backups.may_have_better,
            failure: account.backups.failure.clone(),
            storage: percents.max().flatten(),
            protected: quota.and_then(|quota| percent(account.measures.protected, quota)),
        }
    }
}

/// Rounded down: 89.9 % are not 90.
fn percent(used: Option<i64>, limit: i64) -> Option<u64> {
    let (used, limit) = (u64::try_from(used?).ok()?, u64::try_from(limit).ok()?);
    used.saturating_mul(100).checked_div(limit)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn percents_are_rounded_down_and_none_without_limit_or_figure() {
        assert_eq!(percent(Some(899), 1000), Some(89));
        assert_eq!(percent(Some(900), 1000), Some(90));
        assert_eq!(percent(Some(2000), 1000), Some(200));
        assert_eq!(percent(Some(1), 0), None);
        assert_eq!(percent(Some(1), -1), None);
        assert_eq!(percent(None, 10), None);
    }
}
