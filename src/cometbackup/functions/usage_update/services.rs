//! The services and product addons that get the figures of the accounts on a server.

use super::ObservedUsage;
use crate::cometbackup::account::adoption::{
    self, AdoptionVerdict, ClaimEvidence, UnrecordedAccount,
};
use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::account::user_name::{self, MARKER};
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::comet::server_identity::{ServerPlace, Standing};
use crate::cometbackup::tables::account_index::{
    self, AccountIndex, IndexJob, OF_USAGE, RecordedAccount, Statements, UnrecordedService,
};
use crate::cometbackup::tables::claims::Claims;
use crate::database::{Database, SqlError};
use crate::service_id::ServiceId;
use crate::whmcs::ServiceStatus;
use crate::whmcs::services::PAGE;

/// The daily import, as the job of an index.
pub struct Import;

pub type Index = AccountIndex<Import>;
pub type Entry = account_index::IndexedAccount<Import>;

/// A service or product addon that may get figures.
pub struct ImportedService {
    pub vault_quota: VaultQuota,
    pub column: Column,
    /// Whether the service is in use or suspended.
    pub is_live: bool,
    /// `TO_DAYS` of the registration date, of a service without record.
    registered: Option<i32>,
}

/// The content of a service's user name column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The name of its account, to the letter.
    Name,
    /// The PHP module's marker.
    Marker,
    Other,
}

impl Column {
    pub fn of(stored: &str, name: &str) -> Self {
        match stored {
            stored if stored == name => Self::Name,
            stored if stored.trim() == MARKER => Self::Marker,
            _ => Self::Other,
        }
    }
}

impl IndexJob for Import {
    const STATEMENTS: Statements = OF_USAGE;

    type Service = ImportedService;
    type Observed = ObservedUsage;

    fn recorded(account: &RecordedAccount<'_>) -> Option<ImportedService> {
        let is_of_this_server =
            !account.is_planned() && !account.is_moved() && account.status().is_some();
        is_of_this_server.then(|| ImportedService {
            vault_quota: vault_quota(account.vault_quota().as_deref()),
            column: Column::of(&account.in_column(), &account.user_name()),
            is_live: account.status().is_some_and(ServiceStatus::is_live),
            registered: None,
        })
    }

    fn unrecorded(service: &UnrecordedService<'_>) -> Option<(String, ImportedService)> {
        let column = service.user_name();
        let name = user_name::of_the_php_module(&column, Some(&service.user_name_field()))?;
        let is_the_services = !service.had_account() && adoption::is_in_column(&column, &name);
        is_the_services.then(|| {
            let facts = ImportedService {
                vault_quota: vault_quota(service.vault_quota().as_deref()),
                column: Column::of(&column, &name),
                is_live: service.status().is_live(),
                registered: service.registered(),
            };
            (name, facts)
        })
    }
}

/// Reads them, or one of them, and gives up the claims to an account that others have as well. Three statements, and four for 500
/// services of which no account is recorded.
pub fn read(
    database: &mut Database,
    server: u32,
    only: Option<ServiceId>,
) -> Result<Index, SqlError> {
    let here = ServerPlace {
        entry: server,
        ..ServerPlace::default()
    };
    let mut index = Index::read(database, &here, None, only)?;
    for page in index.entries_mut().chunks_mut(PAGE) {
        let names = page.iter().filter(|entry| !entry.is_recorded());
        let names: Vec<&str> = names.map(|entry| entry.name.as_ref()).collect();
        let claims = Claims::read(database, &names, &[])?;
        for entry in page.iter_mut().filter(|entry| !entry.is_recorded()) {
            let others = claims.others(&entry.name, Some(entry.service_id));
            entry.is_disputed |= !others.is_empty();
        }
    }
    Ok(index)
}

/// Whether any account is of interest: else the server is not asked.
pub fn has_any(index: &Index) -> bool {
    index.entries().iter().any(|entry| !entry.is_disputed)
}

/// Returns the entry whose account it is. An account that was deleted and created again under the name is that of none.
pub fn entry_of<'a>(index: &'a mut Index, account: &ListedAccount) -> Option<&'a mut Entry> {
    index
        .named(&account.name)
        .filter(|entry| is_account_of(entry, account))
}

fn is_account_of(entry: &Entry, account: &ListedAccount) -> bool {
    if !entry.is_recorded() {
        return !entry.is_disputed && may_be(&entry.service, account);
    }
    entry.is_account(&account.creation_guid)
}

/// The rest of the rule of `adoption`, where nobody else names the account.
fn may_be(service: &ImportedService, account: &ListedAccount) -> bool {
    let evidence = ClaimEvidence {
        is_in_column: true,
        registered: service.registered.map(i64::from),
        ..ClaimEvidence::default()
    };
    let found = UnrecordedAccount {
        created_at: account.created_at,
        ..UnrecordedAccount::default()
    };
    adoption::judge(&evidence, &found) == AdoptionVerdict::ByItself
}

/// Services that were recorded for another entry, and whose accounts the list does not have.
pub fn left_out(index: &Index) -> impl Iterator<Item = ServiceId> {
    let entries = index.entries().iter();
    entries
        .filter(|entry| entry.standing != Standing::Same && entry.observed.is_none())
        .map(|entry| entry.service_id)
}

fn vault_quota(setting: Option<&str>) -> VaultQuota {
    VaultQuota::read(setting.map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::tables::account_index::RecordState;
    use crate::cometbackup::tables::fingerprint::Fingerprint;

    const DAY: i64 = 24 * 60 * 60;
    /// `TO_DAYS` of 1970-01-11.
    const REGISTERED: i32 = 719_538;

    fn entry(record: RecordState, standing: Standing, guid: Option<&str>) -> Entry {
        let facts = ImportedService {
            vault_quota: VaultQuota::Provided,
            column: Column::Name,
            is_live: true,
            registered: (record == RecordState::None).then_some(REGISTERED),
        };
        let mut entry = Entry::of_service("ada", 6, record, facts);
        entry.standing = standing;
        entry.guid = guid.map(Fingerprint::of);
        entry
    }

    fn is_found(entry: Entry, guid: &str, created_at: i64) -> bool {
        let account = ListedAccount {
            name: "ada".into(),
            creation_guid: guid.into(),
            created_at,
            ..ListedAccount::default()
        };
        entry_of(&mut Index::new(vec![entry]), &account).is_some()
    }

    #[test]
    fn an_account_that_was_created_again_is_not_the_recorded_one() {
        let here = |recorded| entry(RecordState::Created, Standing::Same, recorded);
        assert!(is_found(here(Some("g")), "g", 1));
        assert!(is_found(here(Some("g")), "", 1), "the server does not say");
        assert!(is_found(here(None), "g", 1), "none is recorded yet");
        assert!(!is_found(here(Some("g")), "another", 1));
    }

    #[test]
    fn only_its_identity_says_that_an_account_recorded_for_another_entry_is_here() {
        let elsewhere = |recorded| entry(RecordState::Created, Standing::Unconfirmed, recorded);
        assert!(is_found(elsewhere(Some("g")), "g", 1));
        assert!(!is_found(elsewhere(Some("g")), "", 1));
        assert!(!is_found(elsewhere(None), "g", 1));
    }

    #[test]
    fn an_unrecorded_account_is_not_older_than_its_service_and_not_in_dispute() {
        let unrecorded = || entry(RecordState::None, Standing::Same, None);
        assert!(is_found(unrecorded(), "g", 10 * DAY));
        assert!(!is_found(unrecorded(), "g", 8 * DAY));
        let mut disputed = unrecorded();
        disputed.is_disputed = true;
        assert!(!is_found(disputed, "g", 10 * DAY));
    }

    #[test]
    fn an_entry_is_small() {
        assert!(size_of::<Entry>() <= 128, "{}", size_of::<Entry>());
    }
}
