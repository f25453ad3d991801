//! `jetpack_AdminServicesTabFieldsSave`: records a license that staff found in the partner portal after a lost answer. One
//! request.

use super::issue_again::{decided_meanwhile, issued_for};
use crate::error::Error;
use crate::jetpack::api::license::LicenseKey;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::licenses::{self, Place};
use crate::journal::{self, Answer, End};
use crate::php_value::Value;
use crate::text::decode_entities;
use crate::whmcs::{Host, Service};

/// Name of the posted field.
pub const FIELD: &str = "jetpack_found_license_key";

/// The key that was typed into the form; `None` where the field is empty or was not shown.
pub fn typed(form: &Value) -> Option<String> {
    let typed = decode_entities(&form.get(FIELD).text()?);
    Some(typed).filter(|typed| !typed.trim().is_empty())
}

/// Checks the key at Jetpack and stores it for the service whose request had no known end.
///
/// # Errors
/// Where nothing is open for the service, or the key is revoked, unknown to Jetpack, or another service's.
pub fn run(host: &dyn Host, service: &Service, typed: &str) -> Result<(), Error> {
    let unusable = |sentence: &str| Error::Refusal(sentence.to_owned());
    let key = LicenseKey::new(typed.trim())
        .ok_or_else(|| unusable("The license key that was entered is not one: copy it from the Jetpack partner portal again."))?;
    let mut session = LicenseSession::open(host, service)?;
    let open = session.undecided()?;
    let record = open.ok_or_else(|| {
        unusable("No lost answer is open for this service, so the license key that was entered is not needed.")
    })?;
    if licenses::holds(&mut session.database, &key)? {
        return Err(held_already());
    }
    let license = session.api()?.license(&key)?;
    if license.revoked_at.is_some() {
        return Err(unusable(
            "The license that was entered is revoked at Jetpack. If no other license was issued, press Not issued: try again.",
        ));
    }
    let slug = issued_for(&record.asked).map_or_else(|| session.slug(), Ok)?;
    let answer = Answer {
        text: format!("staff found the license {}", key.hint()),
        remote_id: license.id.map(|id| id.to_string()),
        request_id: record.request_id.clone(),
    };
    let refused = session
        .database
        .transaction("store the license", |transaction| {
            // The same key may be entered for two services at once, and the table has no unique key for it.
            journal::with_claim(transaction, &record, key.expose(), |transaction| {
                if licenses::holds_within(transaction, &key)? {
                    return Ok(Some(held_already()));
                }
                // The row is decided once: a second save finds it decided, and adds nothing.
                if !journal::decide_within(transaction, &record, End::Done, &answer)? {
                    return Ok(Some(decided_meanwhile()));
                }
                licenses::insert_within(transaction, &Place::of(service), slug.as_str(), &license)?;
                Ok(None)
            })
        })?;
    let active = refused.map_or_else(|| session.active(), Err);
    session.finish(active)
}

fn held_already() -> Error {
    Error::Refusal(
        "The license key that was entered is in the license table already, for this or another service.".into(),
    )
}
