//! Limits and measured sizes of storage vaults, and which vaults a plan pays for: one rule for every page and comparison.

use serde::{Deserialize, Serialize};

/// A limit that counts what is protected: a number in the profile, of which 0 is no limit. Older servers have no such
/// field.
#[derive(Debug, PartialEq, Eq)]
pub struct Seat {
    pub field: &'static str,
    /// The name in sentences.
    pub name: &'static str,
    /// Which servers have it, for sentences.
    pub servers: &'static str,
}

/// Facts: the vendor's SDKs. The fourth is in none up to 25.9.8, and is set where a profile has it.
pub const SEATS: [Seat; 4] = [
    Seat {
        field: "QuotaOffice365ProtectedAccounts",
        name: "Microsoft 365 account limit",
        servers: "servers from 22.12.2 have one",
    },
    Seat {
        field: "QuotaHyperVGuests",
        name: "Hyper-V guest limit",
        servers: "servers from 24.9.1 have one",
    },
    Seat {
        field: "QuotaVMwareGuests",
        name: "VMware guest limit",
        servers: "servers from 24.9.1 have one",
    },
    Seat {
        field: "QuotaProxmoxGuests",
        name: "Proxmox guest limit",
        servers: "no server up to 25.9.8 has one",
    },
];

/// The limits of an account. `None`: left as it is. `Some(0)`: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotas {
    pub devices: Option<u64>,
    /// Bytes of the selected data of all protected items together.
    pub protected_items: Option<u64>,
    /// Bytes stored in a storage vault.
    pub storage_vault: Option<u64>,
    /// The limits in the order of [`SEATS`].
    pub seats: [Option<u64>; SEATS.len()],
}

impl Quotas {
    /// Returns these with so many times `added`. A limit that is not sold, or is none, stays as it is.
    ///
    /// `None` where it is more than Comet counts.
    pub fn plus(&self, added: &Self, times: u32) -> Option<Self> {
        let most = u64::try_from(i64::MAX).ok();
        let sum = |base: Option<u64>, added: Option<u64>| match (base, added) {
            (Some(base), Some(added)) if base > 0 => {
                let sum = added.checked_mul(times.into())?.checked_add(base)?;
                (Some(sum) <= most).then_some(Some(sum))
            }
            (base, _) => Some(base),
        };
        let mut seats = self.seats;
        for (seat, added) in seats.iter_mut().zip(added.seats) {
            *seat = sum(*seat, added)?;
        }
        Some(Self {
            devices: sum(self.devices, added.devices)?,
            protected_items: sum(self.protected_items, added.protected_items)?,
            storage_vault: sum(self.storage_vault, added.storage_vault)?,
            seats,
        })
    }

    /// Whether each limit that is added to is sold.
    pub fn is_ground_for(&self, added: &Self) -> bool {
        let both = |base: Option<u64>, added: Option<u64>| base.is_some() || added.is_none();
        both(self.devices, added.devices)
            && both(self.protected_items, added.protected_items)
            && both(self.storage_vault, added.storage_vault)
            && self
                .seats
                .iter()
                .zip(added.seats)
                .all(|(base, added)| both(*base, added))
    }
}

/// Which storage vaults the vault quota is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultQuota {
    /// The one of the plan; the first where none was recorded.
    Provided,
    All,
}

/// A limit of what may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    None,
    Bytes(i64),
    /// A shared quota of the server decides, and only the server knows it.
    Shared,
}

impl Limit {
    pub const fn new(shared_quota: &str, enabled: bool, bytes: i64) -> Self {
        if !shared_quota.is_empty() {
            Self::Shared
        } else if enabled {
            Self::Bytes(bytes)
        } else {
            Self::None
        }
    }

    /// Returns the limit of several vaults: one vault without a limit is as good as no limit.
    pub fn together(limits: impl IntoIterator<Item = Self>) -> Self {
        limits
            .into_iter()
            .reduce(|sum, limit| match (sum, limit) {
                (Self::None, _) | (_, Self::None) => Self::None,
                (Self::Bytes(sum), Self::Bytes(bytes)) => Self::Bytes(sum.saturating_add(bytes)),
                _ => Self::Shared,
            })
            .unwrap_or(Self::None)
    }
}

/// Returns the measured bytes; `None` where they never were. The client measures when it runs a job.
pub const fn measured(bytes: i64, measured_at: i64) -> Option<i64> {
    if bytes > 0 || measured_at > 0 {
        Some(bytes)
    } else {
        None
    }
}

/// Returns what was measured of several vaults; `None` where none of them was.
pub fn stored_together(stored: impl IntoIterator<Item = Option<i64>>) -> Option<i64> {
    stored.into_iter().flatten().reduce(i64::saturating_add)
}

/// Returns the vaults that the plan pays for and its quota is for: the recorded one, else the first.
pub fn of_the_plan<T>(vaults: &[T], option: VaultQuota, is_recorded: impl Fn(&T) -> bool) -> &[T] {
    if option == VaultQuota::All {
        return vaults;
    }
    let at = vaults.iter().position(is_recorded).unwrap_or_default();
    vaults
        .get(at..)
        .and_then(|rest| rest.get(..1))
        .unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_vault_is_the_plan_s_else_the_first_or_all() {
        let vaults = ["a", "b", "c"];
        let chosen = |option, recorded: &str| of_the_plan(&vaults, option, |id| *id == recorded);
        assert_eq!(chosen(VaultQuota::Provided, "b"), ["b"]);
        assert_eq!(chosen(VaultQuota::Provided, "gone"), ["a"]);
        assert_eq!(chosen(VaultQuota::All, "b"), vaults);
        assert!(of_the_plan::<&str>(&[], VaultQuota::Provided, |_| true).is_empty());
    }

    #[test]
    fn a_vault_that_was_never_measured_adds_nothing() {
        assert_eq!(measured(0, 0), None);
        assert_eq!(measured(0, 1), Some(0));
        assert_eq!(
            stored_together([None, Some(3), Some(i64::MAX)]),
            Some(i64::MAX)
        );
        assert_eq!(stored_together([None]), None);
    }
}
