//! What became of an `add-user` whose answer was lost: asked before anything else is done with the account.

use super::MODULE;
use super::account_table::{self, Account};
use super::backup::Backup;
use super::test_connection;
use crate::error::{Error, plain};
use crate::journal::{self, Answer, End, Record};

pub const ADD: &str = "add account";

/// Seconds between our row and the server's clock. The server's own time is asked, so this is only rounding and travel.
const ROUNDING: i64 = 10;

/// Seconds after which a request that nobody waits for any more is not carried out either. Until then an account
/// that is not there may still come, and a plan may not be given up.
const MAY_STILL_COME: i64 = 120;

/// Asks what became of an `add-user` whose answer was lost. A name that is free may be asked for again at once: the
/// server gives it to one request only.
pub fn settle(backup: &mut Backup<'_>, account: &mut Account) -> Result<(), Error> {
    let owner = backup.service.owner;
    while let Some(record) = journal::undecided(&mut backup.database, MODULE, owner, ADD)? {
        let (end, found) = if !backup.is_listed(&account.username)? {
            if record.age < MAY_STILL_COME {
                return Ok(());
            }
            (End::Failed, "no account is there")
        } else if claim(backup, account, &record)? {
            (End::Done, "the account is there")
        } else {
            (End::Failed, "the account of somebody else is there")
        };
        let answer = Answer {
            text: format!("asked: {found}"),
            ..Answer::default()
        };
        journal::decide(&mut backup.database, &record, end, &answer)?;
    }
    Ok(())
}

/// The account is this service's only if it was made while its request was under way, or later and holds nothing yet:
/// a name that existed before is somebody else's.
fn claim(backup: &mut Backup<'_>, account: &mut Account, record: &Record) -> Result<bool, Error> {
    let profile = backup.read_profile(&account.username)?;
    let sent = test_connection::about(&backup.api())?.current_time - record.age;
    let after = profile.created_at() - sent;
    if after < -ROUNDING || (after > MAY_STILL_COME && !profile.is_unused()) {
        return Ok(false);
    }
    let guid = profile.creation_guid();
    account_table::created(&mut backup.database, account.row, Some(&guid))?;
    account.creation_guid = Some(guid);
    account.is_planned = false;
    Ok(true)
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
