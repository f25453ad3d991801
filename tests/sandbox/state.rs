//! What the API knows: partners' tokens, licenses, connected sites, and the time.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};

use anyhow::{Context, Result};
use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan, tz};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::families;
use crate::license_list::{Elsewhere, Order, Switches};
use crate::sites::{self, Sites};

const DEFAULT_TOKENS: [&str; 2] = ["tok_test&=1", "tok_second"];
const FIRST_LICENSE_ID: u64 = 70_001;
const KEY_ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a test asks a fresh state to hold.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    tokens: Option<Vec<String>>,
    clock: Option<String>,
    time_format: Option<TimeFormat>,
    licenses: Vec<SetupLicense>,
    families: Option<Value>,
    keys: VecDeque<String>,
    hosting_allowed: bool,
    list: Switches,
    /// Seconds that Jetpack's clock is ahead.
    clock_ahead: i64,
    sites: sites::Setup,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupLicense {
    license_key: String,
    license_id: Option<u64>,
    issued_at: String,
    revoked_at: Option<String>,
    token: Option<String>,
    product: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TimeFormat {
    #[default]
    Sql,
    Rfc3339,
}

#[derive(Serialize)]
pub struct License {
    #[serde(rename = "license_id")]
    pub id: u64,
    #[serde(rename = "license_key")]
    pub key: String,
    pub product: String,
    /// The partner that it belongs to.
    pub token: String,
    pub issued_at: String,
    pub revoked_at: Option<String>,
    pub site: Option<Value>,
    #[serde(skip)]
    pub attached_at: Option<String>,
    /// `POST /license` issued it.
    #[serde(skip)]
    pub by_api: bool,
}

pub struct State {
    pub licenses: Vec<License>,
    pub sites: Sites,
    pub families: Value,
    pub hosting_allowed: bool,
    pub list: Switches,
    /// The list as it was asked for last.
    pub order: Option<Order>,
    /// Moves on whenever a license may have changed.
    pub generation: u64,
    tokens: Vec<String>,
    keys: VecDeque<String>,
    clock: Clock,
    next_license_id: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            tokens: None,
            clock: None,
            time_format: None,
            licenses: Vec::new(),
            families: None,
            keys: VecDeque::new(),
            hosting_allowed: true,
            list: Switches::default(),
            clock_ahead: 0,
            sites: sites::Setup::default(),
        }
    }
}

impl License {
    /// What the API tells about it.
    pub fn public(&self) -> Value {
        json!({
            "license_id": self.id,
            "license_key": self.key,
            "issued_at": self.issued_at,
            "revoked_at": self.revoked_at,
        })
    }
}

impl State {
    pub fn new(setup: Setup) -> Result<Self> {
        let tokens = setup
            .tokens
            .unwrap_or_else(|| DEFAULT_TOKENS.map(str::to_owned).to_vec());
        let mut state = Self {
            licenses: Vec::new(),
            sites: Sites::new(setup.sites),
            families: setup.families.unwrap_or_else(families::on_offer),
            hosting_allowed: setup.hosting_allowed,
            list: setup.list,
            order: None,
            generation: 0,
            tokens,
            keys: setup.keys,
            clock: Clock::new(
                setup.clock.as_deref(),
                setup.time_format.unwrap_or_default(),
                setup.clock_ahead,
            )?,
            next_license_id: FIRST_LICENSE_ID,
        };
        for license in setup.licenses {
            state.add(license);
        }
        Ok(state)
    }

    pub fn knows_token(&self, token: &str) -> bool {
        self.tokens.iter().any(|known| known == token)
    }

    /// Issues a license and returns it as the API tells it.
    pub fn issue(&mut self, token: &str, product: &str) -> Value {
        let license = License {
            id: self.next_license_id(),
            key: self.next_key(product),
            product: product.to_owned(),
            token: token.to_owned(),
            issued_at: self.clock.tick(),
            revoked_at: None,
            site: None,
            attached_at: None,
            by_api: true,
        };
        self.generation += 1;
        let public = license.public();
        self.licenses.push(license);
        public
    }

    /// The license, if the partner has it.
    pub fn license(&mut self, token: &str, key: &str) -> Option<&mut License> {
        self.any_license(key)
            .filter(|license| license.token == token)
    }

    /// The license, whoever has it.
    pub fn any_license(&mut self, key: &str) -> Option<&mut License> {
        self.generation += 1;
        self.licenses.iter_mut().find(|license| license.key == key)
    }

    /// The moment of an event.
    pub fn now(&mut self) -> String {
        self.clock.tick()
    }

    /// The time at Jetpack, without an event.
    pub fn date(&self) -> DateTime {
        self.clock.now()
    }

    /// The time as it is written into licenses.
    pub fn written(&self, at: DateTime) -> String {
        self.clock.written(at)
    }

    /// Issues licenses as somebody else would who has the same token.
    pub fn issue_elsewhere(&mut self, order: &Elsewhere) {
        let token = order.token.clone();
        let token = token.unwrap_or_else(|| self.tokens.first().cloned().unwrap_or_default());
        let now = self.date();
        for number in (0..order.count).rev() {
            let age = order.age + order.every * i64::from(number);
            let at = self.written(now.saturating_sub(age.seconds()));
            let id = self.next_license_id();
            self.licenses.push(License {
                id,
                key: format!("{}_{id:08}{}", order.product, random_part()),
                product: order.product.clone(),
                token: token.clone(),
                revoked_at: order.revoked.then(|| at.clone()),
                attached_at: order.site.is_some().then(|| at.clone()),
                issued_at: at,
                site: order.site.clone().map(Value::from),
                by_api: false,
            });
        }
        self.generation += 1;
    }

    /// Everything that happened was so many seconds earlier.
    pub fn move_back(&mut self, seconds: i64) {
        let clock = &self.clock;
        let earlier = |at: &mut String| {
            if let Some(moment) = moment(at) {
                *at = clock.written(moment.saturating_sub(seconds.seconds()));
            }
        };
        for license in &mut self.licenses {
            earlier(&mut license.issued_at);
            license.revoked_at.iter_mut().for_each(earlier);
            license.attached_at.iter_mut().for_each(earlier);
        }
        self.generation += 1;
    }

    fn add(&mut self, license: SetupLicense) {
        let first_token = self.tokens.first().cloned().unwrap_or_default();
        // A key starts with its product's slug, and no slug has an underscore.
        let slug = license.license_key.split('_').next().unwrap_or_default();
        let entry = License {
            id: self.id_of(license.license_id),
            product: license.product.unwrap_or_else(|| slug.to_owned()),
            key: license.license_key,
            token: license.token.unwrap_or(first_token),
            issued_at: license.issued_at,
            revoked_at: license.revoked_at,
            site: None,
            attached_at: None,
            by_api: false,
        };
        self.licenses.push(entry);
    }

    fn next_key(&mut self, product: &str) -> String {
        if let Some(key) = self.keys.pop_front() {
            return key;
        }
        loop {
            let key = format!("{product}_{}", random_part());
            if self.any_license(&key).is_none() {
                return key;
            }
        }
    }

    /// The id that a test gives, or the next; no later license gets it.
    fn id_of(&mut self, given: Option<u64>) -> u64 {
        let id = given.unwrap_or(self.next_license_id);
        self.next_license_id = self.next_license_id.max(id + 1);
        id
    }

    fn next_license_id(&mut self) -> u64 {
        let id = self.next_license_id;
        self.next_license_id += 1;
        id
    }
}

struct Clock {
    /// The time of the next event; None for the real one.
    next: Option<DateTime>,
    format: TimeFormat,
    /// Seconds.
    ahead: i64,
}

impl Clock {
    fn new(start: Option<&str>, format: TimeFormat, ahead: i64) -> Result<Self> {
        let next = start
            .map(|text| text.parse().with_context(|| format!("bad clock {text}")))
            .transpose()?;
        Ok(Self {
            next,
            format,
            ahead,
        })
    }

    fn tick(&mut self) -> String {
        let now = self.now();
        if let Some(next) = &mut self.next {
            *next = next.saturating_add(1.second());
        }
        self.written(now)
    }

    fn now(&self) -> DateTime {
        self.next.unwrap_or_else(|| {
            tz::Offset::UTC
                .to_datetime(Timestamp::now())
                .saturating_add(self.ahead.seconds())
        })
    }

    fn written(&self, at: DateTime) -> String {
        let form = match self.format {
            TimeFormat::Sql => "%Y-%m-%d %H:%M:%S",
            TimeFormat::Rfc3339 => "%Y-%m-%dT%H:%M:%S+00:00",
        };
        at.strftime(form).to_string()
    }
}

/// A time as licenses have it, whichever way it is written.
pub fn moment(text: &str) -> Option<DateTime> {
    text.get(..19)?.parse().ok()
}

fn random_part() -> String {
    let random = RandomState::new();
    let letters = KEY_ALPHABET.len() as u64;
    (0..25)
        .filter_map(|place| usize::try_from(random.hash_one(place) % letters).ok())
        .filter_map(|index| KEY_ALPHABET.get(index).copied().map(char::from))
        .collect()
}
