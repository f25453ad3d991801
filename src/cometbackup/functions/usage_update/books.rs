//! Which services and product addons have an account on one server, by its name: about 90 bytes each.

use mysql::Row;

use super::Usage;
use crate::cometbackup::account::adoption::{self, Evidence, Found, Verdict};
use crate::cometbackup::account::settings::VaultQuota;
use crate::cometbackup::account::user_name;
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::claims::Claims;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::services::PAGE;
use crate::whmcs::{ServiceStatus, name_in_sql};

const TASK: &str = "read the services of a server";

/// Columns: name, identity, vault, setting 6, id, addon definition, whether it was recorded for another entry.
const SERVICES: &str =
    "SELECT a.username, a.creation_guid, a.vault_id, p.configoption6, h.id, 0, a.server_id<>:server
    FROM mod_cometbackup_accounts a
    JOIN tblhosting h ON h.id=a.service_id
    JOIN tblproducts p ON p.id=h.packageid
    WHERE a.addon_id=0 AND a.state='created'
      AND h.server=:server AND p.servertype='cometbackup'";

const ADDONS: &str =
    "SELECT a.username, a.creation_guid, a.vault_id, c.value, o.id, d.id, a.server_id<>:server
    FROM mod_cometbackup_accounts a
    JOIN tblhostingaddons o ON o.id=a.addon_id
    JOIN tbladdons d ON d.id=o.addonid
    LEFT JOIN tblmodule_configuration c
      ON c.entity_type='addon' AND c.entity_id=d.id AND c.setting_name='configoption6'
    WHERE a.addon_id>0 AND a.state='created'
      AND o.server=:server AND d.module='cometbackup'";

/// Live services of the PHP module that had no account of ours yet. Columns: user name, custom field, setting 6, id,
/// registration.
const UNRECORDED: &str = concat!(
    "SELECT h.username, v.value, p.configoption6, h.id, TO_DAYS(h.regdate)
    FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    LEFT JOIN (SELECT relid, MIN(id) AS id FROM tblcustomfields
      WHERE type='product' AND ",
    name_in_sql!("fieldname"),
    "='Username' GROUP BY relid) f
      ON f.relid=h.packageid
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=h.id
    LEFT JOIN mod_cometbackup_accounts a ON a.service_id=h.id AND a.addon_id=0
    WHERE h.server=:server AND FIND_IN_SET(h.domainstatus, :live)
      AND p.servertype='cometbackup' AND a.id IS NULL"
);

/// Entries by name; each name stands once.
pub struct Books(Vec<Entry>);

/// What our table says of the account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Record {
    Here,
    /// For another entry of WHMCS: only its identity says whether it is here.
    Elsewhere,
    None,
}

pub struct Entry {
    name: Box<str>,
    /// Of a service, or of an addon.
    pub id: u32,
    /// The addon's definition; 0 for a service.
    pub definition: u32,
    guid: Option<Fingerprint>,
    vault: Option<Fingerprint>,
    all_vaults: bool,
    record: Record,
    is_disputed: bool,
    /// `TO_DAYS` of the registration date, of a service without record.
    registered: Option<i32>,
    pub usage: Option<Usage>,
}

impl Books {
    pub fn read(database: &mut Database, server: u32) -> Result<Self, SqlError> {
        match Self::load(database, server) {
            Err(fault) if fault.is_missing_schema() => {
                accounts::prepare(database)?;
                Self::load(database, server)
            }
            books => books,
        }
    }

    fn load(database: &mut Database, server: u32) -> Result<Self, SqlError> {
        let mut entries = Vec::new();
        for statement in [SERVICES, ADDONS] {
            let parameters = params! { "server" => server };
            database.query_each(TASK, statement, parameters, |row| {
                entries.push(Entry::recorded(row));
            })?;
        }
        let parameters = params! { "server" => server, "live" => ServiceStatus::live_words() };
        database.query_each(TASK, UNRECORDED, parameters, |row| {
            entries.extend(Entry::unrecorded(row));
        })?;
        let mut books = Self::new(entries);
        books.leave_out_what_others_name(database)?;
        Ok(books)
    }

    /// Figures of an account that is not recorded are only for the service that the rule of `adoption` gives it to.
    fn leave_out_what_others_name(&mut self, database: &mut Database) -> Result<(), SqlError> {
        for page in self.0.chunks_mut(PAGE) {
            let names = page.iter().filter(|entry| !entry.is_recorded());
            let names: Vec<&str> = names.map(|entry| entry.name.as_ref()).collect();
            let claims = Claims::read(database, &names, &[])?;
            for entry in page.iter_mut().filter(|entry| !entry.is_recorded()) {
                let service_id = ServiceId::Service(entry.id);
                entry.is_disputed = !claims.others(&entry.name, Some(service_id)).is_empty();
            }
        }
        self.0.retain(|entry| !entry.is_disputed);
        Ok(())
    }

    /// A name that is recorded is nobody else's, and one that two services claim is neither's.
    fn new(mut entries: Vec<Entry>) -> Self {
        let rank = |entry: &Entry| (!entry.is_recorded(), entry.record == Record::Elsewhere);
        entries.sort_unstable_by(|a, b| (&a.name, rank(a)).cmp(&(&b.name, rank(b))));
        entries.dedup_by(|next, kept| {
            let same = next.name == kept.name;
            kept.is_disputed |= same && !kept.is_recorded();
            same
        });
        entries.retain(|entry| !entry.is_disputed);
        Self(entries)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Services that were recorded for another entry, and whose accounts the list does not have.
    pub fn left_out(&self) -> impl Iterator<Item = ServiceId> {
        let entries = self.0.iter();
        let is_left_out =
            |entry: &&Entry| entry.record == Record::Elsewhere && entry.usage.is_none();
        entries
            .filter(is_left_out)
            .map(|entry| match entry.definition {
                0 => ServiceId::Service(entry.id),
                _ => ServiceId::Addon {
                    id: entry.id,
                    service: 0,
                },
            })
    }

    /// What the list told of them.
    pub fn found(&self) -> impl Iterator<Item = (&Entry, Usage)> {
        let entries = self.0.iter();
        entries.filter_map(|entry| Some((entry, entry.usage?)))
    }

    /// Whose account it is. An account that was deleted and made anew under the name is nobody's.
    pub fn entry_of(&mut self, account: &ListedAccount) -> Option<&mut Entry> {
        let at = self
            .0
            .binary_search_by(|entry| entry.name.as_ref().cmp(account.name.as_str()))
            .ok()?;
        let is_the_same = |recorded| {
            account.creation_guid.is_empty() || recorded == Fingerprint::of(&account.creation_guid)
        };
        self.0.get_mut(at).filter(|entry| {
            if entry.record == Record::Elsewhere {
                entry.guid == Some(Fingerprint::of(&account.creation_guid))
            } else {
                entry.guid.is_none_or(is_the_same) && entry.may_be(account)
            }
        })
    }
}

impl Entry {
    fn is_recorded(&self) -> bool {
        self.record != Record::None
    }

    pub const fn vault_quota(&self) -> VaultQuota {
        if self.all_vaults {
            VaultQuota::All
        } else {
            VaultQuota::Provided
        }
    }

    pub fn is_vault(&self, id: &str) -> bool {
        self.vault == Some(Fingerprint::of(id))
    }

    /// The rest of the rule of `adoption`.
    fn may_be(&self, account: &ListedAccount) -> bool {
        let evidence = Evidence {
            is_in_column: true,
            registered: self.registered.map(i64::from),
            ..Evidence::default()
        };
        let found = Found {
            created_at: account.created_at,
            ..Found::default()
        };
        self.is_recorded() || adoption::judge(&evidence, &found) == Verdict::ByItself
    }

    fn recorded(row: &Row) -> Self {
        let print = |at| {
            let text: Option<String> = column(row, at);
            text.filter(|text| !text.is_empty())
                .map(|text| Fingerprint::of(&text))
        };
        Self {
            name: column::<String>(row, 0).into(),
            id: column(row, 4),
            definition: column(row, 5),
            guid: print(1),
            vault: print(2),
            all_vaults: is_all(row, 3),
            record: if column(row, 6) {
                Record::Elsewhere
            } else {
                Record::Here
            },
            is_disputed: false,
            registered: None,
            usage: None,
        }
    }

    fn unrecorded(row: &Row) -> Option<Self> {
        let text = |at| decode_entities(&column::<Option<String>>(row, at).unwrap_or_default());
        let user_name = text(0);
        let name = user_name::of_the_php_module(&user_name, Some(&text(1)))?;
        let is_the_module_s = adoption::is_in_column(&user_name, &name);
        is_the_module_s.then(|| Self {
            name: name.into(),
            id: column(row, 3),
            definition: 0,
            guid: None,
            vault: None,
            all_vaults: is_all(row, 2),
            record: Record::None,
            is_disputed: false,
            registered: column(row, 4),
            usage: None,
        })
    }
}

fn is_all(row: &Row, at: usize) -> bool {
    let stored: Option<String> = column(row, at);
    VaultQuota::read(stored.as_deref().map(str::trim)) == VaultQuota::All
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, id: u32, is_recorded: bool) -> Entry {
        Entry {
            name: name.into(),
            id,
            definition: 0,
            guid: is_recorded.then(|| Fingerprint::of("g")),
            vault: None,
            all_vaults: false,
            record: if is_recorded {
                Record::Here
            } else {
                Record::None
            },
            is_disputed: false,
            registered: Some(1),
            usage: None,
        }
    }

    fn listed(name: &str, guid: &str) -> ListedAccount {
        ListedAccount {
            name: name.into(),
            creation_guid: guid.into(),
            created_at: 1,
            is_suspended: false,
            policy_id: String::new(),
            device_limit: 0,
            item_quota: None,
            vaults: Vec::new(),
            has_more_vaults: false,
            is_unused: false,
            devices: 0,
            emails: Vec::new(),
            account_name: String::new(),
        }
    }

    #[test]
    fn a_name_that_two_claim_is_neither_s_and_a_recorded_one_is_its_owner_s() {
        let mut books = Books::new(vec![
            entry("twice", 1, false),
            entry("once", 2, false),
            entry("twice", 3, false),
            entry("recorded", 4, false),
            entry("twice", 5, false),
            entry("recorded", 6, true),
        ]);
        let mut service_id = |name| books.entry_of(&listed(name, "g")).map(|entry| entry.id);
        assert_eq!(service_id("twice"), None);
        assert_eq!(service_id("once"), Some(2));
        assert_eq!(service_id("recorded"), Some(6));
        assert_eq!(service_id("Once"), None);
    }

    #[test]
    fn an_account_that_was_made_anew_is_nobody_s() {
        let mut books = Books::new(vec![entry("recorded", 6, true)]);
        let mut is_found = |guid| books.entry_of(&listed("recorded", guid)).is_some();
        assert!(is_found("g"));
        assert!(is_found(""), "a server that tells no identity");
        assert!(!is_found("another"));
    }

    #[test]
    fn an_entry_is_small() {
        assert!(size_of::<Entry>() <= 88, "{}", size_of::<Entry>());
    }
}
