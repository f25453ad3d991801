//! `cometbackup_Reconcile`: the comparison of WHMCS, our table and the servers' lists of accounts. Daily over everything,
//! with one request for a server; by a button for one service. Nothing is created, suspended or written at Comet; the daily
//! run deletes accounts whose time has come (`deletions`).

mod backups;
mod budget;
mod compare;
mod deletions;
mod expected;
mod health;
mod moved;
mod observed;
mod person;
mod repair;
mod services;
mod unassigned;
mod unrecorded;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::cometbackup::MODULE;
use crate::cometbackup::account::customer_notice::{self, Wanted};
use crate::cometbackup::account::lost_answer;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::list_users;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::{CometServer, IN_THE_CLEAR};
use crate::cometbackup::comet::server_identity::ServerPlace;
use crate::cometbackup::tables::account_index::{self, RecordState};
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::extras::Extra;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::cometbackup::tables::{accounts_batch, pages, server_facts, sign_ons};
use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::reconciliation::{self, Finding, Run, Scope, Task};
use crate::text::plain;
use crate::whmcs::servers;
use crate::whmcs::services::{PAGE, Settings, settings};
use crate::whmcs::{self, Host, Service, open_database};
use budget::Budget;
use deletions::Daily;
use expected::Expected;
use moved::UnconfirmedServices;
use observed::ObservedAccount;
use services::{Entry, Index};
use unassigned::UnassignedAccounts;

const TASK: Task = Task {
    module: MODULE,
    label: "Comet Backup",
    scope: Scope::Everything,
};

/// How often the run shows that it lives while it reads a list: ten minutes without a sign count as its death.
const BEAT: Duration = Duration::from_secs(60);

/// All Comet servers of WHMCS. WHMCS's code, which decrypts their passwords, runs while no connection is in use.
fn all_servers(host: &dyn Host) -> Result<Vec<whmcs::Server>, Error> {
    let stored = servers::all(&mut open_database(host)?)?;
    let servers = stored.into_iter().map(|server| server.decrypted(host));
    Ok(servers.collect())
}

/// Compares everything, and returns the summary. One request for a server with services, one more where it did not say
/// in the last hour which one it is, and one where an answer was lost.
pub fn all(host: &dyn Host) -> Result<String, Error> {
    let servers = all_servers(host)?;
    let mut notices = Wanted::default();
    let summary = compare_all(host, &servers, &mut notices);
    // The run is over: WHMCS's mailer may take its time.
    if notices.is_any() {
        customer_notice::send(host, None, notices)?;
    }
    summary
}

fn compare_all(
    host: &dyn Host,
    servers: &[whmcs::Server],
    notices: &mut Wanted,
) -> Result<String, Error> {
    let mut database = open_database(host)?;
    installation::may_run_unattended(host, &mut database)?;
    reconciliation::reconcile_all(host, &mut database, TASK, |run, database| {
        sign_ons::forget_old(database)?;
        pages::forget_old(database)?;
        accounts_batch::forget_ended(database, host.keep_journal_days())?;
        let settings = settings(host, database, MODULE)?;
        *notices = Wanted::by(&settings);
        let entries: HashSet<u32> = servers.iter().map(|server| server.id).collect();
        let (mut compared, mut listed) = (0, 0);
        for given in servers {
            let Some((server, here, mut index)) = index_of(host, run, database, given)? else {
                continue;
            };
            index.leave(&entries, here.entry);
            if server.is_in_the_clear() {
                run.remark(format!("The Comet Server {}: {IN_THE_CLEAR}.", server.base));
            }
            repair::clients(database, index.entries_mut())?;
            let began = Instant::now();
            match observe_all(host, run, database, &server, &settings, &mut index) {
                Ok(unassigned) => {
                    compared += index.compared();
                    listed += unassigned.listed;
                    accounts_batch::record_server(database, &here)?;
                    let mut budget = Budget::new(Api::new(host, &server), began);
                    of_server(&mut budget, run, database, &settings, (&here, &mut index))?;
                    let daily = Daily {
                        host,
                        server: given,
                        settings: &settings,
                        listed: unassigned.listed,
                    };
                    deletions::of_server(&daily, run, database, &mut index)?;
                    backups::of_server(&daily, run, database, &index)?;
                    unassigned.report(run, database, &server, &here)?;
                }
                // What was found there earlier stays.
                Err(error) => {
                    run.keep_server(database, given.id)?;
                    run.remark(error.to_string());
                }
            }
        }
        moved::skipped(run, database)?;
        Ok(format!(
            "{compared} services and product addons with {listed} Comet accounts"
        ))
    })
}

/// The services of an entry, and which Comet Server it is for; `None` where there are none, or where it cannot be used,
/// which is remarked. One request where the server did not say in the last hour which one it is.
fn index_of(
    host: &dyn Host,
    run: &mut Run,
    database: &mut Database,
    given: &whmcs::Server,
) -> Result<Option<(CometServer, ServerPlace, Index)>, Error> {
    let server = match CometServer::new(given) {
        Ok(server) => server,
        Err(error) => {
            let here = ServerPlace {
                entry: given.id,
                ..ServerPlace::default()
            };
            if account_index::has_accounts(database, here.entry)? {
                run.keep_server(database, given.id)?;
                run.remark(error.to_string());
            }
            return Ok(None);
        }
    };
    if !account_index::has_accounts(database, server.id)? {
        return Ok(None);
    }
    let mut known = server_facts::find(database, &server)?;
    server_facts::identify(database, &Api::new(host, &server), &mut known);
    if let Some(version) = known.version()
        && let Some(holes) = server_facts::holes_once(database, &server, &mut known, &version)?
    {
        host.log_activity(format!(
            "Comet Backup: the Comet Server {} {holes}.",
            plain(&server.base)
        ));
    }
    let here = known.place(&server);
    let index = Index::read(database, &here, known.confirmed.as_ref(), None)?;
    let has_any = !index.entries().is_empty();
    Ok(has_any.then_some((server, here, index)))
}

/// Reads the server's whole list into the index; nothing is reported or repaired before its end.
fn observe_all(
    host: &dyn Host,
    run: &Run,
    database: &mut Database,
    server: &CometServer,
    settings: &Settings,
    index: &mut Index,
) -> Result<UnassignedAccounts, Error> {
    let mut unassigned = UnassignedAccounts::default();
    let mut beat = Instant::now();
    unassigned.listed = list_users::read(host, server, |account| {
        if !index.observe(&account, settings) {
            unassigned.add(account.name, account.creation_guid);
        }
        if beat.elapsed() > BEAT {
            // A run that was taken over meanwhile ends with its next statement, after the list.
            let _ = run.alive(database);
            beat = Instant::now();
        }
    })?;
    Ok(unassigned)
}

fn of_server(
    budget: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
    settings: &Settings,
    (here, index): (&ServerPlace, &mut Index),
) -> Result<(), Error> {
    let mut waiting = UnconfirmedServices::default();
    for page in index.entries_mut().chunks_mut(PAGE) {
        run.alive(database)?;
        let expected = expected::of_page(database, settings, page)?;
        for (entry, expected) in page.iter_mut().zip(&expected) {
            let is_planned = entry.record == RecordState::Planned && entry.is_compared();
            if is_planned && expected.is_known(entry) {
                repair::planned(budget, run, database, entry)?;
            }
        }
        compare(run, database, here, page, &expected, &mut waiting)?;
    }
    match waiting.finding(budget.api.server) {
        Some(finding) => run.report(database, finding),
        None => Ok(()),
    }
}

/// Compares one service. One request, two where its account is not found or an answer was lost.
///
/// # Errors
/// What was found, as sentences.
pub fn one(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut database = open_database(host)?;
    let server = CometServer::new(&service.server)?;
    reconciliation::reconcile_one(host, &mut database, TASK, service.id, |run, database| {
        let extras = settle(host, service)?;
        let known = server_facts::find(database, &server)?;
        let (here, confirmed) = (known.place(&server), known.confirmed.as_ref());
        let mut index = Index::read(database, &here, confirmed, Some(service.id))?;
        repair::clients(database, index.entries_mut())?;
        let settings = settings(host, database, MODULE)?;
        let session = AccountSession::open(host, service)?;
        let first = index.entries().first();
        let name = first.map(|entry| entry.name.to_string());
        if let Some(name) = name.filter(|name| !name.is_empty())
            && let Some(account) = listed(&session, &name)?
        {
            index.observe(&account, &settings);
        }
        let expected = [expected::of_service(service, &extras)];
        let mut waiting = UnconfirmedServices::default();
        let page = index.entries_mut();
        compare(run, database, &here, page, &expected, &mut waiting)?;
        if let Some(finding) = deletions::of_one(index.entries(), &settings, here.entry) {
            run.report(database, finding)?;
        }
        if let Some(finding) = waiting.finding(&server) {
            let service_id = Some(service.id);
            run.report(
                database,
                Finding {
                    service_id,
                    ..finding
                },
            )?;
        }
        Ok(service.id.to_string())
    })
}

/// Returns what differs between an account that was just read and what its service is sold with; `None` where nothing does.
pub fn unlike_sold(
    session: &mut AccountSession<'_>,
    account: &Account,
    profile: &Profile,
) -> Option<String> {
    let listed = list_users::from_profile(&account.username, profile.text())?;
    let expected = expected::of_service(session.service, session.extras_mut());
    let vault = account.vault_id.as_deref().map(Fingerprint::of);
    let observed = ObservedAccount::new(&listed, None, vault, expected.options.vault_quota);
    compare::limits(&observed, &expected, &plain(&account.username)).map(|(_, text)| text)
}

/// Settles a planned account whose answer was lost, by the same rule as Create. Returns the product addons that add to the
/// account.
fn settle(host: &dyn Host, service: &Service) -> Result<Vec<Extra>, Error> {
    let mut extras = Vec::new();
    AccountSession::with_lock(host, service, |session| {
        let account = session.recorded()?;
        extras.append(session.extras_mut());
        match account {
            Some(mut account) if account.is_planned => lost_answer::settle(session, &mut account),
            _ => Ok(()),
        }
    })?;
    Ok(extras)
}

/// `None` where the server's own list lacks the name: a refusal alone proves nothing.
fn listed(
    session: &AccountSession<'_>,
    name: &str,
) -> Result<Option<list_users::ListedAccount>, Error> {
    match session.read_profile(name) {
        Ok(profile) => Ok(list_users::from_profile(name, profile.text())),
        Err(error @ Error::Refused { .. }) => {
            if session.is_listed(name)? {
                return Err(error);
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn compare(
    run: &mut Run,
    database: &mut Database,
    here: &ServerPlace,
    page: &mut [Entry],
    expected: &[Expected],
    waiting: &mut UnconfirmedServices,
) -> Result<(), Error> {
    moved::settle(run, database, here, page, waiting)?;
    repair::identities(run, database, page)?;
    repair::ended(run, database, page, expected)?;
    unrecorded::record(run, database, here, page)?;
    unrecorded::mark_claimed(database, page)?;
    for (entry, expected) in page.iter().zip(expected) {
        // Whose account it is comes before what is wrong with it.
        let found = unrecorded::undecided(entry).map_or_else(
            || {
                let subject = entry.name.to_string();
                let mismatches = compare::mismatches(entry, expected).into_iter();
                mismatches.map(|one| (one, subject.clone())).collect()
            },
            |one| vec![one],
        );
        for ((kind, text), subject) in found {
            let finding = Finding {
                service_id: Some(entry.service_id),
                kind,
                subject,
                text,
                server_id: Some(here.entry),
            };
            run.report(database, finding)?;
        }
    }
    Ok(())
}
