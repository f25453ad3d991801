//! One finding beside the runs: what a command shows to staff, and whether it was shown.

use mysql::params;

use super::statements::{FOUND_AGAIN, IS_SHOWN, REPORT, REPORTED, SETTLE, TOLD_OF_SERVICE};
use super::{Finding, lock, run};
use crate::database::{Database, Fault};
use crate::hash::sha256;
use crate::service_id::Owner;

const WRITE: &str = "write the table of findings";

/// Whether this very finding is on the page of its service.
pub fn is_shown(
    database: &mut Database,
    module: &'static str,
    finding: &Finding,
) -> Result<bool, Fault> {
    let owner = finding.owner;
    let parameters = params! {
        "module" => module,
        "owner_type" => owner.map_or("", Owner::kind),
        "owner_id" => owner.map_or(0, Owner::id),
        "kind" => finding.kind,
        "subject_hash" => sha256(&finding.subject),
    };
    match database.rows("read the table of findings", IS_SHOWN, parameters, |_| ()) {
        Err(fault) if fault.table_is_not_ours() => Ok(false),
        rows => Ok(!rows?.is_empty()),
    }
}

/// Puts a finding on the page of its service; a person reads it in the answer as well. The next run of the module
/// finds it again, or removes it.
pub fn show(database: &mut Database, module: &'static str, finding: &Finding) -> Result<(), Fault> {
    let statement = format!("{REPORT}{REPORTED}{FOUND_AGAIN}");
    let values = || run::row(module, 0, finding);
    match database.change(WRITE, &statement, values()) {
        Err(fault) if fault.table_is_not_ours() => {
            lock::prepare(database)?;
            database.change(WRITE, &statement, values())?;
        }
        written => drop(written?),
    }
    let owner = finding.owner;
    let told = params! {
        "module" => module,
        "owner_type" => owner.map_or("", Owner::kind),
        "owner_id" => owner.map_or(0, Owner::id),
    };
    database.change(WRITE, TOLD_OF_SERVICE, told)?;
    Ok(())
}

/// What was found of this kind is settled. Nothing where there is no table yet.
pub fn settle(
    database: &mut Database,
    module: &'static str,
    owner: Owner,
    kind: &'static str,
) -> Result<(), Fault> {
    let parameters = params! {
        "module" => module, "owner_type" => owner.kind(), "owner_id" => owner.id(), "kind" => kind,
    };
    match database.change(WRITE, SETTLE, parameters) {
        Err(fault) if fault.table_is_not_ours() => Ok(()),
        removed => removed.map(drop),
    }
}
