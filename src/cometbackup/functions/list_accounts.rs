//! `cometbackup_ListAccounts`: all accounts of a server, for WHMCS's Server Sync. One request, and one more where the server
//! did not say in the last hour which one it is.
//!
//! WHMCS matches accounts and services by user name, and offers to terminate the services that it does not find. So the
//! list is whole and can be matched with every service of an account, or there is none but a sentence.

mod listed;

use super::usage_update::open;
use super::usage_update::services::Column;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::user_name::{self, MARKER};
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::list_users::{self, ListedAccount};
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_identity::{ServerPlace, Standing};
use crate::cometbackup::tables::account_index::{
    self, AccountIndex, IndexJob, OF_USAGE, RecordedAccount, Statements, UnrecordedService,
};
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::cometbackup::tables::{accounts_batch, server_facts};
use crate::error::Error;
use crate::php_value::Rows;
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::{self, Host, services as sold};
use listed::SyncAccount;

/// Services or accounts that a sentence names.
const NAMED: usize = 5;
/// So many accounts may have gone at once; where it is more than a tenth of all, the list is rather that of another
/// administrator.
const GONE_AT_ONCE: usize = 10;

/// Server Sync, as the job of an index.
struct Sync;

type Index = AccountIndex<Sync>;
type Entry = account_index::IndexedAccount<Sync>;

struct Facts {
    column: Column,
    /// WHMCS would miss the account: its service is not over, and on this entry.
    is_missed: bool,
}

impl IndexJob for Sync {
    const STATEMENTS: Statements = OF_USAGE;

    type Service = Facts;
    /// The list has it.
    type Observed = ();

    fn recorded(account: &RecordedAccount<'_>) -> Option<Facts> {
        let status = account.status()?;
        (!account.is_planned()).then(|| Facts {
            column: Column::of(&account.in_column(), &account.user_name()),
            is_missed: !status.is_over() && !account.is_moved(),
        })
    }

    /// By the name that WHMCS looks for, or the custom field that names the account where the column does not.
    fn unrecorded(service: &UnrecordedService<'_>) -> Option<(String, Facts)> {
        let column = service.user_name();
        let name = user_name::of_the_php_module(&column, Some(&service.user_name_field()));
        let is_named = name.is_some() || column.trim() == MARKER;
        (is_named && !service.had_account()).then(|| {
            let name = name.unwrap_or_default();
            let column = match Column::of(&column, &name) {
                Column::Other if column.trim() == name => Column::Name,
                column => column,
            };
            let facts = Facts {
                column,
                is_missed: true,
            };
            (name, facts)
        })
    }
}

impl Entry {
    fn is_missed(&self) -> bool {
        self.service.is_missed && matches!(self.service_id, ServiceId::Service(_))
    }
}

/// Returns the rows of all accounts of a server.
///
/// # Errors
/// Where the list is not whole, or WHMCS could not match it with every service that has an account.
pub fn run(host: &dyn Host, given: &whmcs::Server) -> Result<Rows, Error> {
    let server = CometServer::new(given)?;
    let mut database = open(host)?;
    let mut known = server_facts::find(&mut database, &server)?;
    server_facts::identify(&mut database, &Api::new(host, &server), &mut known);
    let here = known.place(&server);
    let mut index = Index::read(&mut database, &here, known.confirmed.as_ref(), None)?;
    must_be_matched(&index)?;
    let elsewhere = accounts_batch::recorded_elsewhere(&mut database, server.id)?;
    drop(database);
    let (mut accounts, mut not_to_import) = (Vec::new(), 0_usize);
    let mut has_tenants = false;
    list_users::read(host, &server, |account| {
        has_tenants |= !account.tenant.is_empty();
        let is_a_service_s = observe(&mut index, &account);
        let is_anothers = elsewhere.contains(&Fingerprint::of(&account.creation_guid));
        if is_a_service_s == Some(false) || is_a_service_s.is_none() && is_anothers {
            not_to_import += 1;
        }
        accounts.push(SyncAccount::of(&account));
    })?;
    must_be_whole(&server, &here, &index)?;
    if !has_tenants {
        must_be_of_no_tenant(host, &index)?;
    }
    let alike = alike(&accounts, &mut index)?;
    if !alike.is_empty() {
        host.log_activity(format!(
            "Comet Backup: accounts of the server {} whose names differ only in case are one for WHMCS: {}. Check what Server Sync says of them.",
            plain(&server.base),
            in_words(&alike)
        ));
    }
    if not_to_import > 0 {
        host.log_activity(format!(
            "Comet Backup: {not_to_import} accounts of the server {} belong to product addons, or to services of another server entry. Server Sync shows them as unknown: do not import them.",
            plain(&server.base)
        ));
    }
    Ok(Box::new(accounts.into_iter().map(SyncAccount::row)))
}

/// Keeps that the list has the account. Whether it is that of a service that WHMCS looks for here; `None` where it is that
/// of none, as far as this entry knows.
fn observe(index: &mut Index, account: &ListedAccount) -> Option<bool> {
    let entry = index.named(&account.name)?;
    if entry.is_recorded() && !entry.is_account(&account.creation_guid) {
        return None;
    }
    entry.observed = Some(());
    entry.is_recorded().then(|| entry.is_missed())
}

/// # Errors
/// Where WHMCS could not find the account of a service by its user name, and would offer to terminate the service.
fn must_be_matched(index: &Index) -> Result<(), Error> {
    let missed = || index.entries().iter().filter(|entry| entry.is_missed());
    let marked = missed().filter(|entry| entry.service.column == Column::Marker);
    let marked: Vec<&Entry> = marked.collect();
    if !marked.is_empty() {
        let unrecorded = marked.iter().filter(|entry| !entry.is_recorded()).count();
        let first = if unrecorded > 0 {
            format!(
                " Of {unrecorded} of them no account is recorded yet: press Check at Comet on their pages first, or wait for the daily run."
            )
        } else {
            String::new()
        };
        return Err(Error::Refusal(format!(
            "Nothing is listed, because {} of this server have {MARKER} as their user name: WHMCS would not find their accounts, and offer to terminate them.{first} Press Write User Names on the page of one of them; Put Markers Back undoes it.",
            services(&marked)
        )));
    }
    let others: Vec<&Entry> = missed()
        .filter(|entry| entry.service.column == Column::Other && entry.is_recorded())
        .collect();
    if !others.is_empty() {
        return Err(Error::Refusal(format!(
            "Nothing is listed, because {} of this server have another user name in WHMCS than their Comet account: WHMCS would not find the accounts, and offer to terminate them. Correct the user names on their pages.",
            services(&others)
        )));
    }
    Ok(())
}

/// # Errors
/// Where accounts are not on the list that are rather on another server, or hidden from the administrator, than gone.
fn must_be_whole(server: &CometServer, here: &ServerPlace, index: &Index) -> Result<(), Error> {
    let missed = || index.entries().iter().filter(|entry| entry.is_missed());
    let by_field: Vec<&Entry> = missed()
        .filter(|entry| entry.service.column == Column::Other && !entry.is_recorded())
        .filter(|entry| entry.observed.is_some())
        .collect();
    if !by_field.is_empty() {
        return Err(Error::Refusal(format!(
            "Nothing is listed, because of {} only the custom field Username names the account: WHMCS would not find it, and offer to terminate the service. Press Check at Comet on their pages to record the accounts that are theirs, and enter the user names; or empty the custom field.",
            services(&by_field)
        )));
    }
    // Of what no account is recorded for, the name is what WHMCS looks for.
    let named = || {
        missed().filter(|entry| {
            entry.is_recorded() || entry.service.column == Column::Name && !entry.is_disputed
        })
    };
    let absent = || named().filter(|entry| entry.observed.is_none());
    let elsewhere: Vec<&Entry> = absent()
        .filter(|entry| entry.standing != Standing::Same)
        .collect();
    if !elsewhere.is_empty() {
        return Err(Error::Refusal(format!(
            "Nothing is listed, because the accounts of {} were recorded for another Comet Server than the entry {} is now, and are not on its list: WHMCS would offer to terminate them. Set the server on their pages, or correct the entry.",
            services(&elsewhere),
            here.entry
        )));
    }
    let (all, gone) = (named().count(), absent().count());
    if gone > 0 && (gone == all || gone > GONE_AT_ONCE && gone > all / 10) {
        return Err(Error::Refusal(format!(
            "Nothing is listed, because the server {} lists {} of the {all} accounts that its services have by record or user name: WHMCS would offer to terminate the others. Check whether the administrator in WHMCS still sees all accounts: one of a tenant sees that tenant's only. If the accounts are really gone, run Terminate for their services.",
            plain(&server.base),
            all.saturating_sub(gone)
        )));
    }
    Ok(())
}

/// That the list of the top level has the accounts of tenants is documented nowhere.
///
/// # Errors
/// Where accounts of tenants are not on a list that has none of any.
fn must_be_of_no_tenant(host: &dyn Host, index: &Index) -> Result<(), Error> {
    let is_absent = |entry: &&Entry| {
        entry.is_missed() && entry.service.column == Column::Name && entry.observed.is_none()
    };
    let absent: Vec<&Entry> = index.entries().iter().filter(is_absent).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let settings = sold::settings(host, &mut open(host)?, MODULE)?;
    let is_of_a_tenant = |entry: &&Entry| {
        let settings = settings.get(&entry.definition()).map(ModuleSettings::read);
        settings.is_some_and(|settings| settings.tenant.is_some())
    };
    let of_tenants: Vec<&Entry> = absent.into_iter().filter(is_of_a_tenant).collect();
    if of_tenants.is_empty() {
        return Ok(());
    }
    Err(Error::Refusal(format!(
        "Nothing is listed, because the products of {} are for tenants, and the server lists no account of any tenant: WHMCS would offer to terminate them. Give each tenant a server entry with an administrator of its own. If the accounts are really gone, run Terminate for their services.",
        services(&of_tenants)
    )))
}

/// Names that differ only in case.
///
/// # Errors
/// Where two of them are those of services: WHMCS may take one account for both.
fn alike(accounts: &[SyncAccount], index: &mut Index) -> Result<Vec<String>, Error> {
    let mut names: Vec<&str> = accounts
        .iter()
        .map(|account| account.name.as_ref())
        .collect();
    names.sort_by_cached_key(|name| name.to_ascii_lowercase());
    let mut alike = Vec::new();
    for group in names.chunk_by(|one, other| one.eq_ignore_ascii_case(other)) {
        if group.len() == 1 {
            continue;
        }
        let mut is_sold = |name: &&&str| {
            let entry = index.named(name);
            entry.is_some_and(|entry| entry.is_missed() && entry.observed.is_some())
        };
        if group.iter().filter(|name| is_sold(name)).count() > 1 {
            return Err(Error::Refusal(format!(
                "Nothing is listed, because the accounts {} differ only in case, which WHMCS does not tell apart, and belong to different services: it could offer to terminate one that is in use. Give one of the services an account with another name.",
                group
                    .iter()
                    .map(|name| plain(name))
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
        alike.extend(group.iter().map(|name| plain(name)));
    }
    Ok(alike)
}

/// "2 services (Service ID: 200) (Service ID: 201)".
fn services(entries: &[&Entry]) -> String {
    let named: Vec<String> = entries
        .iter()
        .take(NAMED)
        .map(|entry| format!("({})", entry.service_id))
        .collect();
    let more = match entries.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let noun = if entries.len() == 1 {
        "service"
    } else {
        "services"
    };
    format!("{} {noun} {}{more}", entries.len(), named.join(" "))
}

fn in_words(names: &[String]) -> String {
    let first = names.get(..NAMED.min(names.len())).unwrap_or_default();
    match names.len().saturating_sub(NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::tables::account_index::RecordState;

    fn entry(name: &str, id: u32, standing: Standing, is_listed: bool) -> Entry {
        let facts = Facts {
            column: Column::Name,
            is_missed: true,
        };
        let mut entry = Entry::of_service(name, id, RecordState::Created, facts);
        entry.standing = standing;
        entry.observed = is_listed.then_some(());
        entry
    }

    fn server() -> CometServer {
        CometServer {
            id: 1,
            base: "http://comet.example:8060".into(),
            username: "admin".into(),
            password: crate::secret::Secret::new(String::new()),
        }
    }

    #[test]
    fn a_list_is_whole_where_few_accounts_are_gone() {
        let is_whole = |listed: usize, gone: usize| {
            let entries = (0..listed + gone).map(|at| {
                let id = u32::try_from(at).unwrap();
                entry(&format!("a{at}"), id, Standing::Same, at < listed)
            });
            let index = Index::new(entries.collect());
            must_be_whole(&server(), &ServerPlace::default(), &index).is_ok()
        };
        for (listed, gone, expected) in [
            (0, 0, true),
            (5, 0, true),
            (1, 10, true),
            (990, 110, true),
            (989, 110, false),
            (0, 1, false),
            (0, 7, false),
            (10, 11, false),
            (100, 50, false),
        ] {
            assert_eq!(is_whole(listed, gone), expected, "{listed} {gone}");
        }
    }

    #[test]
    fn an_account_of_another_server_is_not_gone() {
        let index = Index::new(vec![
            entry("a", 1, Standing::Same, true),
            entry("b", 2, Standing::Unconfirmed, false),
        ]);
        let error = must_be_whole(&server(), &ServerPlace::default(), &index).unwrap_err();
        assert!(error.to_string().contains("(Service ID: 2)"), "{error}");
    }
}
