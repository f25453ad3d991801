//! The decoder of `list-users-full`: a map of name ⇒ profile, one entry at a time.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::backups::Backups;
use super::items::{Devices, Items};
use super::{ListedAccount, Measures, Vault};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::limits;
use crate::cometbackup::comet::list::{self, Bytes, MapValues};
use crate::cometbackup::comet::vault_figures::VaultFigures;
use crate::json::lenient::{self, EntryValue, FromEntries};
use crate::json::object;
use crate::json::stream::{StreamEnd, StreamError, value};

/// Reads the whole answer; nothing may come after it.
pub fn accounts(
    read: &mut Bytes<'_>,
    longest: usize,
    each: &mut dyn FnMut(ListedAccount),
) -> Result<StreamEnd, StreamError> {
    let mut count = 0;
    list::map(read, longest, MapValues::Objects, &mut |name, bytes| {
        if count > bounds::ACCOUNTS_COUNT {
            return Err(format!("it lists more than {count} accounts").into());
        }
        let found = value::<Profile>(bytes)?;
        Ok(found.map(|(profile, length)| {
            count += 1;
            each(profile.listed(name));
            length
        }))
    })
}

pub fn profile(name: &str, text: &str) -> serde_json::Result<ListedAccount> {
    let profile: Profile = object::from_str(text)?;
    Ok(profile.listed(name.to_owned()))
}

/// The fields of a profile that are looked at; the others are passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Profile {
    #[serde(rename = "CreationGUID", deserialize_with = "lenient::text")]
    creation_guid: String,
    #[serde(deserialize_with = "lenient::whole")]
    create_time: i64,
    #[serde(deserialize_with = "lenient::yes")]
    is_suspended: bool,
    #[serde(rename = "PolicyID", deserialize_with = "lenient::text")]
    policy_id: String,
    #[serde(rename = "OrganizationID", deserialize_with = "lenient::text")]
    tenant: String,
    #[serde(deserialize_with = "lenient::whole")]
    maximum_devices: i64,
    #[serde(deserialize_with = "lenient::yes")]
    all_protected_items_quota_enabled: bool,
    #[serde(deserialize_with = "lenient::whole")]
    all_protected_items_quota_bytes: i64,
    #[serde(
        rename = "QuotaOffice365ProtectedAccounts",
        deserialize_with = "lenient::maybe_whole"
    )]
    microsoft365: Option<i64>,
    #[serde(
        rename = "QuotaHyperVGuests",
        deserialize_with = "lenient::maybe_whole"
    )]
    hyperv: Option<i64>,
    #[serde(
        rename = "QuotaVMwareGuests",
        deserialize_with = "lenient::maybe_whole"
    )]
    vmware: Option<i64>,
    #[serde(
        rename = "QuotaProxmoxGuests",
        deserialize_with = "lenient::maybe_whole"
    )]
    proxmox: Option<i64>,
    #[serde(deserialize_with = "lenient::maybe_entries")]
    destinations: Option<Vaults>,
    #[serde(deserialize_with = "lenient::maybe_entries")]
    sources: Option<Items>,
    #[serde(deserialize_with = "lenient::maybe_entries")]
    devices: Option<Devices>,
    #[serde(deserialize_with = "lenient::texts::<{ bounds::ADDRESSES }, _>")]
    emails: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    account_name: String,
}

#[derive(Default)]
struct Vaults {
    first: Vec<Vault>,
    count: usize,
}

impl Vaults {
    const fn has_more(&self) -> bool {
        self.count > self.first.len()
    }

    /// Bytes; an account without vaults stores none, and of more vaults than are read the rest is not known.
    fn stored(&self) -> Option<i64> {
        if self.first.is_empty() {
            return Some(0);
        }
        let stored = limits::stored_together(self.first.iter().map(|vault| vault.stored));
        stored.filter(|_| !self.has_more())
    }
}

impl Profile {
    fn listed(self, name: String) -> ListedAccount {
        let is_unused = self
            .destinations
            .as_ref()
            .is_none_or(|vaults| vaults.count == 0)
            && self.sources.as_ref().is_none_or(|items| items.count == 0)
            && self
                .devices
                .as_ref()
                .is_none_or(|devices| devices.count == 0);
        let count = |count: usize| i64::try_from(count).ok();
        let devices = self.devices.as_ref();
        let (backups, of_items) = self
            .sources
            .map(|mut items| {
                let backups = std::mem::take(&mut items.backups);
                let name_of = |id: &str| devices.and_then(|devices| devices.name_of(id));
                (backups.named(name_of), items.measures(devices))
            })
            .unzip();
        let measures = Measures {
            stored: self.destinations.as_ref().and_then(Vaults::stored),
            vaults: self
                .destinations
                .as_ref()
                .and_then(|vaults| count(vaults.count)),
            devices: self
                .devices
                .as_ref()
                .and_then(|devices| count(devices.count)),
            ..of_items.unwrap_or_default()
        };
        let vaults = self.destinations.unwrap_or_default();
        ListedAccount {
            name,
            creation_guid: self.creation_guid,
            created_at: self.create_time,
            is_suspended: self.is_suspended,
            policy_id: self.policy_id,
            tenant: self.tenant,
            device_limit: self.maximum_devices,
            item_quota: self
                .all_protected_items_quota_enabled
                .then_some(self.all_protected_items_quota_bytes),
            seats: [self.microsoft365, self.hyperv, self.vmware, self.proxmox],
            is_unused,
            devices: self.devices.map_or(0, |devices| devices.count),
            has_more_vaults: vaults.has_more(),
            vaults: vaults.first,
            measures,
            backups: backups.unwrap_or_else(Backups::unknown),
            emails: self.emails,
            account_name: self.account_name,
        }
    }
}

impl FromEntries for Vaults {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut vaults = Self::default();
        while vaults.count < bounds::VAULTS {
            let Some((id, EntryValue(vault))) =
                entries.next_entry::<String, EntryValue<VaultFigures>>()?
            else {
                return Ok(vaults);
            };
            vaults.count += 1;
            vaults.first.push(Vault {
                id,
                stored: vault.stored(),
                limit: vault.limit(),
            });
        }
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            vaults.count += 1;
        }
        Ok(vaults)
    }
}

#[cfg(test)]
mod tests;
