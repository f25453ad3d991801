//! The services and product addons of a server as the comparison knows them: about 200 bytes, beside the account's name.

use std::collections::HashSet;

use super::health::Health;
use super::observed::ObservedAccount;
use super::person::Person;
use crate::cometbackup::account::adoption::{self, Doubt};
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::user_name;
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::tables::account_index::{
    self, AccountIndex, IndexJob, OF_RECONCILIATION, RecordedAccount, Statements, UnrecordedService,
};
use crate::cometbackup::tables::deletions::Deletion;
use crate::service_id::ServiceId;
use crate::whmcs::ServiceStatus;
use crate::whmcs::services::Settings;

/// The reconciliation, as the job of an index.
pub struct Comparison;

pub type Index = AccountIndex<Comparison>;
pub type Entry = account_index::IndexedAccount<Comparison>;

/// A service or product addon, with what WHMCS and our table say of it.
#[derive(Default)]
pub struct ReconciledService {
    /// The row in our table; 0 without record.
    pub row: u64,
    /// `None` where it is not in WHMCS any more, or sold with another module.
    pub status: Option<ServiceStatus>,
    /// WHMCS has the service on another server now.
    pub is_moved: bool,
    /// The service's server now; 0 without.
    server_now: u32,
    /// The list of that server says more than this one's.
    pub is_left: bool,
    /// The entry that the account was recorded for.
    pub recorded_for: u32,
    /// Another service that names the account, where this one is over.
    pub claimed_by: Option<ServiceId>,
    /// The account waits to be deleted.
    pub deletion: Option<Deletion>,
    /// The last good backup and the last failure that are recorded; unix seconds.
    pub backups: [Option<i64>; 2],
    /// `None` without record.
    pub person: Option<Person>,
    /// The claim to the name of a service without record.
    pub claim: Option<Box<Claim>>,
}

/// The arguments for and against giving an account to a service without record.
#[derive(Debug)]
pub struct Claim {
    /// The user name column holds the name or the marker.
    pub is_in_column: bool,
    /// `TO_DAYS` of the registration date.
    pub registered: Option<i64>,
    /// What the rule of `adoption` says of it.
    pub doubts: Vec<Doubt>,
    /// The service that has the account.
    pub holder: Option<ServiceId>,
}

impl IndexJob for Comparison {
    const STATEMENTS: Statements = OF_RECONCILIATION;

    type Service = ReconciledService;
    type Observed = Box<ObservedAccount>;

    fn recorded(account: &RecordedAccount<'_>) -> Option<ReconciledService> {
        Some(ReconciledService {
            row: account.row(),
            status: account.status(),
            is_moved: account.is_moved(),
            server_now: account.server_now().unwrap_or_default(),
            recorded_for: account.place().entry,
            deletion: account.deletion(),
            backups: account.backups(),
            person: Some(Person::of(&account.client())),
            ..ReconciledService::default()
        })
    }

    fn unrecorded(service: &UnrecordedService<'_>) -> Option<(String, ReconciledService)> {
        let column = service.user_name();
        let name = user_name::of_the_php_module(&column, Some(&service.user_name_field()))
            .filter(|_| !service.had_account())
            .unwrap_or_default();
        let claim = Claim {
            is_in_column: adoption::is_in_column(&column, &name),
            registered: service.registered().map(i64::from),
            doubts: Vec::new(),
            holder: None,
        };
        let facts = ReconciledService {
            status: Some(service.status()),
            claim: Some(Box::new(claim)),
            ..ReconciledService::default()
        };
        Some((name, facts))
    }
}

impl Entry {
    /// Whether the list that was read is that of its Comet Server.
    pub fn is_compared(&self) -> bool {
        !self.service.is_left && self.standing == Standing::Same
    }

    /// Whether nothing is owed to anybody any more.
    pub fn is_over(&self) -> bool {
        self.service.status.is_none_or(ServiceStatus::is_over)
    }
}

impl Index {
    /// Leaves services that are on another of these server entries to the comparison with that one.
    pub fn leave(&mut self, entries: &HashSet<u32>, here: u32) {
        for entry in self.entries_mut() {
            let now = entry.service.server_now;
            entry.service.is_left = now != here && entries.contains(&now);
        }
    }

    /// Returns how many are compared here.
    pub fn compared(&self) -> usize {
        let entries = self.entries().iter();
        entries.filter(|entry| !entry.service.is_left).count()
    }

    /// Keeps what the list says of an account. False where no service here has the name.
    pub fn observe(&mut self, account: &ListedAccount, settings: &Settings) -> bool {
        let Some(entry) = self.named(&account.name) else {
            return false;
        };
        let option = ModuleSettings::read(
            &settings
                .get(&entry.definition())
                .cloned()
                .unwrap_or_default(),
        );
        let mut observed =
            ObservedAccount::new(account, entry.guid, entry.vault, option.vault_quota);
        if option.backup_overdue.is_some() {
            observed.health = Some(Box::new(Health::of(
                account,
                entry.vault,
                option.vault_quota,
            )));
        }
        if let Some(person) = &entry.service.person {
            observed.contact = person.differs(account);
        }
        // A planned account may have the name of somebody else's, which an unrecorded service claims.
        entry.observed = Some(Box::new(observed));
        true
    }
}

#[cfg(test)]
impl ReconciledService {
    /// Of a recorded service of this status; `None` is gone from WHMCS.
    pub fn of_status(status: Option<ServiceStatus>) -> Self {
        Self {
            row: 1,
            status,
            server_now: 1,
            recorded_for: 1,
            ..Self::default()
        }
    }
}
