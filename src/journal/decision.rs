//! Decisions on operations without a known end: said by a person, or by the remote side when it was asked.

use super::parameters::{decision_parameters, of_service, settle_parameters, with_state};
use super::statements::{DECIDE, SETTLE, VOID};
use super::{Answer, End, Operation};
use crate::database::{Database, SqlError, Transaction};
use crate::service_id::ServiceId;

const TASK: &str = "write the journal";

/// Ends one. False where that is decided already.
pub fn decide(
    database: &mut Database,
    row: u64,
    decision: End,
    answer: &Answer,
) -> Result<bool, SqlError> {
    let parameters = with_state(decision_parameters(row, answer), decision);
    Ok(database.execute(TASK, DECIDE, parameters)? == 1)
}

/// Decides, together with what the decision changes in other tables.
pub fn decide_within(
    transaction: &mut Transaction<'_>,
    row: u64,
    decision: End,
    answer: &Answer,
) -> mysql::Result<bool> {
    let parameters = with_state(decision_parameters(row, answer), decision);
    Ok(transaction.execute(DECIDE, parameters)? == 1)
}

/// Ends all that asked for the same.
pub fn settle(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    operation: Operation<'_>,
    end: End,
) -> Result<(), SqlError> {
    let parameters = settle_parameters(module, service_id, operation, end);
    database.execute(TASK, SETTLE, parameters).map(drop)
}

/// Ends all on the service, because what they were about is gone; `why` goes before what they say.
pub fn void_unknown(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    why: &str,
) -> Result<(), SqlError> {
    let mut parameters = of_service(module, service_id);
    parameters.push(("why".into(), why.into()));
    database.execute(TASK, VOID, parameters).map(drop)
}
