//! Limits against what an account uses, as its profile says it. What is not known is not below anything.

use super::limits::{Limit, Quotas, SEATS};
use super::list_users::ListedAccount;

const GB: i64 = 1024 * 1024 * 1024;

/// A limit that is to be set, the one that the account has now, and what it uses.
struct Change {
    name: &'static str,
    /// 0 is no limit.
    wanted: Option<u64>,
    /// `None` is no limit.
    held: Option<i64>,
    used: Option<i64>,
    show: fn(i64) -> String,
}

impl Change {
    /// "device limit 2, used 3", where it becomes lower and is below what is used.
    fn below(&self) -> Option<String> {
        let wanted = i64::try_from(self.wanted?).unwrap_or(i64::MAX);
        let used = self.used?;
        let is_lowered = wanted > 0 && self.held.is_none_or(|held| wanted < held);
        (is_lowered && used > wanted).then(|| {
            let show = self.show;
            format!("{} {}, used {}", self.name, show(wanted), show(used))
        })
    }
}

/// Returns the limits that become lower with these quotas and are then below what is used, in words.
pub fn lowered_below(account: &ListedAccount, quotas: &Quotas, vaults: &[String]) -> Vec<String> {
    let measures = &account.measures;
    let some = |limit: i64| Some(limit).filter(|limit| *limit > 0);
    let mut changes = vec![
        Change {
            name: "device limit",
            wanted: quotas.devices,
            held: some(account.device_limit),
            used: measures.devices,
            show: |number| number.to_string(),
        },
        Change {
            name: "protected item quota",
            wanted: quotas.protected_items,
            held: account.item_quota,
            used: measures.protected,
            show: gigabytes,
        },
    ];
    for vault in account
        .vaults
        .iter()
        .filter(|vault| vaults.contains(&vault.id))
    {
        let held = match vault.limit {
            Limit::None => None,
            Limit::Bytes(bytes) => Some(bytes),
            // It stays.
            Limit::Shared => continue,
        };
        changes.push(Change {
            name: "storage vault quota",
            wanted: quotas.storage_vault,
            held,
            used: vault.stored,
            show: gigabytes,
        });
    }
    let used = [
        measures.microsoft365_accounts,
        measures.hyperv_guests,
        measures.vmware_guests,
        measures.proxmox_guests,
    ];
    let seats = SEATS.iter().zip(quotas.seats).zip(account.seats).zip(used);
    changes.extend(seats.filter_map(|(((seat, wanted), held), used)| {
        Some(Change {
            name: seat.name,
            wanted,
            held: some(held?),
            used,
            show: |number| number.to_string(),
        })
    }));
    changes.iter().filter_map(Change::below).collect()
}

/// Returns bytes in gigabytes, rounded up to a hundredth.
pub fn gigabytes(bytes: i64) -> String {
    let bytes = u128::try_from(bytes).unwrap_or_default();
    let hundredths = (bytes * 100).div_ceil(GB.unsigned_abs().into());
    format!("{}.{:02} GB", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::super::list_users::{Measures, Vault};
    use super::*;

    fn account() -> ListedAccount {
        let vault = |id: &str, stored, limit| Vault {
            id: id.into(),
            stored,
            limit,
        };
        ListedAccount {
            device_limit: 5,
            item_quota: Some(9 * GB),
            seats: [Some(0), Some(4), None, None],
            vaults: vec![
                vault("v1", Some(3 * GB + 1), Limit::None),
                vault("v2", Some(9 * GB), Limit::Shared),
            ],
            measures: Measures {
                devices: Some(3),
                protected: Some(5 * GB),
                microsoft365_accounts: Some(20),
                hyperv_guests: None,
                vmware_guests: Some(9),
                ..Measures::default()
            },
            ..ListedAccount::default()
        }
    }

    fn below(quotas: &Quotas) -> Vec<String> {
        lowered_below(&account(), quotas, &["v1".into(), "v2".into()])
    }

    #[test]
    fn limits_that_become_lower_than_what_is_used_are_named() {
        let gb = |count: u64| Some(count << 30);
        let quotas = Quotas {
            devices: Some(2),
            protected_items: gb(4),
            storage_vault: gb(3),
            seats: [Some(19), Some(1), Some(1), None],
        };
        assert_eq!(
            below(&quotas),
            [
                "device limit 2, used 3",
                "protected item quota 4.00 GB, used 5.00 GB",
                "storage vault quota 3.00 GB, used 3.01 GB",
                "Microsoft 365 account limit 19, used 20",
            ]
        );
    }

    #[test]
    fn what_is_lifted_raised_kept_or_not_known_is_not_below() {
        let gb = |count: u64| Some(count << 30);
        for quotas in [
            Quotas::default(),
            Quotas {
                devices: Some(0),
                protected_items: Some(0),
                storage_vault: Some(0),
                seats: [Some(0); SEATS.len()],
            },
            Quotas {
                devices: Some(3),
                protected_items: gb(9),
                storage_vault: gb(4),
                seats: [Some(20), Some(1), Some(1), Some(1)],
            },
        ] {
            assert_eq!(below(&quotas), [""; 0]);
        }
        // It was lower before already.
        let held = ListedAccount {
            device_limit: 2,
            ..account()
        };
        let quotas = Quotas {
            devices: Some(2),
            ..Quotas::default()
        };
        assert_eq!(lowered_below(&held, &quotas, &[]), [""; 0]);
    }
}
