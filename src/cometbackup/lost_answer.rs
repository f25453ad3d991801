//! What became of an `add-user` whose answer was lost: asked before anything else is done with the account.

use super::MODULE;
use super::account_table::{self, Account};
use super::backup::Backup;
use super::test_connection;
use crate::error::Error;
use crate::journal::{self, Answer, End, Record};

pub const ADD: &str = "add account";

/// Seconds between our row and the server's clock. The server's own time is asked, so this is only rounding and travel.
const ROUNDING: i64 = 10;

/// Asks what became of an `add-user` whose answer was lost. A name that is not there now was not made.
pub fn settle(backup: &mut Backup<'_>, account: &mut Account) -> Result<(), Error> {
    while let Some(record) = undecided(backup)? {
        let end = if claim(backup, account, &record)? {
            End::Done
        } else {
            End::Failed
        };
        decide(backup, &record, end)?;
    }
    Ok(())
}

/// The same right after the answer was lost: the server may still be at it, so only what is there is decided.
pub fn look(backup: &mut Backup<'_>, account: &mut Account) -> Result<(), Error> {
    if let Some(record) = undecided(backup)?
        && claim(backup, account, &record)?
    {
        decide(backup, &record, End::Done)?;
    }
    Ok(())
}

fn undecided(backup: &mut Backup<'_>) -> Result<Option<Record>, Error> {
    let owner = backup.service.owner;
    Ok(journal::undecided(
        &mut backup.database,
        MODULE,
        owner,
        ADD,
    )?)
}

/// The account is this service's only if it is younger than the request and holds nothing yet; a name that existed
/// before is somebody else's.
fn claim(backup: &mut Backup<'_>, account: &mut Account, record: &Record) -> Result<bool, Error> {
    if !backup.is_listed(&account.username)? {
        return Ok(false);
    }
    let profile = backup.read_profile(&account.username)?;
    let sent = test_connection::about(&backup.api())?.current_time - record.age;
    if profile.created_at() < sent - ROUNDING || !profile.is_unused() {
        return Ok(false);
    }
    let guid = profile.creation_guid();
    account_table::created(&mut backup.database, account.row, Some(&guid))?;
    account.creation_guid = Some(guid);
    account.is_planned = false;
    Ok(true)
}

fn decide(backup: &mut Backup<'_>, record: &Record, end: End) -> Result<(), Error> {
    let found = if end == End::Done {
        "the account is there"
    } else {
        "no account of ours is there"
    };
    let answer = Answer {
        text: format!("asked: {found}"),
        ..Answer::default()
    };
    journal::decide(&mut backup.database, record, end, &answer)?;
    Ok(())
}
