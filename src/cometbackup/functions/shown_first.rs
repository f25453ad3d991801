//! Buttons that change many services: the first press shows what the second one does.

use crate::cometbackup::MODULE;
use crate::database::Database;
use crate::error::Error;
use crate::hash::sha256;
use crate::reconciliation::{self, Finding};
use crate::whmcs::Service;

/// Lines that a sentence names.
const NAMED: usize = 10;

/// The plan of a button: its word, and what tells this plan from another, by service.
pub struct ButtonPlan<'a> {
    pub kind: &'static str,
    pub what: &'a str,
    pub lines: &'a [String],
    /// The sentence for staff.
    pub text: String,
}

/// Refuses a plan at the first press, and shows it.
///
/// # Errors
/// The sentence of the plan, where this very plan was not shown on the page of the service before.
pub fn must_be_shown(
    database: &mut Database,
    service: &Service,
    plan: ButtonPlan<'_>,
) -> Result<(), Error> {
    let finding = Finding {
        service_id: Some(service.id),
        kind: plan.kind,
        subject: format!("{} {}", plan.what, sha256(&plan.lines.join("\n"))),
        text: plan.text,
        server_id: Some(service.server.id),
    };
    if reconciliation::is_shown(database, MODULE, &finding)? {
        return Ok(());
    }
    reconciliation::settle(database, MODULE, service.id, plan.kind)?;
    reconciliation::show(database, MODULE, &finding)?;
    Err(Error::Refusal(finding.text))
}

pub fn listed(lines: &[String]) -> String {
    let first = lines.get(..NAMED.min(lines.len())).unwrap_or_default();
    let more = match lines.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", first.join(", "))
}
