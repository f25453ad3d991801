//! What the server knows, and how its accounts are found and handed out.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde_json::Value;

use super::admins::{Admin, Caller};
use super::job::Job;
use super::profile;
use super::random;
use super::refusal::Refusal;
use super::sessions::Session;
use super::setup::Settings;
use super::text;
use super::vaults::Template;
use super::version::Version;

pub struct Comet {
    pub version: Version,
    pub settings: Settings,
    pub admins: Vec<Admin>,
    /// Id to name of each tenant.
    pub organizations: BTreeMap<String, String>,
    pub accounts: BTreeMap<String, Account>,
    /// In the order in which they were made.
    pub policies: Vec<Policy>,
    pub templates: BTreeMap<String, Template>,
    pub jobs: Vec<Job>,
    /// Connection id to the document of a live device.
    pub live: BTreeMap<String, String>,
    /// What live devices were told to do.
    pub device_calls: Vec<Value>,
    pub sessions: BTreeMap<String, Session>,
    pub guids: VecDeque<String>,
    changes: u64,
}

pub struct Account {
    /// `None` where somebody overwrote the password's hash.
    pub password: Option<String>,
    /// The one that resets work with, if the profile still has it.
    pub recovery_code: String,
    profile: String,
    hash: String,
}

pub struct Policy {
    pub id: String,
    pub document: String,
}

impl Policy {
    pub fn hash(&self) -> String {
        random::digest(&self.document)
    }

    pub fn organization(&self) -> String {
        text::get_string(&self.document, "OrganizationID")
    }
}

impl Account {
    pub fn profile(&self) -> &str {
        &self.profile
    }

    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub fn organization(&self) -> String {
        text::get_string(&self.profile, "OrganizationID")
    }
}

impl Comet {
    pub fn empty(settings: Settings) -> Self {
        Self {
            version: settings.version,
            admins: settings.admins.clone(),
            organizations: settings.organizations.clone(),
            guids: settings.guids.clone(),
            settings,
            accounts: BTreeMap::new(),
            policies: Vec::new(),
            templates: BTreeMap::new(),
            jobs: Vec::new(),
            live: BTreeMap::new(),
            device_calls: Vec::new(),
            sessions: BTreeMap::new(),
            changes: 0,
        }
    }

    pub fn has(&self, version: Version) -> bool {
        self.version >= version
    }

    pub fn now(&self) -> i64 {
        self.settings
            .clock
            .unwrap_or_else(|| Timestamp::now().as_second())
    }

    /// The next id of the test's choice, or a new one.
    pub fn next_guid(&mut self) -> String {
        self.guids.pop_front().unwrap_or_else(random::guid)
    }

    /// What an old server answers in place of an empty list or map.
    pub fn or_null(&self, document: String) -> String {
        let nulls = self
            .settings
            .null_for_empty
            .unwrap_or_else(|| self.version.answers_null_for_empty());
        match document.as_str() {
            "[]" | "{}" if nulls => "null".to_owned(),
            _ => document,
        }
    }

    /// The account, if the caller may see it.
    pub fn account(&mut self, caller: &Caller, name: &str) -> Result<&mut Account, Refusal> {
        self.accounts
            .get_mut(name)
            .filter(|account| caller.sees(&account.organization()))
            .ok_or(Refusal::UnknownUser)
    }

    /// The accounts that the caller may see.
    pub fn visible<'a>(
        &'a self,
        caller: &'a Caller,
    ) -> impl Iterator<Item = (&'a String, &'a Account)> {
        self.accounts
            .iter()
            .filter(|(_, account)| caller.sees(&account.organization()))
    }

    pub fn add_account(&mut self, name: &str, password: Option<String>, profile: String) {
        let account = Account {
            password,
            recovery_code: text::get_string(&profile, "PasswordRecovery"),
            profile: String::new(),
            hash: String::new(),
        };
        self.accounts.insert(name.to_owned(), account);
        self.store(name, profile);
    }

    /// Stores the profile. The hash is a new one even if nothing is different.
    pub fn store(&mut self, name: &str, profile: String) {
        self.changes += 1;
        if let Some(account) = self.accounts.get_mut(name) {
            account.hash = random::digest(&(self.changes, &profile));
            account.profile = profile;
        }
    }

    /// Hands the policy's content to the accounts that have it.
    pub fn spread_policy(&mut self, id: &str) {
        let names: Vec<String> = self
            .accounts
            .iter()
            .filter(|(_, account)| text::get_string(account.profile(), "PolicyID") == id)
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let Some(account) = self.accounts.get(&name) else {
                continue;
            };
            let updated = profile::with_policy(self, account.profile().to_owned());
            if updated != account.profile() {
                self.store(&name, updated);
            }
        }
    }
}
