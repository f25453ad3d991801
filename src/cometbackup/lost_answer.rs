//! What became of an `add-user` whose answer was lost: asked before anything else is done with the account.

use super::MODULE;
use super::account_table::{self, Account};
use super::backup::Backup;
use super::test_connection;
use crate::database::Database;
use crate::error::{Error, plain};
use crate::journal::{self, Answer, End, Record};

pub const ADD: &str = "add account";

/// Seconds between our row and the server's clock. The server's own time is asked, so this is only rounding and travel.
const ROUNDING: i64 = 10;

/// Seconds after which a request that nobody waits for any more is not carried out either. Until then an account
/// that is not there may still come, and a plan may not be given up.
pub const MAY_STILL_COME: i64 = 120;

/// An account of the planned name, as the server has it.
pub struct Found {
    pub creation_guid: String,
    /// Unix seconds, as the next.
    pub created_at: i64,
    /// The server's clock.
    pub now: i64,
    pub is_unused: bool,
}

/// Asks what became of an `add-user` whose answer was lost. A name that is free may be asked for again at once: the
/// server gives it to one request only.
pub fn settle(backup: &mut Backup<'_>, account: &mut Account) -> Result<(), Error> {
    let owner = backup.service.owner;
    while let Some(record) = journal::undecided(&mut backup.database, MODULE, owner, ADD)? {
        let found = find(backup, account)?;
        if found.is_none() && record.age < MAY_STILL_COME {
            return Ok(());
        }
        decide(&mut backup.database, account, &record, found)?;
    }
    Ok(())
}

fn find(backup: &Backup<'_>, account: &Account) -> Result<Option<Found>, Error> {
    if !backup.is_listed(&account.username)? {
        return Ok(None);
    }
    let profile = backup.read_profile(&account.username)?;
    Ok(Some(Found {
        creation_guid: profile.creation_guid(),
        created_at: profile.created_at(),
        now: test_connection::about(&backup.api())?.current_time,
        is_unused: profile.is_unused(),
    }))
}

/// The account is this service's only if it was made while its request was under way, or later and holds nothing yet:
/// a name that existed before is somebody else's.
pub fn decide(
    database: &mut Database,
    account: &mut Account,
    record: &Record,
    found: Option<Found>,
) -> Result<(), Error> {
    let (end, said) = match found {
        None => (End::Failed, "no account is there"),
        Some(found) if is_ours(&found, record) => {
            account_table::created(database, account.row, Some(&found.creation_guid))?;
            account.creation_guid = Some(found.creation_guid);
            account.is_planned = false;
            (End::Done, "the account is there")
        }
        Some(_) => (End::Failed, "the account of somebody else is there"),
    };
    let answer = Answer {
        text: format!("asked: {said}"),
        ..Answer::default()
    };
    journal::decide(database, record, end, &answer)?;
    Ok(())
}

const fn is_ours(found: &Found, record: &Record) -> bool {
    let after = found.created_at - (found.now - record.age);
    after >= -ROUNDING && (after <= MAY_STILL_COME || found.is_unused)
}

/// # Errors
/// `Error::Unusable` while the account may still come, because its request may still be carried out.
pub fn refuse_while_it_may_come(backup: &mut Backup<'_>, account: &Account) -> Result<(), Error> {
    let owner = backup.service.owner;
    let open = journal::undecided(&mut backup.database, MODULE, owner, ADD)?;
    open.map_or(Ok(()), |record| {
        Err(Error::Unusable(format!(
            "The Comet account {} was asked for on {} UTC and the answer was lost; it may still be made. Run this again in {} minutes.",
            plain(&account.username),
            record.at,
            MAY_STILL_COME / 60
        )))
    })
}
