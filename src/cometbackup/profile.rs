//! A user profile of Comet: read where it is needed, edited in place, everything else as it came.

use serde_json::Value;

use super::api::{Api, Call, field};
use super::quotas::Quotas;
use crate::error::{Error, plain};
use crate::json_text::JsonText;

/// A profile and the hash that a write has to name.
#[derive(Clone)]
pub struct Profile {
    document: JsonText,
    pub hash: String,
    changed: bool,
}

impl Profile {
    /// Reads the profile of an account. One request.
    pub fn read(api: &Api<'_>, username: &str) -> Result<Self, Error> {
        api.read(
            &Call {
                endpoint: "get-user-profile-and-hash",
                task: format!("read the Comet account {}", plain(username)),
                fields: vec![("TargetUser", field(username))],
            },
            Self::from_answer,
        )
    }

    /// Reads the answer of `get-user-profile-and-hash`, and of newer servers to a vault request or a write.
    pub fn from_answer(answer: &str) -> Option<Self> {
        let answer = JsonText::new(answer.to_owned())?;
        Some(Self {
            document: JsonText::new(answer.raw(&["Profile"])?.to_owned())?,
            hash: answer
                .read::<String>(&["ProfileHash"])
                .filter(|hash| !hash.is_empty())?,
            changed: false,
        })
    }

    pub fn text(&self) -> &str {
        self.document.as_str()
    }

    /// The whole document to read from; it holds secrets.
    pub fn to_json(&self) -> Value {
        self.document.read(&[]).unwrap_or_default()
    }

    /// Whether an edit changed anything: then it has to be written.
    pub const fn is_changed(&self) -> bool {
        self.changed
    }

    /// Random identity of the account: another account of the same name has another one.
    pub fn creation_guid(&self) -> String {
        self.text_at("CreationGUID")
    }

    /// Unix seconds.
    pub fn created_at(&self) -> i64 {
        self.document.read(&["CreateTime"]).unwrap_or_default()
    }

    pub fn policy_id(&self) -> String {
        self.text_at("PolicyID")
    }

    pub fn is_suspended(&self) -> bool {
        self.document.read(&["IsSuspended"]).unwrap_or_default()
    }

    /// Whether an administrator can set another password without the old one.
    pub fn has_recovery_code(&self) -> bool {
        !self.text_at("PasswordRecovery").is_empty()
    }

    /// Ids of the storage vaults, in order.
    pub fn vaults(&self) -> Vec<String> {
        self.document.keys(&["Destinations"])
    }

    /// How many devices there are.
    pub fn devices(&self) -> usize {
        self.document.keys(&["Devices"]).len()
    }

    /// Nothing has been done with the account yet.
    pub fn is_unused(&self) -> bool {
        ["Destinations", "Sources", "Devices"]
            .iter()
            .all(|field| self.document.keys(&[field]).is_empty())
    }

    pub fn suspend(&mut self, suspended: bool) {
        self.set(&["IsSuspended"], suspended);
    }

    /// `""` takes the policy away.
    pub fn assign_policy(&mut self, id: &str) {
        self.set(&["PolicyID"], id);
    }

    /// Whom the reports go to, unless somebody has entered an address already.
    pub fn greet(&mut self, email: &str, account_name: &str, language: Option<&str>) {
        let addresses: Vec<String> = self.document.read(&["Emails"]).unwrap_or_default();
        if addresses.is_empty() && !email.is_empty() {
            self.set(&["Emails"], vec![email]);
        }
        // Servers before 18.12 have no name and other codes for languages, and drop what they do not know.
        let name: Option<String> = self.document.read(&["AccountName"]);
        if name.is_some_and(|name| name.is_empty()) && !account_name.is_empty() {
            self.set(&["AccountName"], account_name);
        }
        if let Some(language) = language.filter(|_| self.text_at("LanguageCode").contains('_')) {
            self.set(&["LanguageCode"], language);
        }
    }

    /// Sets what the product sets; zero lifts a limit. The vault quota goes to the vaults named.
    pub fn limit(&mut self, quotas: &Quotas, vaults: &[String]) {
        if let Some(devices) = quotas.devices {
            self.set(&["MaximumDevices"], devices);
        }
        if let Some(bytes) = quotas.protected_items {
            self.set(&["AllProtectedItemsQuotaEnabled"], bytes > 0);
            self.set(&["AllProtectedItemsQuotaBytes"], bytes);
        }
        if let Some(bytes) = quotas.storage_vault {
            for vault in vaults {
                // A shared quota of the server decides for this vault.
                if !self.text_in_vault(vault, "StorageLimitID").is_empty() {
                    continue;
                }
                self.set(&["Destinations", vault, "StorageLimitEnabled"], bytes > 0);
                self.set(&["Destinations", vault, "StorageLimitBytes"], bytes);
            }
        }
    }

    /// Names of the limits that the profile does not hold: an old server drops what it does not know.
    pub fn not_held(&self, wanted: &Self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        let mut compare = |name, path: &[&str]| {
            let (here, there): (Option<Value>, Option<Value>) =
                (self.document.read(path), wanted.document.read(path));
            if here != there && !missing.contains(&name) {
                missing.push(name);
            }
        };
        compare("device limit", &["MaximumDevices"]);
        compare("protected item quota", &["AllProtectedItemsQuotaEnabled"]);
        compare("protected item quota", &["AllProtectedItemsQuotaBytes"]);
        compare("policy group", &["PolicyID"]);
        for vault in wanted.vaults() {
            compare(
                "storage vault quota",
                &["Destinations", &vault, "StorageLimitEnabled"],
            );
            compare(
                "storage vault quota",
                &["Destinations", &vault, "StorageLimitBytes"],
            );
        }
        missing
    }

    fn set(&mut self, path: &[&str], value: impl Into<Value>) {
        self.changed |= self.document.set(path, &value.into());
    }

    fn text_at(&self, field: &str) -> String {
        self.document.read(&[field]).unwrap_or_default()
    }

    fn text_in_vault(&self, vault: &str, field: &str) -> String {
        self.document
            .read(&["Destinations", vault, field])
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"Status":200,"Message":"OK","ProfileHash":"h1","Profile":{"Username":"ada","Emails":null,
        "Destinations":{"v1":{"StorageLimitEnabled":false,"StorageLimitBytes":0,"Future":[]},
        "v2":{"StorageLimitID":"shared","StorageLimitBytes":7}},"MaximumDevices":0,"AllProtectedItemsQuotaEnabled":false,
        "AllProtectedItemsQuotaBytes":0,"PolicyID":"","IsSuspended":false,"Sources":{},"New":1.0}}"#;

    fn profile() -> Profile {
        Profile::from_answer(ANSWER).unwrap()
    }

    #[test]
    fn limits_change_their_fields_and_nothing_else() {
        let mut edited = profile();
        edited.limit(
            &Quotas {
                devices: Some(5),
                protected_items: None,
                storage_vault: Some(10),
            },
            &["v1".into(), "v2".into()],
        );
        assert!(edited.is_changed());
        let expected = profile()
            .text()
            .replace("\"MaximumDevices\":0", "\"MaximumDevices\":5")
            .replace(
                "{\"StorageLimitEnabled\":false,\"StorageLimitBytes\":0,",
                "{\"StorageLimitEnabled\":true,\"StorageLimitBytes\":10,",
            );
        assert_eq!(edited.text(), expected);
        assert_eq!(
            profile().not_held(&edited),
            ["device limit", "storage vault quota"]
        );
    }

    #[test]
    fn an_edit_that_changes_nothing_needs_no_write() {
        let mut edited = profile();
        edited.suspend(false);
        edited.limit(&Quotas::default(), &["v1".into()]);
        edited.assign_policy("");
        assert!(!edited.is_changed());
        assert_eq!(edited.text(), profile().text());
    }

    #[test]
    fn a_limit_of_zero_is_lifted() {
        let quotas = |bytes| Quotas {
            devices: Some(0),
            protected_items: Some(bytes),
            storage_vault: Some(bytes),
        };
        let mut edited = profile();
        edited.limit(&quotas(9), &["v1".into()]);
        edited.limit(&quotas(0), &["v1".into()]);
        assert_eq!(edited.text(), profile().text());
    }

    #[test]
    fn what_is_no_profile_is_none() {
        for wrong in [
            "",
            "[]",
            r#"{"Profile":[],"ProfileHash":"h"}"#,
            r#"{"Profile":{},"ProfileHash":""}"#,
        ] {
            assert!(Profile::from_answer(wrong).is_none(), "{wrong}");
        }
    }
}
