//! What a test asks a fresh server to be and to hold.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Display;

use anyhow::{Context, Result, bail};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::admins::{self, Admin};
use super::job::Job;
use super::profile;
use super::random;
use super::refusal::{ErrorMessage, Refusal};
use super::schema;
use super::state::{Comet, Policy};
use super::text;
use super::vaults::Template;
use super::version::Version;

const SAMPLE: &str = include_str!("sample.json");
/// One of the sample's accounts as the floor version has it.
const SAMPLE_FLOOR_ACCOUNT: &str = include_str!("sample-18.9.2.json");
const DEFAULT_PASSWORD: &str = "initial-Passw0rd";

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    pub version: Version,
    /// The sample documents' users, policies, templates, jobs and live device, besides the test's own.
    sample: bool,
    pub admins: Vec<Admin>,
    #[serde(deserialize_with = "map_from_php")]
    pub organizations: BTreeMap<String, String>,
    // These four are read from the text, which keeps their numbers and order.
    accounts: IgnoredAny,
    policies: IgnoredAny,
    jobs: IgnoredAny,
    live: IgnoredAny,
    #[serde(deserialize_with = "map_from_php")]
    templates: BTreeMap<String, Template>,
    /// Merged into the profile of each account that is made.
    pub new_profile: Value,
    /// Unix seconds at which the clock stands; the real time where not said.
    pub clock: Option<i64>,
    /// Handed out in turn as creation ids, vault ids and ids of new policies.
    pub guids: VecDeque<String>,
    /// Names of the roles' fields in `meta/version`.
    pub roles_off: Vec<String>,
    pub meta: Value,
    pub branding: Value,
    /// In place of the platforms on offer.
    pub platforms: Option<BTreeMap<u32, Value>>,
    #[serde(deserialize_with = "map_from_php")]
    pub errors: BTreeMap<Refusal, ErrorMessage>,
    /// Errors have the HTTP status that they name.
    pub error_http_status: bool,
    pub null_for_empty: Option<bool>,
    /// So many further accounts are on the full list and nowhere else: `many-000001` and so on.
    pub many_accounts: u32,
    /// Profiles stay as written: no copy of the policy, no time of suspension.
    pub as_written: bool,
    pub download_bytes: u64,
    pub download_chunked: bool,
    /// Bytes per second.
    pub download_speed: Option<u64>,
    /// The header `Content-Disposition`; none where it is empty.
    pub download_disposition: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: Version(25, 9, 8),
            sample: false,
            admins: admins::usual(),
            organizations: BTreeMap::from([(admins::TENANT.to_owned(), "Reseller".to_owned())]),
            accounts: IgnoredAny,
            policies: IgnoredAny,
            jobs: IgnoredAny,
            live: IgnoredAny,
            templates: BTreeMap::new(),
            new_profile: Value::Null,
            clock: None,
            guids: VecDeque::new(),
            roles_off: Vec::new(),
            meta: Value::Null,
            branding: Value::Null,
            platforms: None,
            errors: BTreeMap::new(),
            error_http_status: false,
            null_for_empty: None,
            many_accounts: 0,
            as_written: false,
            download_bytes: 3_000_000,
            download_chunked: false,
            download_speed: None,
            download_disposition: None,
        }
    }
}

impl Comet {
    pub fn from_setup(body: &[u8]) -> Result<Self> {
        let setup = match std::str::from_utf8(body)? {
            "" | "[]" => "{}",
            setup => setup,
        };
        let settings: Settings = serde_json::from_str(setup)?;
        let sample = settings.sample;
        let templates = settings.templates.clone();
        let mut comet = Self::empty(settings);
        if sample {
            comet.load_sample();
        }
        comet.templates.extend(templates);
        comet.load(setup)?;
        Ok(comet)
    }

    fn load_sample(&mut self) {
        self.templates = text::get_as(SAMPLE, "templates").unwrap_or_default();
        self.load_documents(SAMPLE);
        for member in text::members(text::get(SAMPLE, "accounts").unwrap_or_default()) {
            let floor = self.version < Version(18, 9, 5)
                && text::get_string(SAMPLE_FLOOR_ACCOUNT, "Username") == member.name;
            let document = if floor {
                SAMPLE_FLOOR_ACCOUNT
            } else {
                member.value
            };
            let profile = schema::prune("profile", &text::compact(document), self.version);
            self.add_account(&member.name, Some(DEFAULT_PASSWORD.to_owned()), profile);
        }
    }

    fn load(&mut self, setup: &str) -> Result<()> {
        self.load_documents(setup);
        for entry in text::items(text::get(setup, "accounts").unwrap_or_default()) {
            let name = text::get_string(entry, "Username");
            if name.is_empty() {
                bail!("an account without Username");
            }
            let organization = text::get_string(entry, "OrganizationID");
            let fresh = profile::compose(self, &name, &organization, &random::guid());
            self.add_account(&name, Some(DEFAULT_PASSWORD.to_owned()), fresh);
            self.change_account(&name, entry)
                .with_context(|| format!("account {name}"))?;
        }
        Ok(())
    }

    fn load_documents(&mut self, setup: &str) {
        let part = |name| text::members(text::get(setup, name).unwrap_or_default());
        for policy in part("policies") {
            self.policies.push(Policy {
                id: policy.name,
                document: schema::prune("group policy", &tidy(policy.value), self.version),
            });
        }
        for connection in part("live") {
            let document = schema::prune("connection", &tidy(connection.value), self.version);
            self.live.insert(connection.name, document);
        }
        for job in text::items(text::get(setup, "jobs").unwrap_or_default()) {
            self.jobs.push(Job::complete(job, self.version));
        }
    }

    /// What `entry` says besides the password is merged into the profile; `set` replaces members,
    /// and `Profile` is a whole one, also as a string with its text.
    pub fn change_account(&mut self, name: &str, entry: &str) -> Result<()> {
        let account = self.accounts.get(name).context("no such account")?;
        let mut profile = account.profile().to_owned();
        let (mut password, mut whole) = (None, false);
        for member in text::members(entry) {
            match member.name.as_str() {
                "Username" => {}
                "Password" => password = Some(text::read(member.value).context("bad Password")?),
                "Profile" => {
                    profile = text::read(member.value).unwrap_or_else(|| member.value.to_owned());
                    whole = true;
                }
                "merge" => profile = text::merge(&profile, member.value),
                "set" => {
                    for field in text::members(member.value) {
                        profile = text::set(&profile, &field.name, field.value);
                    }
                }
                field => {
                    profile = text::merge(&profile, &text::object([(field, member.value.into())]));
                }
            }
        }
        if !text::is_object(&profile) {
            bail!("the profile is no JSON object");
        }
        if !whole {
            profile = schema::prune("profile", &profile, self.version);
            if !schema::fits("profile", &profile) {
                bail!("a field has not the type that the server gives it; [] is no map");
            }
        }
        let recovery_code = text::get_string(&profile, "PasswordRecovery");
        if let Some(account) = self.accounts.get_mut(name) {
            account.recovery_code = recovery_code;
            if let Some(password) = password {
                account.password = password;
            }
        }
        self.store(name, profile);
        Ok(())
    }
}

/// The sample's documents are spread over lines, which a server's are not.
fn tidy(document: &str) -> String {
    if document.contains('\n') {
        text::compact(document)
    } else {
        document.to_owned()
    }
}

/// PHP writes an empty map as `[]`.
fn map_from_php<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: DeserializeOwned + Ord,
    V: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Array(items) if items.is_empty() => Ok(BTreeMap::new()),
        value => serde_json::from_value(value).map_err(refused),
    }
}

fn refused<E: serde::de::Error>(error: impl Display) -> E {
    E::custom(error)
}
