//! The corrections that the comparison makes in our own table: identities, accounts of services that are over, lost answers.
//! Nothing is sent that changes anything at Comet.

use super::budget::Budget;
use super::expected::Expected;
use super::services::Entry;
use crate::cometbackup::MODULE;
use crate::cometbackup::account::lost_answer::{self, ADD, ExistingAccount, MAY_STILL_COME};
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::accounts_batch;
use crate::database::Database;
use crate::error::Error;
use crate::journal::{self, Lease, MOST_REQUESTS, ServiceLock};
use crate::reconciliation::Run;
use crate::service_id::ServiceId;
use crate::text::plain;

/// Records identities that were not recorded yet, of a page of services. One statement where there are any.
pub fn identities(run: &mut Run, database: &mut Database, page: &[Entry]) -> Result<(), Error> {
    let mut found = Vec::new();
    for entry in page {
        let guid = entry.observed.as_ref().and_then(|it| it.guid.as_deref());
        if let Some(guid) =
            guid.filter(|_| entry.record == RecordState::Created && entry.is_compared())
        {
            found.push((entry.service.row, guid));
            let sentence = format!(
                "The identity of the Comet account {} was recorded.",
                plain(&entry.name)
            );
            run.repaired(Some(entry.service_id), &sentence);
        }
    }
    Ok(accounts_batch::record_identities(database, &found)?)
}

/// Records whom the accounts are for of which that was not recorded yet: of a service of an earlier version, the client
/// it has when it is first seen. One statement where there are any.
pub fn clients(database: &mut Database, entries: &[Entry]) -> Result<(), Error> {
    let is_new = |entry: &Entry| {
        let person = entry.service.person.as_ref();
        entry.record == RecordState::Created
            && person.is_some_and(|person| person.created_for == 0 && person.id > 0)
    };
    if entries.iter().any(is_new) {
        accounts::record_clients(database)?;
    }
    Ok(())
}

/// Ends the accounts of services that are over, which the server does not list any more: the service may get another.
/// One statement where there are any.
pub fn ended(
    run: &mut Run,
    database: &mut Database,
    page: &[Entry],
    expected: &[Expected],
) -> Result<(), Error> {
    let is_ended = |entry: &&Entry| {
        entry.record == RecordState::Created
            && entry.is_compared()
            && entry.observed.is_none()
            && entry.is_over()
    };
    let known = page.iter().zip(expected);
    let known = known.filter(|(entry, expected)| expected.is_known(entry));
    let ended: Vec<&Entry> = known.map(|(entry, _)| entry).filter(is_ended).collect();
    let rows: Vec<u64> = ended.iter().map(|entry| entry.service.row).collect();
    accounts_batch::end(database, &rows)?;
    for entry in ended {
        if entry.service.deletion.is_some() {
            settle_deletion(database, entry.service_id)?;
        }
        run.repaired(Some(entry.service_id), &is_over(entry));
    }
    Ok(())
}

/// What a daily run that died left open of its deletion: no command comes any more that would close it.
fn settle_deletion(database: &mut Database, service_id: ServiceId) -> Result<(), Error> {
    journal::close_abandoned(database, MODULE, service_id)?;
    let why = "the account is gone; before: ";
    Ok(journal::void_unknown(database, MODULE, service_id, why)?)
}

/// Settles a planned account: what became of a lost answer, under the lock on its service. A service that another
/// command works on is left to the next run.
pub fn planned(
    budget: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
    entry: &mut Entry,
) -> Result<(), Error> {
    let lease = Lease::of(MOST_REQUESTS, budget.api.settings().request_timeout);
    let lock = match ServiceLock::acquire(database, MODULE, entry.service_id, lease) {
        Err(Error::Busy { .. }) => return Ok(()),
        lock => lock?,
    };
    let done = settle(budget, run, database, entry);
    lock.release_after(database, done)
}

fn settle(
    budget: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
    entry: &mut Entry,
) -> Result<(), Error> {
    let Some(mut account) = accounts::find(database, entry.service_id)? else {
        return Ok(());
    };
    if !account.is_planned || account.username != *entry.name {
        return Ok(());
    }
    while let Some(record) = journal::undecided(database, MODULE, entry.service_id, ADD)? {
        // An account that was created after the list was requested is not on it.
        if record.is_younger_than(budget.waited() + MAY_STILL_COME) {
            return Ok(());
        }
        let found = match &entry.observed {
            None => None,
            Some(observed) => match budget.now() {
                Ok(now) => Some(ExistingAccount {
                    creation_guid: observed.guid.as_deref().unwrap_or_default().to_owned(),
                    created_at: observed.created_at,
                    now,
                    may_be_ours: observed.is_unused,
                }),
                Err(error) => {
                    run.remark(error.to_string());
                    return Ok(());
                }
            },
        };
        let is_open = |found: &ExistingAccount| !found.may_be_ours && !found.is_older_than(&record);
        if found.as_ref().is_some_and(is_open) {
            // The next command has the password that tells whose it is.
            return Ok(());
        }
        lost_answer::decide(database, &mut account, &record, found)?;
        run.repaired(Some(entry.service_id), &became(&account));
    }
    if !account.is_planned {
        entry.record = RecordState::Created;
    } else if entry.is_over() {
        accounts::end(database, account.row)?;
        run.repaired(Some(entry.service_id), &is_over(entry));
    }
    Ok(())
}

fn became(account: &Account) -> String {
    let name = plain(&account.username);
    if account.is_planned {
        format!(
            "The answer to the request that creates the Comet account {name} was lost, and the server does not list an account of this service under that name: it was not created."
        )
    } else {
        format!(
            "The answer to the request that creates the Comet account {name} was lost: the account was created, and is recorded now. Run Create to finish it."
        )
    }
}

fn is_over(entry: &Entry) -> String {
    format!(
        "The Comet account {} is not on the server, and its service has ended: it is recorded as ended.",
        plain(&entry.name)
    )
}
