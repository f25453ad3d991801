//! The decoder of `list-users-full`: a map of name ⇒ profile, one entry at a time.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::{ListedAccount, Vault};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::list::{self, Bytes, Kind};
use crate::cometbackup::comet::vault_figures::VaultFigures;
use crate::json::lenient::{self, Count, FromEntries, Value};
use crate::json::stream::{Ending, StreamError, value};

/// Reads the whole answer; nothing may come after it.
pub fn accounts(
    read: &mut Bytes<'_>,
    longest: usize,
    each: &mut dyn FnMut(ListedAccount),
) -> Result<Ending, StreamError> {
    let mut count = 0;
    list::map(read, longest, Kind::Objects, &mut |name, bytes| {
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
    let profile: Profile = serde_json::from_str(text)?;
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
    #[serde(deserialize_with = "lenient::whole")]
    maximum_devices: i64,
    #[serde(deserialize_with = "lenient::yes")]
    all_protected_items_quota_enabled: bool,
    #[serde(deserialize_with = "lenient::whole")]
    all_protected_items_quota_bytes: i64,
    #[serde(deserialize_with = "lenient::entries")]
    destinations: Vaults,
    #[serde(deserialize_with = "lenient::entries")]
    sources: Count,
    #[serde(deserialize_with = "lenient::entries")]
    devices: Count,
    #[serde(deserialize_with = "lenient::texts::<{ bounds::ADDRESSES }, _>")]
    emails: Vec<String>,
    #[serde(deserialize_with = "lenient::text")]
    account_name: String,
}

#[derive(Default)]
struct Vaults {
    first: Vec<Vault>,
    has_more: bool,
}

impl Profile {
    fn listed(self, name: String) -> ListedAccount {
        ListedAccount {
            name,
            creation_guid: self.creation_guid,
            created_at: self.create_time,
            is_suspended: self.is_suspended,
            policy_id: self.policy_id,
            device_limit: self.maximum_devices,
            item_quota: self
                .all_protected_items_quota_enabled
                .then_some(self.all_protected_items_quota_bytes),
            is_unused: self.destinations.first.is_empty()
                && self.sources.0 == 0
                && self.devices.0 == 0,
            devices: self.devices.0,
            vaults: self.destinations.first,
            has_more_vaults: self.destinations.has_more,
            emails: self.emails,
            account_name: self.account_name,
        }
    }
}

impl FromEntries for Vaults {
    fn from_entries<'de, M: MapAccess<'de>>(mut entries: M) -> Result<Self, M::Error> {
        let mut vaults = Self::default();
        while vaults.first.len() < bounds::VAULTS {
            let Some((id, Value(vault))) = entries.next_entry::<String, Value<VaultFigures>>()?
            else {
                return Ok(vaults);
            };
            vaults.first.push(Vault {
                id,
                stored: vault.stored(),
                limit: vault.limit(),
            });
        }
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            vaults.has_more = true;
        }
        Ok(vaults)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::cometbackup::comet::limits::Limit;

    const LIST: &str = r#"{"ada-l\u006fvelace":{"CreationGUID":"g1","CreateTime":5,"IsSuspended":true,"PolicyID":"p",
        "MaximumDevices":3,"AllProtectedItemsQuotaEnabled":true,"AllProtectedItemsQuotaBytes":9,"Emails":["ada@example.com"],"AccountName":"Ada","Future":[{"a":[1e3]}],
        "Destinations":{"v1":{"DestinationType":1003,"StorageLimitEnabled":true,"StorageLimitBytes":7,
          "Statistics":{"ClientProvidedSize":{"Size":4,"MeasureCompleted":6,"Components":[]}}},"v2":{"Statistics":null}},
        "Sources":{"s":{}},"Devices":{}},
      "Status":{"CreationGUID":7,"IsSuspended":"yes","MaximumDevices":-1,"Destinations":null,"Sources":[],"CreateTime":1e9}} "#;

    fn read_in(
        text: &str,
        piece: usize,
        longest: usize,
    ) -> (Result<Ending, StreamError>, Vec<ListedAccount>) {
        let mut rest = text.as_bytes();
        let mut found = Vec::new();
        let mut read = |into: &mut [u8]| rest.read(&mut into[..piece]).map_err(|e| e.to_string());
        let end = accounts(&mut read, longest, &mut |account| found.push(account));
        (end, found)
    }

    fn read(text: &str) -> (Result<Ending, StreamError>, Vec<ListedAccount>) {
        read_in(text, 7, 1 << 20)
    }

    #[test]
    fn accounts_come_one_by_one_with_what_is_looked_at() {
        let (end, found) = read(LIST);
        assert_eq!(end.unwrap(), Ending::All(2));
        let vault = |id: &str, stored, limit| Vault {
            id: id.into(),
            stored,
            limit,
        };
        let ada = ListedAccount {
            name: "ada-lovelace".into(),
            creation_guid: "g1".into(),
            created_at: 5,
            is_suspended: true,
            policy_id: "p".into(),
            device_limit: 3,
            item_quota: Some(9),
            vaults: vec![
                vault("v1", Some(4), Limit::Bytes(7)),
                vault("v2", None, Limit::None),
            ],
            has_more_vaults: false,
            is_unused: false,
            devices: 0,
            emails: vec!["ada@example.com".into()],
            account_name: "Ada".into(),
        };
        assert_eq!(found.first(), Some(&ada));
    }

    #[test]
    fn fields_of_another_type_are_empty_and_status_may_be_a_name() {
        let (_, found) = read(LIST);
        let odd = ListedAccount {
            name: "Status".into(),
            creation_guid: String::new(),
            created_at: 0,
            is_suspended: false,
            policy_id: String::new(),
            device_limit: 0,
            item_quota: None,
            vaults: Vec::new(),
            has_more_vaults: false,
            is_unused: true,
            devices: 0,
            emails: Vec::new(),
            account_name: String::new(),
        };
        assert_eq!(found.get(1), Some(&odd));
    }

    #[test]
    fn the_error_object_is_no_list_of_accounts() {
        let error = r#"{"Status":403,"Message":"Unauthorised"}"#;
        let (end, found) = read(error);
        assert_eq!((end, found.len()), (Ok(Ending::Other(error.into())), 0));
    }

    #[test]
    fn no_accounts_is_an_empty_map() {
        assert_eq!(read("{}").0.unwrap(), Ending::All(0));
    }

    #[test]
    fn what_is_no_list_or_has_something_behind_it_is_an_error() {
        for wrong in [
            "{\"a\":[]}",
            "{\"a\":null}",
            "{\"a\":1}",
            "{\"Status\":[403]}",
            "{}{}",
            "{\"a\":{}}x",
        ] {
            assert!(read(wrong).0.is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_answer_that_breaks_off_anywhere_is_no_whole_one() {
        let whole = LIST.trim_end();
        for length in 0..whole.len() {
            let end = read(&whole[..length]).0;
            assert!(!matches!(end, Ok(Ending::All(_))), "{length}");
        }
        assert!(matches!(read(whole).0, Ok(Ending::All(_))));
    }

    #[test]
    fn one_account_without_end_is_not_read_on_and_many_short_ones_are() {
        let endless = format!(r#"{{"a":{{}},"b":{{"x":"{}"}}}}"#, "x".repeat(5000));
        let many: Vec<String> = (0..500).map(|n| format!(r#""a{n}":{{}}"#)).collect();
        let (end, found) = read_in(&endless, 100, 1000);
        assert_eq!(end, Err(StreamError::TooLong));
        assert_eq!(found.len(), 1);
        let (end, found) = read_in(&format!("{{{}}}", many.join(",")), 100, 1000);
        assert_eq!((end.unwrap(), found.len()), (Ending::All(500), 500));
    }

    #[test]
    fn of_more_vaults_than_any_account_has_the_first_are_read_and_it_is_known() {
        for more in [0, 1] {
            let vaults: Vec<String> = (0..bounds::VAULTS + more)
                .map(|n| format!(r#""{n}":{{}}"#))
                .collect();
            let text = format!(r#"{{"a":{{"Destinations":{{{}}}}}}}"#, vaults.join(","));
            let (end, found) = read(&text);
            assert_eq!(end, Ok(Ending::All(1)));
            assert_eq!(found[0].vaults.len(), bounds::VAULTS);
            assert_eq!(found[0].has_more_vaults, more > 0);
        }
    }
}
