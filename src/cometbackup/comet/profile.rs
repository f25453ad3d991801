//! A user profile of Comet, edited in place: fields that this module does not know go back as they came.
//!
//! A profile may have megabytes: it is read in one pass, and all of its edits are written in one.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::api::{Api, Call, field};
use super::bounds;
use super::limits::{Limit, Quotas, SEATS, Seat};
use super::list_users::{self, ListedAccount, Vault};
use crate::error::Error;
use crate::json::document::{JsonText, each_entry};
use crate::json::lenient;
use crate::json::object;
use crate::text::plain;

/// A profile and the hash that a write has to name.
#[derive(Clone)]
pub struct Profile {
    document: JsonText,
    pub hash: String,
    /// What is looked at, as the document came.
    read: ListedAccount,
    /// By path, until they are written.
    edits: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answered<'a> {
    #[serde(borrow)]
    profile: &'a RawValue,
    profile_hash: String,
}

/// Where reports go, and in which language.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Greeting {
    #[serde(deserialize_with = "lenient::maybe_text")]
    account_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    language_code: String,
}

impl Profile {
    /// Reads the profile of an account. One request.
    pub fn read(api: &Api<'_>, username: &str) -> Result<Self, Error> {
        api.read_whole(
            &Call {
                endpoint: "get-user-profile-and-hash",
                task: format!("read the Comet account {}", plain(username)),
                fields: vec![("TargetUser", field(username))],
            },
            Self::from_whole,
        )
    }

    /// Reads the answer of newer servers to a vault request or a write.
    pub fn from_answer(answer: &str) -> Option<Self> {
        Self::from_whole(answer.to_owned())
    }

    /// Reads the answer of `get-user-profile-and-hash`, in its own memory.
    fn from_whole(mut text: String) -> Option<Self> {
        let answer: Answered<'_> = object::from_str(&text).ok()?;
        let profile = answer.profile.get();
        let start = profile.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + profile.len();
        let hash = answer.profile_hash;
        text.truncate(end);
        text.drain(..start);
        let document = JsonText::new(text)?;
        Some(Self {
            read: list_users::from_profile("", document.as_str())?,
            document,
            hash: Some(hash).filter(|hash| !hash.is_empty())?,
            edits: Map::new(),
        })
    }

    pub fn text(&self) -> &str {
        self.document.as_str()
    }

    /// Writes the edits into the document, and returns whether anything changed: then it has to be sent.
    pub fn write_edits(&mut self) -> bool {
        let edits = std::mem::take(&mut self.edits);
        let changed = self.document.edit(&edits);
        if changed && let Some(read) = list_users::from_profile("", self.document.as_str()) {
            self.read = read;
        }
        changed
    }

    /// Returns the account as a list of the server would have it, without its name.
    pub const fn listed(&self) -> &ListedAccount {
        &self.read
    }

    /// Returns the random identity of the account: another account of the same name has another one.
    pub fn creation_guid(&self) -> String {
        self.read.creation_guid.clone()
    }

    /// Returns when the account was created, in unix seconds.
    pub const fn created_at(&self) -> i64 {
        self.read.created_at
    }

    pub fn policy_id(&self) -> String {
        self.read.policy_id.clone()
    }

    /// Returns the tenant; empty for the top level.
    pub fn tenant(&self) -> String {
        self.read.tenant.clone()
    }

    pub const fn is_suspended(&self) -> bool {
        self.read.is_suspended
    }

    /// Whether the customer logs in with a second factor.
    pub fn has_second_factor(&self) -> bool {
        self.document
            .read(&["AllowPasswordAndTOTPLogin"])
            .unwrap_or(false)
    }

    /// Whether an administrator can set another password without the old one.
    pub fn has_recovery_code(&self) -> bool {
        let code: Option<String> = self.document.read(&["PasswordRecovery"]);
        code.is_some_and(|code| !code.is_empty())
    }

    /// Ids of the storage vaults, in order; the first of them, where there are more than [`bounds::VAULTS`].
    pub fn vaults(&self) -> Vec<String> {
        let vaults = self.read.vaults.iter();
        vaults.map(|vault| vault.id.clone()).collect()
    }

    /// Refuses an account with more storage vaults than are counted.
    ///
    /// # Errors
    /// Where the account has more storage vaults than are counted: limits would be set on some of them.
    pub fn countable(&self, username: &str) -> Result<(), Error> {
        if self.read.has_more_vaults {
            return Err(Error::Refusal(format!(
                "The Comet account {} has more than {} storage vaults, which is more than this module counts. Nothing was changed; look in Comet whether they are the account's.",
                plain(username),
                bounds::VAULTS
            )));
        }
        Ok(())
    }

    /// Returns how many devices there are.
    pub fn devices(&self) -> usize {
        self.read.devices
    }

    /// Whether nothing has been done with the account yet.
    pub const fn is_unused(&self) -> bool {
        self.read.is_unused
    }

    pub fn suspend(&mut self, suspended: bool) {
        self.set(&["IsSuspended"], suspended);
    }

    /// Assigns a policy group; `""` removes it.
    pub fn assign_policy_group(&mut self, id: &str) {
        self.set(&["PolicyID"], id);
    }

    /// Returns whom the reports go to.
    pub fn emails(&self) -> Vec<String> {
        self.read.emails.clone()
    }

    /// Returns the account name; empty on servers before 18.12, which have none.
    pub fn account_name(&self) -> String {
        self.read.account_name.clone()
    }

    pub fn set_email(&mut self, email: &str) {
        self.set(&["Emails"], vec![email]);
    }

    pub fn set_account_name(&mut self, name: &str) {
        self.set(&["AccountName"], name);
    }

    /// Ids of the registered devices, in order.
    pub fn device_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let devices = self.document.raw(&["Devices"]).unwrap_or_default();
        // An answer without devices has `null` there.
        let _ = each_entry(devices, |id, _| ids.push(id.to_owned()));
        ids
    }

    /// Fills in whom the reports go to, unless somebody has entered an address already.
    pub fn fill_contact_details(
        &mut self,
        email: &str,
        account_name: &str,
        language: Option<&str>,
    ) {
        let addresses = self.document.raw(&["Emails"]).unwrap_or_default();
        let is_empty = serde_json::from_str::<[String; 0]>(addresses).is_ok();
        if (is_empty || !addresses.starts_with('[')) && !email.is_empty() {
            self.set(&["Emails"], vec![email]);
        }
        // Servers before 18.12 have no name and other codes for languages, and drop what they do not know.
        let known: Greeting = self.document.read(&[]).unwrap_or_default();
        if known.account_name.is_some_and(|name| name.is_empty()) && !account_name.is_empty() {
            self.set(&["AccountName"], account_name);
        }
        if let Some(language) = language.filter(|_| known.language_code.contains('_')) {
            self.set(&["LanguageCode"], language);
        }
    }

    /// Sets what the product sets; zero lifts a limit. The vault quota goes to the vaults named.
    pub fn apply_quotas(&mut self, quotas: &Quotas, vaults: &[String]) {
        if let Some(devices) = quotas.devices {
            self.set(&["MaximumDevices"], devices);
        }
        if let Some(bytes) = quotas.protected_items {
            self.set(&["AllProtectedItemsQuotaEnabled"], bytes > 0);
            self.set(&["AllProtectedItemsQuotaBytes"], bytes);
        }
        for ((seat, held), wanted) in SEATS.iter().zip(self.read.seats).zip(quotas.seats) {
            if let (Some(_), Some(wanted)) = (held, wanted) {
                self.set(&[seat.field], wanted);
            }
        }
        if let Some(bytes) = quotas.storage_vault {
            let limits = self.read.vaults.iter();
            let limits: HashMap<&str, Limit> = limits
                .map(|vault| (vault.id.as_str(), vault.limit))
                .collect();
            // A shared quota of the server decides for its vaults.
            let own = |id: &&String| limits.get(id.as_str()) != Some(&Limit::Shared);
            for vault in vaults.iter().filter(own) {
                set(
                    &mut self.edits,
                    &["Destinations", vault, "StorageLimitEnabled"],
                    (bytes > 0).into(),
                );
                set(
                    &mut self.edits,
                    &["Destinations", vault, "StorageLimitBytes"],
                    bytes.into(),
                );
            }
        }
    }

    /// Positions in [`SEATS`] of the limits that the server has no field for.
    pub fn without_field(&self, quotas: &Quotas) -> Vec<usize> {
        let both = self.read.seats.iter().zip(quotas.seats).enumerate();
        let missing = both.filter(|(_, (held, wanted))| held.is_none() && *wanted > Some(0));
        missing.map(|(position, _)| position).collect()
    }

    /// Names of the limits that the profile does not hold: an old server drops what it does not know.
    pub fn differences_from(&self, wanted: &Self) -> Vec<&'static str> {
        let (here, there) = (&self.read, &wanted.read);
        let limits = here.vaults.iter();
        let limits: HashMap<&str, Limit> = limits
            .map(|vault| (vault.id.as_str(), vault.limit))
            .collect();
        let vault_is_held = |vault: &Vault| {
            limits
                .get(vault.id.as_str())
                .is_some_and(|limit| *limit == vault.limit)
        };
        let held = [
            ("device limit", here.device_limit == there.device_limit),
            ("protected item quota", here.item_quota == there.item_quota),
            ("policy group", here.policy_id == there.policy_id),
            (
                "storage vault quota",
                there.vaults.iter().all(vault_is_held),
            ),
        ];
        let seats = SEATS.iter().zip(here.seats).zip(there.seats);
        let seats = seats.map(|((Seat { name, .. }, here), there)| (*name, here == there));
        let missing = held.into_iter().chain(seats);
        let missing = missing.filter(|(_, is_held)| !is_held);
        missing.map(|(name, _)| name).collect()
    }

    fn set(&mut self, path: &[&str], value: impl Into<Value>) {
        set(&mut self.edits, path, value.into());
    }
}

/// Adds an edit; a later one of the same path takes its place.
fn set(edits: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [key] => drop(edits.insert((*key).to_owned(), value)),
        [key, below @ ..] => {
            let inner = edits
                .entry(*key)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                set(inner, below, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
