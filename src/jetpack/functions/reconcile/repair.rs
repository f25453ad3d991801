//! The two things that are put right: a license revoked at Jetpack, and a revocation whose answer was lost.

use super::budget::{Questions, status};
use super::range;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::session::{Licensing, REVOKE, answer_of};
use crate::jetpack::tables::licenses::{self, Reason};
use crate::jetpack::tables::licenses_listing::Surveyed;
use crate::journal::{self, Answer, End, Intent, Lease};
use crate::reconciliation::Run;
use crate::service_id::Owner;
use crate::whmcs::services::{self, Part, Sold};

/// Takes down that Jetpack has revoked the license, in the service's turn: nothing is sent.
pub fn revoked_there(
    run: &mut Run,
    database: &mut Database,
    row: &Surveyed,
    at: &str,
) -> Result<(), Error> {
    let hint = row.license.key.hint();
    let closed = if let Some(owner) = row.owner {
        close(database, row, owner, at)?
    } else {
        licenses::revoke(database, row.license.row, at, Reason::AtJetpack)?;
        true
    };
    if closed {
        let sentence = format!(
            "The license {hint} was revoked at Jetpack on {at} UTC, and is now recorded so. Run Create to issue a new one, or ask Jetpack why."
        );
        run.repaired(row.owner, &sentence);
    }
    Ok(())
}

/// False where another command is at work on the service, or was faster: the next run sees what is left.
fn close(database: &mut Database, row: &Surveyed, owner: Owner, at: &str) -> Result<bool, Error> {
    let asked = format!("see whether the license {} lives", row.license.key.hint());
    let intent = Intent {
        module: MODULE,
        owner,
        operation: "reconcile",
        asked: &asked,
    };
    let entry = match journal::begin(database, &intent, Lease::WITHOUT_REQUEST) {
        Err(Error::Busy { .. }) => return Ok(false),
        entry => entry?,
    };
    let answer = Answer {
        text: format!(
            "Jetpack revoked the license {} at {at}",
            row.license.key.hint()
        ),
        ..Answer::default()
    };
    let stored = database.transaction("store the revocation", |transaction| {
        let id = row.license.row;
        let closed = licenses::revoke_within(transaction, id, at, Reason::AtJetpack)?;
        if closed {
            journal::done_within(transaction, &entry, &answer)?;
        }
        Ok(closed)
    });
    match stored {
        Ok(true) => Ok(true),
        Ok(false) => {
            journal::withdraw(database, &entry)?;
            Ok(false)
        }
        Err(fault) => {
            let error = Error::from(fault);
            let failure = answer_of(&error);
            database.persist(|database| journal::end(database, &entry, End::Failed, &failure))?;
            Err(error)
        }
    }
}

/// Asks what became of revocations whose answer was lost. One request each.
pub fn lost_revocations(
    questions: &mut Questions<'_>,
    run: &mut Run,
    database: &mut Database,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = journal::survey::unknown_page(database, MODULE, REVOKE, after)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        run.alive(database)?;
        let mut owners: Vec<Owner> = page.into_iter().map(|open| open.owner).collect();
        owners.sort_by_key(|owner| (owner.kind(), owner.id()));
        owners.dedup();
        for owner in owners {
            if let Some(sold) = sold_to(run, database, owner)?
                && questions.may_ask()
            {
                decide(questions, run, &sold)?;
            }
        }
    }
}

fn decide(questions: &mut Questions<'_>, run: &mut Run, sold: &Sold) -> Result<(), Error> {
    let service = sold.service(questions.settings());
    let mut licensing = Licensing::open(questions.host(), &service)?;
    questions.asked += 1;
    match licensing.ask_about_revocations() {
        Ok(_) => run.repaired(
            Some(sold.owner),
            "What became of a revocation whose answer was lost was asked of Jetpack and is taken down.",
        ),
        Err(error @ Error::Database { .. }) => return Err(error),
        // What Jetpack refuses, or a product without token: the others may be answered.
        Err(error) if matches!(status(&error), Some(400..=404)) => {}
        Err(Error::Config(_) | Error::Refusal(_)) => {}
        Err(error) => questions.stop(&error),
    }
    Ok(())
}

/// What WHMCS has of the owner, where the run looks at it and the module still serves it.
fn sold_to(run: &Run, database: &mut Database, owner: Owner) -> Result<Option<Sold>, Error> {
    let part = match owner {
        Owner::Service(_) => Part::Services,
        Owner::Addon { .. } => Part::Addons,
    };
    let Some((after, last)) = range(run, part) else {
        return Ok(None);
    };
    let id = owner.id();
    if id <= after || id > last {
        return Ok(None);
    }
    let found = services::page(database, MODULE, part, id.saturating_sub(1), id)?;
    Ok(found.into_iter().next())
}
