//! Repairs of our own table: a license revoked at Jetpack, and a revocation whose answer was lost.

use super::budget::{Budget, status};
use super::range;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::session::{LicenseSession, REVOKE};
use crate::jetpack::tables::licenses::{self, Reason};
use crate::jetpack::tables::licenses_listing::Surveyed;
use crate::journal::operation;
use crate::journal::{self, Answer, Lease, Operation, ServiceLock};
use crate::reconciliation::Run;
use crate::service_id::ServiceId;
use crate::whmcs::services::{self, ServiceKind, ServiceRow};

/// Records that Jetpack has revoked the license, under the service's lock. No request.
pub fn revoked_there(
    run: &mut Run,
    database: &mut Database,
    row: &Surveyed,
    at: &str,
) -> Result<(), Error> {
    let hint = row.license.key.hint();
    let closed = if let Some(service_id) = row.service_id {
        close(database, row, service_id, at)?
    } else {
        licenses::revoke(database, row.license.row, at, Reason::AtJetpack)?;
        true
    };
    if closed {
        let sentence = format!(
            "The license {hint} was revoked at Jetpack on {at} UTC, and is now recorded so. Run Create to issue a new one, or ask Jetpack why."
        );
        run.repaired(row.service_id, &sentence);
    }
    Ok(())
}

/// False where another command is at work on the service, or was faster: the next run sees what is left.
fn close(
    database: &mut Database,
    row: &Surveyed,
    service_id: ServiceId,
    at: &str,
) -> Result<bool, Error> {
    let lock = match ServiceLock::acquire(database, MODULE, service_id, Lease::WITHOUT_REQUEST) {
        Err(Error::Busy { .. }) => return Ok(false),
        lock => lock?,
    };
    let hint = row.license.key.hint();
    let found = Operation {
        name: "reconcile",
        asked: &format!("see whether the license {hint} is active"),
    };
    let answer = Answer {
        text: format!("Jetpack revoked the license {hint} at {at}"),
        ..Answer::default()
    };
    let task = "store the revocation";
    let closed = operation::record(database, &lock, task, (found, &answer), |transaction| {
        licenses::revoke_within(transaction, row.license.row, at, Reason::AtJetpack)
    });
    lock.release_after(database, closed.map_err(Error::from))
}

/// Asks what became of revocations whose answer was lost. One request each.
pub fn lost_revocations(
    budget: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = journal::listing::unknown_page(database, MODULE, REVOKE, after)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        run.alive(database)?;
        let mut owners: Vec<ServiceId> = page.into_iter().map(|open| open.service_id).collect();
        owners.sort_by_key(|service_id| (service_id.kind(), service_id.number()));
        owners.dedup();
        for service_id in owners {
            if let Some(sold) = sold_to(run, database, service_id)?
                && budget.may_ask()
            {
                decide(budget, run, &sold)?;
            }
        }
    }
}

fn decide(budget: &mut Budget<'_>, run: &mut Run, sold: &ServiceRow) -> Result<(), Error> {
    let service = sold.service(budget.settings());
    let mut session = LicenseSession::open(budget.host(), &service)?;
    budget.asked += 1;
    match session.load_settled() {
        Ok(_) => run.repaired(
            Some(sold.service_id),
            "A revocation whose answer was lost has been checked at Jetpack and recorded.",
        ),
        Err(error @ Error::Database(_)) => return Err(error),
        // What Jetpack refuses, or a product without token: the others may be answered.
        Err(error) if matches!(status(&error), Some(400..=404)) => {}
        Err(Error::Config(_) | Error::Refusal(_)) => {}
        Err(error) => budget.stop(&error),
    }
    Ok(())
}

/// Returns what WHMCS has of the owner, where the run looks at it and the module still serves it.
pub fn sold_to(
    run: &Run,
    database: &mut Database,
    service_id: ServiceId,
) -> Result<Option<ServiceRow>, Error> {
    let part = match service_id {
        ServiceId::Service(_) => ServiceKind::Services,
        ServiceId::Addon { .. } => ServiceKind::Addons,
    };
    let Some((after, last)) = range(run, part) else {
        return Ok(None);
    };
    let id = service_id.number();
    if id <= after || id > last {
        return Ok(None);
    }
    let found = services::page(database, MODULE, part, id.saturating_sub(1), id)?;
    Ok(found.into_iter().next())
}
