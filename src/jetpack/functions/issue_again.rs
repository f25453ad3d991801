//! `jetpack_IssueAgain`, the button "Not issued: try again": closes a lost answer after a person has looked in the partner
//! portal and found no license.

use super::{change_package, create_account};
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::lost_issue::issued_for;
use crate::jetpack::licensing::session::LicenseSession;
use crate::journal::{self, Answer, End};
use crate::whmcs::{Host, Service, ServiceStatus};

/// Nobody has looked yet: a second click follows the first, and its question is another.
const TOO_SOON: i64 = 60;

/// Closes the question whether the lost request issued a license, then finishes what was begun, unless
/// the service is suspended or has ended.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    journal::close_abandoned(&mut session.database, MODULE, service.id)?;
    let open = session.undecided()?;
    let record = open.ok_or_else(|| {
        Error::Refusal(
            "No lost answer is open for this service. Use Create to issue its license.".into(),
        )
    })?;
    if record.is_younger_than(TOO_SOON) {
        return Err(Error::Refusal(format!(
            "The answer was lost less than a minute ago, on {} UTC. Look into the Jetpack partner portal first, then press the button again.",
            record.at
        )));
    }
    let is_settled = session.settle_issue()?;
    let answer = Answer {
        text: format!("staff found no license; before: {}", record.answered),
        remote_id: None,
        request_id: record.request_id.clone(),
    };
    // What staff have not found the list may show.
    if !is_settled && !journal::decide(&mut session.database, record.id, End::Failed, &answer)? {
        return Err(decided_meanwhile());
    }
    if service.status == ServiceStatus::Suspended || service.status.is_over() {
        return Ok(());
    }
    let holds_one = !session.active()?.is_empty();
    let same_product = issued_for(&record.asked) == session.slug().ok();
    drop(session);
    if !holds_one {
        return create_account::run(host, service);
    }
    if !same_product {
        return Err(Error::Refusal(
            "The lost answer is closed. The product of the service was changed since: run Change Package to issue its license.".into(),
        ));
    }
    change_package::run(host, service)
}

/// Returns the error for the second of two people, or of two clicks.
pub fn decided_meanwhile() -> Error {
    Error::Refusal(
        "The lost answer was decided in the meantime. Open the service page again.".into(),
    )
}
