//! The services and product addons of one server by the names of their accounts, for the jobs that read the server's
//! whole list: the daily import of disk usage and the reconciliation.
//!
//! Both read the same statements. What they make of a row differs, each for a reason:
//!
//! | row | import | reconciliation |
//! |---|---|---|
//! | an account that is planned | left out: its name may be that of somebody else's account | asks what became of the request |
//! | service deleted, of another module, or on another entry now | left out: these are not its figures to write | reported |
//! | service without record, as the PHP module leaves them | has figures where its own user name column names the account | recorded, or shown to staff, by the rule of `adoption` |
//! | product addon without record | not read: it has no such column. A custom field is what customers fill in, and that is for staff to judge | shown to staff |
//! | which Comet Server it is | the entry alone: no statement and no request more, and nothing is changed there | license and address as well |

mod statements;

use mysql::Row;

use crate::clock;
use crate::cometbackup::comet::server_identity::{
    self, Confirmation, ServerIdentity, ServerPlace, Standing,
};
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::deletions::Deletion;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::services::ProductRef;
use crate::whmcs::{Client, ServiceStatus};
pub use statements::{OF_RECONCILIATION, OF_USAGE, Statements};

const TASK: &str = "read the services of a server";

/// A job that reads the index, and what it keeps of each service.
pub trait IndexJob {
    const STATEMENTS: Statements;

    /// What WHMCS and our table say of the service, beside what every entry holds.
    type Service;
    /// What the server's list says of the account.
    type Observed;

    /// Returns what is kept of a recorded account; `None` leaves it out.
    fn recorded(account: &RecordedAccount<'_>) -> Option<Self::Service>;

    /// Returns also the name under which the PHP module created the account, empty where nothing names it. `None` leaves
    /// the service out.
    fn unrecorded(service: &UnrecordedService<'_>) -> Option<(String, Self::Service)>;
}

/// The index, by name; of several entries with one name those that are recorded on this server come first.
pub struct AccountIndex<J: IndexJob> {
    entries: Vec<IndexedAccount<J>>,
}

/// An account of the index with its service.
pub struct IndexedAccount<J: IndexJob> {
    /// Empty where nothing names the account.
    pub name: Box<str>,
    pub service_id: ServiceId,
    definition: u32,
    pub record: RecordState,
    /// Whether it was recorded on this server.
    pub standing: Standing,
    /// Several services claim the name, and it is recorded for none or for another one.
    pub is_disputed: bool,
    pub guid: Option<Fingerprint>,
    pub vault: Option<Fingerprint>,
    pub service: J::Service,
    /// `None` where the list does not name it.
    pub observed: Option<J::Observed>,
}

/// The state of an account in our table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    Created,
    Planned,
    /// Nothing: an account of the PHP module, found by its name.
    None,
}

/// An account of our table with its service, if WHMCS still has it.
pub struct RecordedAccount<'a> {
    row: &'a Row,
    here: &'a ServerPlace,
}

/// A service or product addon in use of which our table has no account.
pub struct UnrecordedService<'a>(&'a Row);

/// The client of a service as WHMCS has it, and what is recorded of the one the account was created for.
pub struct RecordedClient {
    pub id: u32,
    pub client: Client,
    /// 0 where it was never seen.
    pub created_for: u32,
    pub email_hash: Option<String>,
    pub name_hash: Option<String>,
}

impl<J: IndexJob> AccountIndex<J> {
    /// Reads the index of all services, or of one.
    pub fn read(
        database: &mut Database,
        here: &ServerPlace,
        confirmed: Option<&Confirmation>,
        only: Option<ServiceId>,
    ) -> Result<Self, SqlError> {
        database.with_schema(accounts::prepare, |database| {
            Self::load(database, here, confirmed, only)
        })
    }

    fn load(
        database: &mut Database,
        here: &ServerPlace,
        confirmed: Option<&Confirmation>,
        only: Option<ServiceId>,
    ) -> Result<Self, SqlError> {
        let mut entries = Vec::new();
        let number = only.map_or(0, ServiceId::number);
        let parameters = params! {
            "server" => here.entry, "only" => number, "live" => ServiceStatus::live_words(),
        };
        for (kind, of_addons) in [
            (J::STATEMENTS.services, false),
            (J::STATEMENTS.addons, true),
        ] {
            if only.is_some_and(|service_id| (service_id.addon() > 0) != of_addons) {
                continue;
            }
            database.query_each(TASK, kind.recorded, parameters.clone(), |row| {
                let account = RecordedAccount { row, here };
                entries.extend(IndexedAccount::recorded(&account, confirmed));
            })?;
            if let Some(statement) = kind.unrecorded {
                database.query_each(TASK, statement, parameters.clone(), |row| {
                    entries.extend(IndexedAccount::unrecorded(&UnrecordedService(row)));
                })?;
            }
        }
        Ok(Self::new(entries))
    }

    /// Sorts them, and marks the names that several services claim.
    pub fn new(mut entries: Vec<IndexedAccount<J>>) -> Self {
        let rank =
            |entry: &IndexedAccount<J>| (!entry.is_recorded(), entry.standing != Standing::Same);
        entries.sort_unstable_by(|a, b| (&a.name, rank(a)).cmp(&(&b.name, rank(b))));
        for of_a_name in entries.chunk_by_mut(|a, b| a.name == b.name) {
            if of_a_name.len() == 1 || of_a_name.first().is_some_and(|entry| entry.name.is_empty())
            {
                continue;
            }
            for entry in of_a_name.iter_mut().filter(|entry| !entry.is_recorded()) {
                entry.is_disputed = true;
            }
        }
        Self { entries }
    }

    pub fn entries(&self) -> &[IndexedAccount<J>] {
        &self.entries
    }

    pub fn entries_mut(&mut self) -> &mut [IndexedAccount<J>] {
        &mut self.entries
    }

    /// Returns the first entry of a name on the server's list: the recorded one, where there is one.
    pub fn named(&mut self, name: &str) -> Option<&mut IndexedAccount<J>> {
        let first = self
            .entries
            .partition_point(|entry| entry.name.as_ref() < name);
        let entry = self.entries.get_mut(first);
        entry.filter(|entry| entry.name.as_ref() == name)
    }
}

impl<J: IndexJob> IndexedAccount<J> {
    fn recorded(account: &RecordedAccount<'_>, confirmed: Option<&Confirmation>) -> Option<Self> {
        let RecordedAccount { row, here } = account;
        let fingerprint = |name| {
            let text: String = column(row, name);
            (!text.is_empty()).then(|| Fingerprint::of(&text))
        };
        Some(Self {
            service: J::recorded(account)?,
            name: column::<String>(row, "username").into(),
            service_id: service_id(row),
            definition: column(row, "definition"),
            record: if account.is_planned() {
                RecordState::Planned
            } else {
                RecordState::Created
            },
            standing: server_identity::standing(&account.place(), here, confirmed),
            is_disputed: false,
            guid: fingerprint("creation_guid"),
            vault: fingerprint("vault_id"),
            observed: None,
        })
    }

    fn unrecorded(service: &UnrecordedService<'_>) -> Option<Self> {
        let (name, of_job) = J::unrecorded(service)?;
        Some(Self {
            service: of_job,
            name: name.into(),
            service_id: service_id(service.0),
            definition: column(service.0, "definition"),
            record: RecordState::None,
            standing: Standing::Same,
            is_disputed: false,
            guid: None,
            vault: None,
            observed: None,
        })
    }

    pub fn is_recorded(&self) -> bool {
        self.record != RecordState::None
    }

    /// Whether the recorded account is the one of its name with this identity, which the server's list says.
    pub fn is_account(&self, listed: &str) -> bool {
        match self.guid {
            Some(recorded) => {
                recorded == Fingerprint::of(listed)
                    || self.standing == Standing::Same && listed.is_empty()
            }
            None => self.standing == Standing::Same,
        }
    }

    /// Returns what was sold.
    pub const fn definition(&self) -> ProductRef {
        match self.service_id {
            ServiceId::Service(_) => ProductRef::Product(self.definition),
            ServiceId::Addon { .. } => ProductRef::Addon(self.definition),
        }
    }
}

impl RecordedAccount<'_> {
    pub fn row(&self) -> u64 {
        column(self.row, "row_id")
    }

    pub fn is_planned(&self) -> bool {
        column::<String>(self.row, "state") == "planned"
    }

    /// Returns where it was recorded.
    pub fn place(&self) -> ServerPlace {
        ServerPlace {
            entry: column(self.row, "server_id"),
            server: ServerIdentity {
                hash: column(self.row, "server_hash"),
                address: column(self.row, "server_address"),
            },
        }
    }

    /// Returns the status; `None` where the service is not in WHMCS any more, or sold with another module.
    pub fn status(&self) -> Option<ServiceStatus> {
        let status: String = column(self.row, "status");
        column::<bool>(self.row, "is_of_module").then(|| ServiceStatus::named(&status))
    }

    /// Returns the server that WHMCS has the service on; `None` without service.
    pub fn server_now(&self) -> Option<u32> {
        column(self.row, "server_now")
    }

    /// Whether WHMCS has the service on another server now.
    pub fn is_moved(&self) -> bool {
        self.server_now().is_some_and(|now| now != self.here.entry)
    }

    /// Returns module setting 6; read for the import only, as in [`UnrecordedService`].
    pub fn vault_quota(&self) -> Option<String> {
        column(self.row, "vault_quota")
    }

    /// Returns the user name column as it is; empty for a product addon. Read for the import only.
    pub fn in_column(&self) -> String {
        column(self.row, "in_column")
    }

    /// Returns the name of the account.
    pub fn user_name(&self) -> String {
        column(self.row, "username")
    }

    /// Returns the pending deletion; read for the reconciliation only, as is the client.
    pub fn deletion(&self) -> Option<Deletion> {
        let state: String = column(self.row, "delete_state");
        Deletion::of(column(self.row, "delete_days"), &state)
    }

    /// Returns the last good backup and the last failure that are recorded, in unix seconds.
    pub fn backups(&self) -> [Option<i64>; 2] {
        ["good_backup_at", "failed_backup_at"].map(|name| {
            let stored: Option<String> = column(self.row, name);
            stored.and_then(|at| clock::unix(&at))
        })
    }

    pub fn client(&self) -> RecordedClient {
        let text = |name| text(self.row, name);
        RecordedClient {
            id: column(self.row, "client"),
            client: Client {
                email: text("email"),
                first_name: text("firstname"),
                last_name: text("lastname"),
                company: text("companyname"),
                ..Client::default()
            },
            created_for: column(self.row, "client_id"),
            email_hash: column(self.row, "email_hash"),
            name_hash: column(self.row, "name_hash"),
        }
    }
}

impl UnrecordedService<'_> {
    /// Returns the user name column of a service; empty for a product addon.
    pub fn user_name(&self) -> String {
        text(self.0, "username")
    }

    /// Returns the custom field Username.
    pub fn user_name_field(&self) -> String {
        text(self.0, "field")
    }

    /// Whether it had one that has ended: what names it then is the name of that one.
    pub fn had_account(&self) -> bool {
        column(self.0, "had_account")
    }

    pub fn status(&self) -> ServiceStatus {
        ServiceStatus::named(&column::<String>(self.0, "status"))
    }

    /// Returns `TO_DAYS` of the registration date.
    pub fn registered(&self) -> Option<i32> {
        column(self.0, "registered")
    }

    pub fn vault_quota(&self) -> Option<String> {
        column(self.0, "vault_quota")
    }
}

/// Whether a server may have any account: what decides that it is not asked.
pub fn has_accounts(database: &mut Database, server: u32) -> Result<bool, SqlError> {
    let rows = database.with_schema(accounts::prepare, |database| {
        let parameters = params! { "server" => server };
        database.query(TASK, statements::ANY, parameters, |row| {
            column::<bool>(row, 0)
        })
    })?;
    Ok(rows.contains(&true))
}

fn text(row: &Row, name: &str) -> String {
    decode_entities(&column::<String>(row, name))
}

fn service_id(row: &Row) -> ServiceId {
    ServiceId::from_columns(column(row, "service_id"), column(row, "addon_id"))
}

#[cfg(test)]
impl<J: IndexJob> IndexedAccount<J> {
    pub fn of_service(name: &str, id: u32, record: RecordState, service: J::Service) -> Self {
        Self {
            name: name.into(),
            service_id: ServiceId::Service(id),
            definition: 20,
            record,
            standing: Standing::Same,
            is_disputed: false,
            guid: None,
            vault: None,
            service,
            observed: None,
        }
    }
}

#[cfg(test)]
mod tests;
