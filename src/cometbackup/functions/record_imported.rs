//! `cometbackup_RecordImported`, the button "Record Imported Accounts": records the accounts of all services of a server that
//! WHMCS imported from Server Sync, once staff have seen which. One request, and one more where the server did not say in
//! the last hour which one it is.
//!
//! Such a service is younger than its account, which the rule of `adoption` leaves to a person. The press vouches for that
//! alone: that the services were made for the accounts whose names they have. What another service claims, or was recorded
//! for one before, is still decided one by one.

use super::shown_first::{self, ButtonPlan};
use super::usage_update::open;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::adoption::{
    self, AdoptionVerdict, ClaimEvidence, Doubt, UnrecordedAccount,
};
use crate::cometbackup::account::user_name::MARKER;
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::list_users;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::tables::account_index::{
    self, AccountIndex, IndexJob, OF_USAGE, RecordedAccount, Statements, UnrecordedService,
};
use crate::cometbackup::tables::claims::Claims;
use crate::cometbackup::tables::{accounts, server_facts};
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::reconciliation;
use crate::service_id::ServiceId;
use crate::whmcs::services::PAGE;
use crate::whmcs::{Host, Service};

/// Label and function suffix.
pub const BUTTON: (&str, &str) = ("Record Imported Accounts", "RecordImported");

/// The kind of the finding that shows what a second press does.
const KIND: &str = "imported";

/// The look for imported services, as the job of an index.
struct Import;

type Index = AccountIndex<Import>;
type Entry = account_index::IndexedAccount<Import>;

impl IndexJob for Import {
    const STATEMENTS: Statements = OF_USAGE;

    /// `TO_DAYS` of the registration date.
    type Service = Option<i32>;
    type Observed = Box<UnrecordedAccount>;

    fn recorded(_: &RecordedAccount<'_>) -> Option<Self::Service> {
        None
    }

    fn unrecorded(service: &UnrecordedService<'_>) -> Option<(String, Self::Service)> {
        let column = service.user_name();
        let name = column.trim();
        let is_named = !name.is_empty() && name != MARKER && !service.had_account();
        is_named.then(|| (name.to_owned(), service.registered()))
    }
}

/// Whether the page of a service without a recorded account shows the button.
pub fn is_offered(service: &Service) -> bool {
    let name = service.username.trim();
    let is_a_service = matches!(service.id, ServiceId::Service(_));
    is_a_service && service.status.is_live() && !name.is_empty() && name != MARKER
}

/// Records the accounts of services that Server Sync imported.
///
/// # Errors
/// Where there is nothing to record; the first press says what the second one does.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let server = CometServer::new(&service.server)?;
    let mut database = open(host)?;
    let mut known = server_facts::find(&mut database, &server)?;
    server_facts::identify(&mut database, &Api::new(host, &server), &mut known);
    let here = known.place(&server);
    let mut index = Index::read(&mut database, &here, known.confirmed.as_ref(), None)?;
    if index.entries().is_empty() {
        return Err(nothing(0));
    }
    drop(database);
    list_users::read(host, &server, |account| {
        if let Some(entry) = index.named(&account.name) {
            entry.observed = Some(Box::new(UnrecordedAccount {
                guid: account.creation_guid,
                created_at: account.created_at,
                devices: account.devices,
            }));
        }
    })?;
    let mut database = open(host)?;
    let found = imported(&mut database, &index)?;
    let listed = index.entries().iter();
    let others = listed.filter(|entry| entry.observed.is_some()).count() - found.len();
    if found.is_empty() {
        return Err(nothing(others));
    }
    let lines: Vec<String> = found
        .iter()
        .map(|(entry, found)| line(entry, found))
        .collect();
    // An account that was created again meanwhile is another one.
    let identities = found.iter().zip(&lines);
    let identities: Vec<String> = identities
        .map(|((_, found), line)| format!("{line} {}", found.guid))
        .collect();
    let plan = ButtonPlan {
        kind: KIND,
        what: "record",
        lines: &identities,
        text: text(&lines, others),
    };
    shown_first::must_be_shown(&mut database, service, plan)?;
    let mut recorded = 0;
    for (entry, found) in &found {
        let guid = Some(found.guid.as_str());
        if accounts::record(&mut database, entry.service_id, &here, &entry.name, guid)? {
            reconciliation::settle(&mut database, MODULE, entry.service_id, adoption::KIND)?;
            recorded += 1;
        }
    }
    reconciliation::settle(&mut database, MODULE, service.id, KIND)?;
    host.log_activity(format!(
        "Comet Backup: the accounts of {recorded} imported services were recorded. - {}",
        service.id
    ));
    Ok(())
}

/// The services whose account nobody else claims in any way, and which are at most younger than it. Five statements for
/// 500 of them.
fn imported<'a>(
    database: &mut Database,
    index: &'a Index,
) -> Result<Vec<(&'a Entry, &'a UnrecordedAccount)>, SqlError> {
    let listed = index.entries().iter().filter(|entry| !entry.is_disputed);
    let listed: Vec<(&Entry, &UnrecordedAccount)> = listed
        .filter_map(|entry| Some((entry, entry.observed.as_deref()?)))
        .collect();
    let mut imported = Vec::new();
    for page in listed.chunks(PAGE) {
        let names: Vec<&str> = page.iter().map(|(entry, _)| entry.name.as_ref()).collect();
        let guids: Vec<&str> = page.iter().map(|(_, found)| found.guid.as_str()).collect();
        let claims = Claims::read(database, &names, &guids)?;
        let is_imported = |(entry, found): &&(&Entry, &UnrecordedAccount)| {
            let evidence = ClaimEvidence {
                is_in_column: true,
                registered: entry.service.map(i64::from),
                ..claims.evidence(&entry.name, &found.guid, entry.service_id)
            };
            match adoption::judge(&evidence, found) {
                AdoptionVerdict::ByItself => true,
                AdoptionVerdict::ByStaff(doubts) => doubts == [Doubt::Older],
                AdoptionVerdict::Anothers(_) | AdoptionVerdict::Never => false,
            }
        };
        imported.extend(page.iter().filter(is_imported).copied());
    }
    Ok(imported)
}

fn line(entry: &Entry, found: &UnrecordedAccount) -> String {
    format!(
        "{} {}",
        entry.service_id.number(),
        found.described(&entry.name)
    )
}

fn text(lines: &[String], others: usize) -> String {
    let rest = match others {
        0 => String::new(),
        others => format!(
            " {others} more have an account that others claim or that was recorded before: decide with Check at Comet on their pages."
        ),
    };
    format!(
        "Services of this server that have the user name of a Comet account which no other service claims, and none recorded ({}): {}.{rest} If WHMCS imported them from Server Sync, press Record Imported Accounts again.",
        lines.len(),
        shown_first::listed(lines)
    )
}

fn nothing(others: usize) -> Error {
    let why = match others {
        0 => "every service of this server with a user name of the server's list has a recorded account".to_owned(),
        others => format!(
            "{others} services have an account that others claim or that was recorded before: decide with Check at Comet on their pages"
        ),
    };
    Error::Refusal(format!("There is nothing to record: {why}."))
}
