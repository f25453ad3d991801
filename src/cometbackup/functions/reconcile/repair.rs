//! What is put right in our own table: identities, accounts that are over, lost answers. Nothing is sent that changes
//! anything at Comet.

use std::time::Instant;

use mysql::Value;

use crate::cometbackup::MODULE;
use crate::cometbackup::account::lost_answer::{self, ADD, Found, MAY_STILL_COME};
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::server_info::ServerInfo;
use crate::cometbackup::functions::reconcile::index::{Entry, Record};
use crate::cometbackup::tables::accounts::{self, Account};
use crate::database::Database;
use crate::error::{Error, plain};
use crate::journal::{self, Lease, Lock, MOST_REQUESTS};
use crate::reconciliation::Run;

const WRITE: &str = "write the table of accounts";

/// The server that can be asked for its time, and when its list was asked for.
pub struct Budget<'a> {
    pub api: Api<'a>,
    began: Instant,
    clock: Option<i64>,
}

impl<'a> Budget<'a> {
    pub const fn new(api: Api<'a>, began: Instant) -> Self {
        Self {
            api,
            began,
            clock: None,
        }
    }

    /// Seconds since the list was asked for.
    fn waited(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX)
    }

    /// Asked once, and only where an answer was lost.
    fn now(&mut self) -> Result<i64, Error> {
        let waited = self.waited();
        if let Some(at_start) = self.clock {
            return Ok(at_start + waited);
        }
        let now = ServerInfo::read(&self.api)?.current_time;
        self.clock = Some(now - waited);
        Ok(now)
    }
}

/// Identities that were not recorded yet, of a page of services. One statement where there are any.
pub fn identities(run: &mut Run, database: &mut Database, page: &mut [Entry]) -> Result<(), Error> {
    let mut values = Vec::new();
    let mut rows = Vec::new();
    for entry in page.iter() {
        let guid = entry.seen.as_ref().and_then(|seen| seen.guid.as_deref());
        if let Some(guid) = guid.filter(|_| entry.record == Record::Created && entry.is_compared())
        {
            values.extend([Value::from(entry.row), Value::from(guid)]);
            rows.push(Value::from(entry.row));
            let sentence = format!(
                "The identity of the Comet account {} was recorded.",
                plain(&entry.name)
            );
            run.repaired(Some(entry.service_id), &sentence);
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "UPDATE IGNORE mod_cometbackup_accounts SET creation_guid=CASE id {} END, guid_key=creation_guid
        WHERE state='created' AND COALESCE(creation_guid, '')='' AND id IN ({})",
        "WHEN ? THEN ? ".repeat(rows.len()),
        vec!["?"; rows.len()].join(",")
    );
    values.extend(rows);
    database.execute(WRITE, &statement, values)?;
    Ok(())
}

/// Whom the accounts are for of which that was not recorded yet: of a service of an earlier version, the client it has
/// when it is first seen. One statement where there are any.
pub fn clients(database: &mut Database, entries: &[Entry]) -> Result<(), Error> {
    let is_new = |entry: &Entry| {
        let person = entry.person.as_ref();
        entry.record == Record::Created
            && person.is_some_and(|person| person.made_for == 0 && person.id > 0)
    };
    if entries.iter().any(is_new) {
        accounts::record_clients(database)?;
    }
    Ok(())
}

/// Accounts of services that have ended, which the server does not list any more: the service may get another.
pub fn ended(run: &mut Run, database: &mut Database, page: &[Entry]) -> Result<(), Error> {
    let over: Vec<&Entry> = page
        .iter()
        .filter(|entry| {
            entry.record == Record::Created
                && entry.is_compared()
                && entry.seen.is_none()
                && entry.is_over()
        })
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "UPDATE mod_cometbackup_accounts
        SET state='ended', owner_key=NULL, name_key=NULL, place_key=NULL, guid_key=NULL, ended_at=UTC_TIMESTAMP()
        WHERE state='created' AND id IN ({})",
        vec!["?"; over.len()].join(",")
    );
    let rows: Vec<Value> = over.iter().map(|entry| Value::from(entry.row)).collect();
    database.execute(WRITE, &statement, rows)?;
    for entry in over {
        run.repaired(Some(entry.service_id), &is_over(entry));
    }
    Ok(())
}

/// A plan: what became of a lost answer, under the lock on its service. A service that another command works on is left
/// to the next run.
pub fn planned(
    questions: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
    entry: &mut Entry,
) -> Result<(), Error> {
    let lease = Lease::of(MOST_REQUESTS, questions.api.settings().request_timeout);
    let lock = match Lock::acquire(database, MODULE, entry.service_id, lease) {
        Err(Error::Busy { .. }) => return Ok(()),
        lock => lock?,
    };
    let done = settle(questions, run, database, entry);
    let released = lock.release(database);
    done.and(released.map_err(Error::from))
}

fn settle(
    questions: &mut Budget<'_>,
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
        // An account that came after the list was asked for is not on it.
        if record.is_younger_than(questions.waited() + MAY_STILL_COME) {
            return Ok(());
        }
        let found = match &entry.seen {
            None => None,
            Some(seen) => match questions.now() {
                Ok(now) => Some(Found {
                    creation_guid: seen.guid.as_deref().unwrap_or_default().to_owned(),
                    created_at: seen.created_at,
                    now,
                    may_be_ours: seen.is_unused,
                }),
                Err(error) => {
                    run.remark(error.to_string());
                    return Ok(());
                }
            },
        };
        let is_open = |found: &Found| !found.may_be_ours && !found.is_older_than(&record);
        if found.as_ref().is_some_and(is_open) {
            // The next command has the password to ask with.
            return Ok(());
        }
        lost_answer::decide(database, &mut account, &record, found)?;
        run.repaired(Some(entry.service_id), &became(&account));
    }
    if !account.is_planned {
        entry.record = Record::Created;
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
            "The Comet account {name} was asked for, the answer was lost, and the server does not list an account of this service's under that name: it was not made."
        )
    } else {
        format!(
            "The Comet account {name} was asked for and the answer was lost: it was made, and is recorded now. Run Create to finish it."
        )
    }
}

fn is_over(entry: &Entry) -> String {
    format!(
        "The Comet account {} is not on the server, and its service has ended: it is recorded as ended.",
        plain(&entry.name)
    )
}
