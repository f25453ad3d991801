//! The adoption of licenses at Jetpack that are in no row of the license table: staff give one to a service, and take it back.

use super::session::LicenseSession;
use crate::error::Error;
use crate::hash::sha256;
use crate::jetpack::OPTION_TOKEN;
use crate::jetpack::api::license::{LicenseKey, Token};
use crate::jetpack::tables::licenses::{self, LicensePlace, StoredLicense};
use crate::jetpack::tables::unassigned::{self, Unassigned};
use crate::jetpack::tables::{found_licenses, licenses_site};
use crate::journal::{Answer, End, Operation, Record};
use crate::whmcs::{Service, ServiceStatus};

/// The name of the operation in the journal.
pub const ADOPT: &str = "adopt";
const TAKE_BACK: &str = "take back";
/// The hint of the key follows.
const ADOPTED: &str = "adopt the license ";

/// Returns product and token of what was sold, as the unassigned licenses name them.
pub fn sold_by(service: &Service) -> Option<(String, String)> {
    let slug = service.options.at(crate::jetpack::OPTION_PRODUCT)?.trim();
    let token = Token::new(service.options.at(OPTION_TOKEN)).ok()?;
    (!slug.is_empty()).then(|| (slug.to_owned(), sha256(token.secret().expose())))
}

/// Whether a service in this state takes a license.
pub fn may_adopt(service: &Service, active: &[StoredLicense]) -> bool {
    let wanted = service.quantity.unwrap_or(1) as usize;
    let is_served = service.status.is_in_use() || service.status == ServiceStatus::Pending;
    is_served && active.len() < wanted
}

/// Checks the license at Jetpack and stores it for the service, under its lock. One request. Returns what is active then.
///
/// # Errors
/// `Error::Undecided` while a lost answer may stand for a license that nobody knows of. Where the service needs none or sells
/// something else, and where the license is revoked or taken by now.
pub fn give(
    session: &mut LicenseSession<'_>,
    active: Vec<StoredLicense>,
    found: &Unassigned,
) -> Result<Vec<StoredLicense>, Error> {
    let mut active = session.active_once_decided(active)?;
    let service = session.service;
    if !may_adopt(service, &active) {
        return Err(refusal(
            "The service has its licenses, or is not active: it adopts none.",
        ));
    }
    if sold_by(service)
        .as_ref()
        .is_none_or(|(slug, token)| *slug != found.slug || *token != found.token_hash)
    {
        return Err(refusal(
            "The license is of another product or API Token than the service. Open the service page again.",
        ));
    }
    let license = session.api()?.license(&found.key)?;
    if license.revoked_at.is_some() {
        return Err(refusal(
            "The license is revoked at Jetpack by now; the next reconciliation sees that.",
        ));
    }
    let hint = found.key.hint();
    let operation = Operation {
        name: ADOPT,
        asked: &format!("{ADOPTED}{hint}"),
    };
    let answer = Answer {
        text: format!("gave the license {hint} to the service"),
        remote_id: license.id.map(|id| id.to_string()),
        request_id: None,
    };
    let place = LicensePlace {
        // Nothing happens to its site by itself.
        step: None,
        ..LicensePlace::of(service)
    };
    let stored = std::cell::RefCell::new(None);
    let is_stored = session.record("adopt the license", (operation, &answer), |transaction| {
        found_licenses::claim_within(transaction, &found.key, place.service_id)?;
        if licenses::holds_within(transaction, &found.key)? {
            return Ok(false);
        }
        if !unassigned::adopt_within(transaction, found.row)? {
            found_licenses::give_back_within(transaction, &found.key)?;
            return Ok(false);
        }
        let row = licenses::insert_within(transaction, &place, &found.slug, &license)?;
        if let Some(site) = &found.site {
            licenses_site::attached_within(transaction, row.row, site)?;
        }
        stored.replace(Some(row));
        Ok(true)
    })?;
    let row = stored.into_inner().filter(|_| is_stored).ok_or_else(|| {
        refusal("The license was given to a service in the meantime. Open the service page again.")
    })?;
    active.push(row);
    Ok(active)
}

/// Returns the license that the service has adopted, where that was the last thing that happened to it.
pub fn can_be_taken_back<'a>(
    last: &Record,
    active: &'a [StoredLicense],
) -> Option<&'a StoredLicense> {
    let hint = last.asked.strip_prefix(ADOPTED)?;
    let is_last = last.operation == ADOPT && last.ended(End::Done);
    let newest = active.iter().max_by_key(|license| license.row);
    newest.filter(|license| is_last && license.key.hint() == hint)
}

/// Takes the license from the service again, under its lock. No request.
///
/// # Errors
/// That it was revoked in the meantime.
pub fn take_back(session: &mut LicenseSession<'_>, license: &StoredLicense) -> Result<(), Error> {
    let hint = license.key.hint();
    let operation = Operation {
        name: TAKE_BACK,
        asked: &format!("take the license {hint} back"),
    };
    let answer = Answer {
        text: format!("took the license {hint} from the service"),
        ..Answer::default()
    };
    let key: &LicenseKey = &license.key;
    let is_done = session.record(
        "take the license back",
        (operation, &answer),
        |transaction| {
            if !licenses::remove_within(transaction, license.row)? {
                return Ok(false);
            }
            found_licenses::give_back_within(transaction, key)?;
            unassigned::give_back_within(transaction, key)?;
            Ok(true)
        },
    )?;
    if is_done {
        return Ok(());
    }
    Err(refusal(
        "The license was revoked in the meantime, so it stays with the service.",
    ))
}

fn refusal(sentence: &str) -> Error {
    Error::Refusal(sentence.to_owned())
}
