//! Lost answers: what became of an `add-user` whose answer was lost, asked before anything else is done with the account,
//! and of a `delete-user`.

use super::devices::{self, REMOVE};
use super::session::AccountSession;
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::api::{Api, Call};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_info::ServerInfo;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::database::Database;
use crate::error::Error;
use crate::journal::{self, Answer, End, Record};
use crate::text::plain;

pub const ADD: &str = "add account";
pub const DELETE: &str = "delete account";

/// Seconds between our row and the server's clock. The server's own time is asked, so this is only rounding and travel.
const ROUNDING: i64 = 10;

/// How long the server may still carry out a request whose answer was lost. Until then a missing account proves nothing,
/// and an existing one may still be deleted. Seconds.
pub const MAY_STILL_COME: i64 = 120;

/// An account of the planned name, as the server has it.
pub struct ExistingAccount {
    pub creation_guid: String,
    /// Unix seconds, as the next.
    pub created_at: i64,
    /// The server's clock.
    pub now: i64,
    /// It holds nothing yet, or has the password that was sent.
    pub may_be_ours: bool,
}

/// Asks what became of an `add-user` whose answer was lost. A name that is free may be asked for again at once: the
/// server gives it to one request only.
pub fn settle(session: &mut AccountSession<'_>, account: &mut Account) -> Result<(), Error> {
    while let Some(record) = session.undecided(ADD)? {
        let found = find(session, account)?;
        if found.is_none() && record.is_younger_than(MAY_STILL_COME) {
            return Ok(());
        }
        decide(&mut session.database, account, &record, found)?;
    }
    Ok(())
}

/// Closes a deletion whose answer was lost, for an account that was just read: it was not carried out.
pub fn settle_deletion(session: &mut AccountSession<'_>) -> Result<(), Error> {
    let answer = Answer {
        text: "asked: the account is there".into(),
        ..Answer::default()
    };
    while let Some(record) = session.undecided(DELETE)? {
        if record.is_younger_than(MAY_STILL_COME) {
            break;
        }
        journal::decide(&mut session.database, record.id, End::Failed, &answer)?;
    }
    Ok(())
}

/// Closes lost answers of an account that staff had read: what is not known of requests needs no answer any more, as the
/// page shows what the account is now. A deletion was not carried out, or it would be gone; an `add-user` is asked for by
/// `settle` only.
pub fn settle_as_read(
    session: &mut AccountSession<'_>,
    account: &Account,
    profile: &Profile,
) -> Result<(), Error> {
    let service_id = session.service.id;
    let records = journal::all_undecided(&mut session.database, MODULE, service_id)?;
    for record in records {
        if record.operation == ADD || record.is_younger_than(MAY_STILL_COME) {
            continue;
        }
        let mut devices = profile.device_ids().into_iter();
        let is_there = |device: String| devices::removal(account, &device) == record.asked;
        let (end, text) = match record.operation.as_str() {
            DELETE => (End::Failed, "asked: the account is there"),
            REMOVE if devices.any(is_there) => (End::Failed, "asked: the device is there"),
            REMOVE => (End::Done, "asked: the device is not there"),
            _ => (
                End::Failed,
                "not known; the account was read since, and its page shows what it is now",
            ),
        };
        let answer = Answer {
            text: text.into(),
            ..Answer::default()
        };
        journal::decide(&mut session.database, record.id, end, &answer)?;
    }
    Ok(())
}

fn find(session: &AccountSession<'_>, account: &Account) -> Result<Option<ExistingAccount>, Error> {
    if !session.is_listed(&account.username)? {
        return Ok(None);
    }
    let profile = session.read_profile(&account.username)?;
    Ok(Some(ExistingAccount {
        creation_guid: profile.creation_guid(),
        created_at: profile.created_at(),
        now: ServerInfo::read(&session.api())?.current_time,
        may_be_ours: profile.is_unused() || has_our_password(session, account)?,
    }))
}

/// Opens a session with it, which ends by itself.
fn has_our_password(session: &AccountSession<'_>, account: &Account) -> Result<bool, Error> {
    let Ok(password) = session.password_for_creation() else {
        return Ok(false);
    };
    let customer = CometServer {
        username: account.username.clone(),
        password,
        ..session.server.clone()
    };
    let task = format!("try the password of {}", plain(&account.username));
    let call = Call::without_fields("session/start", &task);
    let opened = Api::new(session.host, &customer)
        .of_customers()
        .read(&call, |_| Some(()));
    match opened {
        Ok(()) => Ok(true),
        Err(Error::Refused { status, .. }) if status < 500 && status != 429 => Ok(false),
        Err(error) => Err(error),
    }
}

/// Decides whose an existing account is: this service's only if it is younger than the request and may be its own. A name
/// that existed before is somebody else's.
pub fn decide(
    database: &mut Database,
    account: &mut Account,
    record: &Record,
    found: Option<ExistingAccount>,
) -> Result<(), Error> {
    let (end, said) = match found {
        None => (End::Failed, "no account is there"),
        Some(found)
            if found.may_be_ours
                && !found.is_older_than(record)
                && accounts::created(database, account.row, Some(&found.creation_guid))? =>
        {
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
    journal::decide(database, record.id, end, &answer)?;
    Ok(())
}

impl ExistingAccount {
    /// Whether somebody else had the name before it was asked for. Where it is not known when that was, nobody's account
    /// is taken.
    pub const fn is_older_than(&self, record: &Record) -> bool {
        match record.age {
            Some(age) => self.created_at < self.now - age - ROUNDING,
            None => true,
        }
    }
}

/// Refuses a command while a lost request may still create the account.
///
/// # Errors
/// `Error::Refusal` while the account may still come, because its request may still be carried out.
pub fn refuse_while_it_may_come(
    session: &mut AccountSession<'_>,
    account: &Account,
) -> Result<(), Error> {
    session.undecided(ADD)?.map_or(Ok(()), |record| {
        Err(Error::Refusal(format!(
            "The Comet account {} was asked for on {} UTC and the answer was lost; it may still be created. Run this again in {} minutes.",
            plain(&account.username),
            record.at,
            MAY_STILL_COME / 60
        )))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An account made at 10,000, looked at when the server's clock says 10,100.
    fn is_older_than_a_request_of(age: Option<i64>) -> bool {
        let found = ExistingAccount {
            creation_guid: String::new(),
            created_at: 10_000,
            now: 10_100,
            may_be_ours: true,
        };
        let record = Record {
            id: 1,
            operation: ADD.into(),
            state: "unknown".into(),
            asked: String::new(),
            answered: String::new(),
            request_id: None,
            at: "2026-01-15 10:00:01".into(),
            age,
        };
        found.is_older_than(&record)
    }

    #[test]
    fn an_account_from_before_the_request_is_somebody_elses() {
        assert!(is_older_than_a_request_of(Some(80)));
        assert!(!is_older_than_a_request_of(Some(100)));
        assert!(!is_older_than_a_request_of(Some(500)));
    }

    #[test]
    fn both_clocks_may_round() {
        assert!(!is_older_than_a_request_of(Some(100 - ROUNDING)));
        assert!(is_older_than_a_request_of(Some(100 - ROUNDING - 1)));
    }

    #[test]
    fn where_the_time_of_the_request_is_not_known_nobodys_account_is_taken() {
        assert!(is_older_than_a_request_of(None));
    }
}
