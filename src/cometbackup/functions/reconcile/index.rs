//! All there is in WHMCS and in our table about one server, by the names of accounts, and beside each what the
//! server's list says of it: about 200 bytes for a service.

mod statements;

use std::collections::HashSet;

use mysql::Row;

use crate::cometbackup::account::adoption::{self, Doubt};
use crate::cometbackup::account::settings::Options;
use crate::cometbackup::account::user_name;
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::comet::server_identity::{
    self, Confirmation, Place, ServerIdentity, Standing,
};
use crate::cometbackup::functions::reconcile::observed::Observed;
use crate::cometbackup::functions::reconcile::person::Person;
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::ServiceStatus;
use crate::whmcs::services::{ProductRef, Settings};
use statements::{ADDONS, ANY, SERVICES, UNRECORDED_ADDONS, UNRECORDED_SERVICES};

const TASK: &str = "read the services of a server";

/// What our table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    Created,
    Planned,
    /// Nothing: an account of the PHP module, found by its name.
    None,
}

#[derive(Debug)]
pub struct Entry {
    /// Empty where nothing names the account.
    pub name: Box<str>,
    /// In our table; 0 without record.
    pub row: u64,
    pub service_id: ServiceId,
    pub definition: ProductRef,
    /// `None` where it is not in WHMCS any more, or sold with another module.
    pub status: Option<ServiceStatus>,
    pub record: Record,
    /// WHMCS has the service on another server now.
    pub is_moved: bool,
    /// The service's server now; 0 without.
    pub server_now: u32,
    /// The list of that server says more than this one's.
    pub is_left: bool,
    /// Another service names the account, whose own service is over.
    pub claimed_by: Option<ServiceId>,
    /// Whether it was recorded on this server.
    pub standing: Standing,
    /// The entry that it was recorded for.
    pub recorded_for: u32,
    /// Several services claim the name, and it is recorded for none or for another one.
    pub is_disputed: bool,
    pub guid: Option<Fingerprint>,
    pub vault: Option<Fingerprint>,
    pub seen: Option<Box<Observed>>,
    /// `None` without record.
    pub person: Option<Person>,
    /// Of a service without record: what WHMCS says of its claim to the name.
    pub claim: Option<Box<Claim>>,
}

/// The user name column holds the name or the marker; `TO_DAYS` of the registration date; and what the rule of
/// `adoption` says of it.
#[derive(Debug)]
pub struct Claim {
    pub is_in_column: bool,
    pub registered: Option<i64>,
    pub doubts: Vec<Doubt>,
    /// The service that has the account.
    pub holder: Option<ServiceId>,
}

impl Entry {
    /// The list that was asked for is that of its Comet Server.
    pub fn is_compared(&self) -> bool {
        !self.is_left && self.standing == Standing::Same
    }

    /// Nothing is owed to anybody any more.
    pub fn is_over(&self) -> bool {
        self.status.is_none_or(ServiceStatus::is_over)
    }
}

/// A statement, whether it is about product addons, and what its rows become.
type Part = (
    &'static str,
    bool,
    fn(&Row, &Place, Option<&Confirmation>) -> Entry,
);

#[derive(Debug, Default)]
pub struct Book {
    /// By name; of a name, the recorded one first.
    entries: Vec<Entry>,
}

impl Book {
    /// Of all services, or of one.
    pub fn read(
        database: &mut Database,
        here: &Place,
        confirmed: Option<&Confirmation>,
        only: Option<ServiceId>,
    ) -> Result<Self, SqlError> {
        match Self::load(database, here, confirmed, only) {
            Err(fault) if fault.is_missing_schema() => {
                accounts::prepare(database)?;
                Self::load(database, here, confirmed, only)
            }
            book => book,
        }
    }

    fn load(
        database: &mut Database,
        here: &Place,
        confirmed: Option<&Confirmation>,
        only: Option<ServiceId>,
    ) -> Result<Self, SqlError> {
        let mut entries = Vec::new();
        let parts: [Part; 4] = [
            (SERVICES, false, recorded),
            (UNRECORDED_SERVICES, false, unrecorded),
            (ADDONS, true, recorded),
            (UNRECORDED_ADDONS, true, unrecorded),
        ];
        for (statement, of_addons, entry) in parts {
            if only.is_some_and(|service_id| (service_id.addon() > 0) != of_addons) {
                continue;
            }
            let only = only.map_or(0, ServiceId::number);
            let parameters = params! {
                "server" => here.entry, "only" => only, "live" => ServiceStatus::live_words(),
            };
            database.query_each(TASK, statement, parameters, |row| {
                entries.push(entry(row, here, confirmed));
            })?;
        }
        Ok(Self::new(entries))
    }

    fn new(mut entries: Vec<Entry>) -> Self {
        let is_unrecorded = |entry: &Entry| entry.record == Record::None;
        // What was recorded on this server comes before what was recorded on another.
        let rank = |entry: &Entry| (is_unrecorded(entry), entry.standing != Standing::Same);
        entries.sort_unstable_by(|a, b| (&a.name, rank(a)).cmp(&(&b.name, rank(b))));
        for of_a_name in entries.chunk_by_mut(|a, b| a.name == b.name) {
            if of_a_name.len() == 1 || of_a_name.first().is_some_and(|entry| entry.name.is_empty())
            {
                continue;
            }
            for entry in of_a_name.iter_mut().filter(|entry| is_unrecorded(entry)) {
                entry.is_disputed = true;
            }
        }
        Self { entries }
    }

    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether a server may have any: what decides that nobody asks it.
    pub fn has_entries(database: &mut Database, server: u32) -> Result<bool, SqlError> {
        let any = |database: &mut Database| {
            let parameters = params! { "server" => server };
            database.query(TASK, ANY, parameters, |row| column::<bool>(row, 0))
        };
        let rows = match any(database) {
            Err(fault) if fault.is_missing_schema() => {
                accounts::prepare(database)?;
                any(database)
            }
            rows => rows,
        };
        Ok(rows?.contains(&true))
    }

    /// Services that are on another of these entries are compared with the list of that one.
    pub fn leave(&mut self, entries: &HashSet<u32>, here: u32) {
        for entry in &mut self.entries {
            entry.is_left = entry.server_now != here && entries.contains(&entry.server_now);
        }
    }

    /// Those that are compared here.
    pub fn compared(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.is_left).count()
    }

    pub fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }

    /// Takes down what the list says. False where the name is nobody's here.
    pub fn note(&mut self, account: &ListedAccount, settings: &Settings) -> bool {
        let name = account.name.as_str();
        let first = self
            .entries
            .partition_point(|entry| entry.name.as_ref() < name);
        let Some(entry) = self.entries.get_mut(first) else {
            return false;
        };
        if entry.name.as_ref() != name {
            return false;
        }
        let option = Options::read(&settings.get(&entry.definition).cloned().unwrap_or_default());
        let mut seen = Observed::new(account, entry.guid, entry.vault, option.vault_quota);
        if let Some(person) = &entry.person {
            seen.contact = person.differs(account);
        }
        // A plan may have the name of somebody else's account, which an unrecorded service claims.
        entry.seen = Some(Box::new(seen));
        true
    }
}

fn recorded(row: &Row, here: &Place, confirmed: Option<&Confirmation>) -> Entry {
    let place = Place {
        entry: column(row, 11),
        server: ServerIdentity {
            hash: column(row, 20),
            address: column(row, 21),
        },
    };
    let standing = server_identity::standing(&place, here, confirmed);
    let print = |at| {
        let text: Option<String> = column(row, at);
        text.filter(|text| !text.is_empty())
            .map(|text| Fingerprint::of(&text))
    };
    let (service, addon): (u32, u32) = (column(row, 1), column(row, 2));
    let is_ours: bool = column(row, 10);
    let status: String = column(row, 8);
    let server_now: Option<u32> = column(row, 9);
    Entry {
        row: column(row, 0),
        name: column::<String>(row, 3).into(),
        service_id: service_id(service, addon),
        definition: definition(addon, column(row, 7)),
        status: is_ours.then(|| ServiceStatus::named(&status)),
        record: if column::<String>(row, 6) == "planned" {
            Record::Planned
        } else {
            Record::Created
        },
        is_moved: server_now.is_some_and(|now| now != here.entry),
        server_now: server_now.unwrap_or_default(),
        is_left: false,
        claimed_by: None,
        standing,
        recorded_for: place.entry,
        is_disputed: false,
        guid: print(4),
        vault: print(5),
        seen: None,
        claim: None,
        person: Some(Person::read(row, 12)),
    }
}

fn unrecorded(row: &Row, _: &Place, _: Option<&Confirmation>) -> Entry {
    let text = |at| decode_entities(&column::<Option<String>>(row, at).unwrap_or_default());
    let (service, addon): (u32, u32) = (column(row, 0), column(row, 1));
    let had_one: bool = column(row, 6);
    let user_name = text(2);
    // The PHP module's name is that of an account that has ended.
    let name = user_name::of_the_php_module(&user_name, Some(&text(3)))
        .filter(|_| !had_one)
        .unwrap_or_default();
    let claim = Claim {
        is_in_column: adoption::is_in_column(&user_name, &name),
        registered: column(row, 7),
        doubts: Vec::new(),
        holder: None,
    };
    Entry {
        row: 0,
        name: name.into(),
        service_id: service_id(service, addon),
        definition: definition(addon, column(row, 4)),
        status: Some(ServiceStatus::named(&column::<String>(row, 5))),
        record: Record::None,
        is_moved: false,
        server_now: 0,
        is_left: false,
        claimed_by: None,
        standing: Standing::Same,
        recorded_for: 0,
        is_disputed: false,
        guid: None,
        vault: None,
        seen: None,
        claim: Some(Box::new(claim)),
        person: None,
    }
}

const fn service_id(service: u32, addon: u32) -> ServiceId {
    if addon > 0 {
        ServiceId::Addon { id: addon, service }
    } else {
        ServiceId::Service(service)
    }
}

const fn definition(addon: u32, id: u32) -> ProductRef {
    if addon > 0 {
        ProductRef::Addon(id)
    } else {
        ProductRef::Product(id)
    }
}
