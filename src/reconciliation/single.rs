//! Findings that a command reports, outside of a run.

use super::statements::{
    FOUND_AGAIN, IS_SHOWN, MARK_REPORTED_OF_SERVICE, REPORT, REPORTED, SETTLE,
};
use super::{Finding, lock, run};
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, params};
use crate::hash::sha256;
use crate::service_id::ServiceId;

const WRITE: &str = "write the table of findings";

/// Whether this very finding is on the page of its service.
pub fn is_shown(
    database: &mut Database,
    module: &'static str,
    finding: &Finding,
) -> Result<bool, SqlError> {
    let service_id = finding.service_id;
    let parameters = params! {
        "module" => module,
        "owner_type" => service_id.map_or("", ServiceId::kind),
        "owner_id" => service_id.map_or(0, ServiceId::number),
        "kind" => finding.kind,
        "subject_hash" => sha256(&finding.subject),
    };
    let rows = database.query("read the table of findings", IS_SHOWN, parameters, |_| ());
    Ok(!nothing_without_table(rows)?.is_empty())
}

/// Puts a finding on the page of its service; a person reads it in the answer as well. The next run of the module
/// finds it again, or removes it.
pub fn show(
    database: &mut Database,
    module: &'static str,
    finding: &Finding,
) -> Result<(), SqlError> {
    let statement = format!("{REPORT}{REPORTED}{FOUND_AGAIN}");
    database.with_schema(lock::prepare, |database| {
        database.execute(WRITE, &statement, run::row(module, 0, finding))
    })?;
    let service_id = finding.service_id;
    let of_service = params! {
        "module" => module,
        "owner_type" => service_id.map_or("", ServiceId::kind),
        "owner_id" => service_id.map_or(0, ServiceId::number),
    };
    database.execute(WRITE, MARK_REPORTED_OF_SERVICE, of_service)?;
    Ok(())
}

/// Removes what was found of this kind: it is settled. Nothing where there is no table yet.
pub fn settle(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    kind: &'static str,
) -> Result<(), SqlError> {
    let parameters = params! {
        "module" => module, "owner_type" => service_id.kind(), "owner_id" => service_id.number(), "kind" => kind,
    };
    nothing_without_table(database.execute(WRITE, SETTLE, parameters)).map(drop)
}
