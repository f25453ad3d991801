//! Requests to issue a license whose answers were lost: what Jetpack's list shows of them, before anything is compared.

use crate::database::Database;
use crate::error::Error;
use crate::jetpack::licensing::lost_issue::{self, OF_A_RUN, Questions};
use crate::journal::listing::Open;
use crate::reconciliation::{Run, Scope};
use crate::service_id::ServiceId;
use crate::whmcs::Host;

/// Settles what the list settles, and returns the questions that stay. One statement where there are none; one request for
/// a page of the list of each token, and one for each license that is found.
pub fn settle(host: &dyn Host, run: &mut Run, database: &mut Database) -> Result<Vec<Open>, Error> {
    let questions = Questions::read(host, database)?;
    let mut settled: Vec<ServiceId> = Vec::new();
    for token in questions.tokens() {
        run.alive(database)?;
        let only = match run.scope() {
            Scope::Everything => None,
            Scope::Of(service_id) => Some(service_id),
        };
        match lost_issue::settle(host, database, &questions, (&token, only), OF_A_RUN) {
            Ok(found) => {
                for (service_id, end) in found {
                    run.repaired(Some(service_id), &end.sentence());
                    settled.push(service_id);
                }
            }
            Err(error @ (Error::NotSent(_) | Error::NoAnswer(_) | Error::Refused { .. })) => {
                run.remark(format!(
                    "What became of lost answers could not be seen in Jetpack's list. {error}"
                ));
            }
            Err(Error::Config(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if settled.is_empty() {
        return Ok(questions.open.into_iter().map(|(open, _)| open).collect());
    }
    let left = Questions::read(host, database)?;
    Ok(left.open.into_iter().map(|(open, _)| open).collect())
}
