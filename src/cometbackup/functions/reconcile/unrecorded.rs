//! Accounts that the PHP module created and our table does not have: recorded where the rule of `adoption` gives them to
//! a service, else shown to staff.

use super::compare::Mismatch;
use super::services::Entry;
use crate::cometbackup::account::adoption::{
    self, AdoptionVerdict, ClaimEvidence, UnrecordedAccount,
};
use crate::cometbackup::comet::server_identity::ServerPlace;
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::claims::Claims;
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::Run;
use crate::text::plain;
use crate::whmcs::ServiceStatus;

/// Judges the accounts of a page of services. Five statements where there are any, and one for each that is recorded.
pub fn record(
    run: &mut Run,
    database: &mut Database,
    place: &ServerPlace,
    page: &mut [Entry],
) -> Result<(), Error> {
    let is_candidate = |entry: &Entry| {
        entry.service.claim.is_some() && found(entry).is_some() && !entry.is_disputed
    };
    let entries = || page.iter().filter(|entry| is_candidate(entry));
    let names: Vec<&str> = entries().map(|entry| entry.name.as_ref()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let guids: Vec<String> = entries()
        .filter_map(found)
        .map(|found| found.guid)
        .collect();
    let guids: Vec<&str> = guids.iter().map(String::as_str).collect();
    let claims = Claims::read(database, &names, &guids)?;
    for entry in page.iter_mut().filter(|entry| is_candidate(entry)) {
        let Some(found) = found(entry) else {
            continue;
        };
        match judge(entry, &found, &claims) {
            AdoptionVerdict::ByItself => {
                let guid = Some(found.guid.as_str());
                if accounts::record(database, entry.service_id, place, &entry.name, guid)? {
                    entry.record = RecordState::Created;
                    let sentence = format!(
                        "The Comet account {}, which the PHP module created, was recorded.",
                        plain(&entry.name)
                    );
                    run.repaired(Some(entry.service_id), &sentence);
                }
            }
            AdoptionVerdict::ByStaff(doubts) => {
                if let Some(claim) = &mut entry.service.claim {
                    claim.doubts = doubts;
                }
            }
            AdoptionVerdict::Anothers(holder) => {
                if let Some(claim) = &mut entry.service.claim {
                    claim.holder = Some(holder);
                }
            }
            AdoptionVerdict::Never => {}
        }
    }
    Ok(())
}

fn judge(entry: &Entry, found: &UnrecordedAccount, claims: &Claims) -> AdoptionVerdict {
    let claim = entry.service.claim.as_deref();
    let evidence = ClaimEvidence {
        is_pending: entry.service.status == Some(ServiceStatus::Pending),
        is_in_column: claim.is_some_and(|claim| claim.is_in_column),
        registered: claim.and_then(|claim| claim.registered),
        ..claims.evidence(&entry.name, &found.guid, entry.service_id)
    };
    adoption::judge(&evidence, found)
}

/// The account as the server lists it.
fn found(entry: &Entry) -> Option<UnrecordedAccount> {
    let observed = entry.observed.as_ref()?;
    Some(UnrecordedAccount {
        guid: observed.guid.as_deref().unwrap_or_default().to_owned(),
        created_at: observed.created_at,
        devices: observed.device_count,
    })
}

/// Returns what staff have to decide, and which account it is about.
pub fn undecided(entry: &Entry) -> Option<(Mismatch, String)> {
    let claim = entry
        .service
        .claim
        .as_ref()
        .filter(|_| entry.record == RecordState::None)?;
    let found = found(entry)?;
    let text = match claim.holder {
        None if claim.doubts.is_empty() => return None,
        None => adoption::shown(&entry.name, &found, &claim.doubts),
        holder => adoption::of_another(&entry.name, holder),
    };
    Some(((adoption::KIND, text), found.subject(&entry.name)))
}

/// Marks accounts of services that are over where another service names them: no finding advises to delete those. Four
/// statements where there are any.
pub fn mark_claimed(database: &mut Database, page: &mut [Entry]) -> Result<(), Error> {
    let is_left_over = |entry: &Entry| {
        entry.record == RecordState::Created && entry.is_over() && entry.observed.is_some()
    };
    let names: Vec<&str> = page
        .iter()
        .filter(|entry| is_left_over(entry))
        .map(|entry| entry.name.as_ref())
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let claims = Claims::read(database, &names, &[])?;
    for entry in page.iter_mut().filter(|entry| is_left_over(entry)) {
        entry.service.claimed_by = claims
            .others(&entry.name, Some(entry.service_id))
            .into_iter()
            .next();
    }
    Ok(())
}
