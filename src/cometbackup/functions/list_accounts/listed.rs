//! An account as WHMCS's Server Sync gets it.

use jiff::Timestamp;

use crate::cometbackup::comet::list_users::ListedAccount;
use crate::php_value::Value;
use crate::text::plain;

/// An account with what WHMCS gets of it.
pub struct SyncAccount {
    pub name: Box<str>,
    email: Box<str>,
    policy_group: Box<str>,
    /// Unix seconds.
    created_at: i64,
    is_suspended: bool,
}

impl SyncAccount {
    pub fn of(account: &ListedAccount) -> Self {
        Self {
            name: account.name.as_str().into(),
            email: email(&account.emails).into(),
            policy_group: account.policy_id.as_str().into(),
            created_at: account.created_at,
            is_suspended: account.is_suspended,
        }
    }

    /// Returns the row that WHMCS wants: all texts, all there.
    pub fn row(self) -> (String, Vec<(&'static str, Value)>) {
        let created = Timestamp::from_second(self.created_at).unwrap_or_default();
        // The words of `\WHMCS\Service\Status`.
        let status = if self.is_suspended {
            "Suspended"
        } else {
            "Active"
        };
        let row = vec![
            ("email", Value::from(self.email.as_ref())),
            ("username", Value::from(self.name.as_ref())),
            ("domain", Value::from("")),
            ("uniqueIdentifier", Value::from(self.name.as_ref())),
            ("product", Value::from(self.policy_group.as_ref())),
            ("primaryip", Value::from("")),
            (
                "created",
                created.strftime("%Y-%m-%d %H:%M:%S").to_string().into(),
            ),
            ("status", Value::from(status)),
        ];
        (String::new(), row)
    }
}

/// The first address that brings no markup into WHMCS's page: customers enter them in Comet.
fn email(addresses: &[String]) -> &str {
    let mut addresses = addresses.iter();
    let found = addresses.find(|address| plain(address) == **address);
    found.map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_every_text_that_whmcs_wants() {
        let listed = SyncAccount {
            name: "ada".into(),
            email: "".into(),
            policy_group: "p".into(),
            created_at: 1_700_000_000,
            is_suspended: true,
        };
        let (_, row) = listed.row();
        assert!(row.iter().all(|(_, value)| value.text().is_some()));
        assert_eq!(row[6].1, Value::from("2023-11-14 22:13:20"));
        assert_eq!(row[7].1, Value::from("Suspended"));
    }
}
