//! `jetpack_AdminServicesTabFieldsSave`: records a license that staff found after a lost answer: one that the service page
//! proposes, or one of the partner portal. One request.

use super::issue_again::decided_meanwhile;
use crate::clock;
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{License, LicenseKey};
use crate::jetpack::licensing::lost_issue::{self, Stored, Taken, issued_for};
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::{found_licenses, licenses};
use crate::journal::{Answer, Record};
use crate::php_value::Value;
use crate::text::decode_entities;
use crate::whmcs::{Host, Service};

/// The posted fields: a key of the partner portal, that it is meant although it is old, one of those proposed.
pub const KEY: &str = "jetpack_found_license_key";
pub const OLD: &str = "jetpack_found_license_is_old";
pub const CHOSEN: &str = "jetpack_found_license";

/// Seconds before the request from which a license is more likely another's.
const A_DAY: i64 = 86_400;

/// The license that staff have entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    license: Entry,
    may_be_old: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Key(String),
    /// The hash of a key that the page proposes.
    Proposal(String),
}

/// Returns what was entered into the form; `None` where nothing was, or the fields were not shown.
pub fn entered(form: &Value) -> Option<Entered> {
    let field = |name| {
        let typed = form.get(name).text().map(|typed| decode_entities(&typed));
        typed.filter(|typed| !typed.trim().is_empty())
    };
    let license = match field(KEY) {
        Some(key) => Entry::Key(key),
        None => Entry::Proposal(field(CHOSEN)?),
    };
    Some(Entered {
        license,
        may_be_old: field(OLD).is_some(),
    })
}

/// Checks the key at Jetpack and stores it for the service whose request had no known end.
///
/// # Errors
/// Where nothing is open for the service, or the key is revoked, unknown to Jetpack, another service's, or much older than
/// the request.
pub fn run(host: &dyn Host, service: &Service, entered: &Entered) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    let typed = match &entered.license {
        Entry::Key(typed) => Some(key_of(typed)?),
        Entry::Proposal(_) => None,
    };
    let open = session.undecided()?;
    let record = open.ok_or_else(|| {
        unusable("No lost answer is open for this service, so the license key that was entered is not needed.")
    })?;
    let slug = issued_for(&record.asked).map_or_else(|| session.slug(), Ok)?;
    let key = match (&entered.license, typed) {
        (Entry::Proposal(hash), _) => {
            let proposed =
                found_licenses::proposed(&mut session.database, slug.as_str(), &record.at)?;
            let chosen = proposed.into_iter().find(|proposal| proposal.hash == *hash);
            chosen.map(|proposal| proposal.key).ok_or_else(|| {
                unusable("The license that was chosen is not among those that were found any more. Open the service page again.")
            })?
        }
        (Entry::Key(typed), None) => key_of(typed)?,
        (Entry::Key(_), Some(key)) => key,
    };
    if licenses::holds(&mut session.database, &key)? {
        return Err(held_already());
    }
    let api = session.api()?;
    let license = api.license(&key)?;
    if license.revoked_at.is_some() {
        return Err(unusable(
            "The license that was entered is revoked at Jetpack. If no other license was issued, press Not issued: try again.",
        ));
    }
    if !entered.may_be_old {
        refuse_old(&api, &record, &license)?;
    }
    let answer = Answer {
        text: format!("staff found the license {}", key.hint()),
        remote_id: license.id.map(|id| id.to_string()),
        request_id: record.request_id.clone(),
    };
    let taken = lost_issue::store(
        host,
        &mut session.database,
        &Stored {
            row: record.id,
            service,
            slug: slug.as_str(),
            license: &license,
            answer: &answer,
            // A person has looked.
            spares_others: false,
        },
    )?;
    let active = match taken {
        Taken::Stored => session.active(),
        Taken::Held => Err(held_already()),
        // The row is decided once: a second save finds it decided, and adds nothing.
        Taken::Decided | Taken::Spared => Err(decided_meanwhile()),
    };
    session.finish(active)
}

fn key_of(typed: &str) -> Result<LicenseKey, Error> {
    LicenseKey::new(typed.trim()).ok_or_else(|| {
        unusable("The license key that was entered is not one: copy it from the Jetpack partner portal again.")
    })
}

/// A license that is older than the request by a day is not what it issued, as far as both clocks can say.
fn refuse_old(api: &Api<'_>, record: &Record, license: &License) -> Result<(), Error> {
    let issued = license.issued_at.as_deref().and_then(clock::unix);
    let (Some(issued), Some(age)) = (issued, record.age) else {
        return Ok(());
    };
    if issued >= api.now() - age - A_DAY {
        return Ok(());
    }
    Err(Error::Refusal(format!(
        "The license {} was issued on {} UTC, more than a day before the request whose answer was lost: it is likely another's. If it is meant all the same, enter it again and tick that it may be old.",
        license.key.hint(),
        clock::stored(issued)
    )))
}

fn unusable(sentence: &str) -> Error {
    Error::Refusal(sentence.to_owned())
}

fn held_already() -> Error {
    Error::Refusal(
        "The license key that was entered is in the license table already, for this or another service.".into(),
    )
}
