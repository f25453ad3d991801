//! The journal over all services: what has no known end, for jobs that look at everything.

use super::lease::LONGEST;
use mysql::Value;

use super::statements::{
    COUNTS, LONG_OPEN, REMOTE_IDS, UNDER_WAY, UNKNOWN_BETWEEN, UNKNOWN_LISTED, UNKNOWN_PAGE,
};
use super::{Operation, close_abandoned, prepare};
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, Transaction, column, params, placeholders};
use crate::service_id::ServiceId;
use crate::whmcs::{LISTED, ListedService};

const TASK: &str = "read the journal";

/// An operation in a list of staff's.
#[derive(Debug, Clone)]
pub struct ListedOperation {
    pub id: u64,
    pub module: String,
    pub operation: String,
    pub asked: String,
    /// What was seen of its end.
    pub answered: String,
    pub request_id: Option<String>,
    /// UTC.
    pub at: String,
    pub service: Option<ListedService>,
}

/// Returns operations without a known end of a module, or of all (""); the newest first, with ids below `before`.
pub fn unknown_listed(
    database: &mut Database,
    module: &str,
    before: u64,
    length: usize,
) -> Result<Vec<ListedOperation>, SqlError> {
    let parameters = params! { "module" => module, "before" => before, "page" => length };
    let rows = database.query(TASK, UNKNOWN_LISTED, parameters, |row| ListedOperation {
        service: ListedService::read(row),
        id: column(row, LISTED),
        module: column(row, LISTED + 1),
        operation: column(row, LISTED + 2),
        asked: column(row, LISTED + 3),
        answered: column(row, LISTED + 4),
        request_id: column(row, LISTED + 5),
        at: column(row, LISTED + 6),
    });
    nothing_without_table(rows)
}

/// Counts the operations of each module that have no known end, and those that failed within a day.
pub fn counts(database: &mut Database) -> Result<Vec<(String, u64, u64)>, SqlError> {
    let rows = database.query(TASK, COUNTS, (), |row| {
        (column(row, 0), column(row, 1), column(row, 2))
    });
    nothing_without_table(rows)
}

/// An operation whose end is not known.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: u64,
    /// Of a product addon without the service it belongs to, which the journal does not hold.
    pub service_id: ServiceId,
    /// UTC, `2026-01-15 10:00:01`.
    pub at: String,
    /// Seconds since it was sent; `None` where the clock was set back since.
    pub age: Option<i64>,
    pub asked: String,
}

/// Closes what processes that died left open, so that their questions are asked.
pub fn close_all_abandoned(database: &mut Database, module: &'static str) -> Result<(), SqlError> {
    let open = database.with_schema(prepare, |database| {
        let parameters = params! { "module" => module, "longest" => LONGEST.seconds() };
        database.query(TASK, LONG_OPEN, parameters, |row| {
            ServiceId::of_kind(&column::<String>(row, 0), column(row, 1), 0)
        })
    })?;
    for service_id in open.into_iter().flatten() {
        close_abandoned(database, module, service_id)?;
    }
    Ok(())
}

/// Returns operations of a kind whose end is not known, by id, after `after`.
pub fn unknown_page(
    database: &mut Database,
    module: &'static str,
    operation: &'static str,
    after: u64,
) -> Result<Vec<Open>, SqlError> {
    let parameters = params! { "module" => module, "operation" => operation, "after" => after };
    let rows = database.query(TASK, UNKNOWN_PAGE, parameters, |row| {
        Some(Open {
            id: column(row, 0),
            service_id: ServiceId::of_kind(&column::<String>(row, 1), column(row, 2), 0)?,
            at: column(row, 3),
            age: column(row, 4),
            asked: column(row, 5),
        })
    });
    Ok(nothing_without_table(rows)?.into_iter().flatten().collect())
}

/// Counts the requests for this that are under way, on whichever service: in one reading with what they have stored.
pub fn under_way_within(
    transaction: &mut Transaction<'_>,
    module: &'static str,
    operation: Operation<'_>,
) -> mysql::Result<u64> {
    let parameters = params! {
        "module" => module, "operation" => operation.name, "asked" => operation.asked,
    };
    let count: Option<u64> = transaction.first(UNDER_WAY, parameters)?;
    Ok(count.unwrap_or_default())
}

/// Returns those of these remote ids that an operation of this kind has written.
pub fn remote_ids_of(
    database: &mut Database,
    module: &'static str,
    operation: &'static str,
    ids: &[String],
) -> Result<Vec<String>, SqlError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{REMOTE_IDS}{}", placeholders(ids.len()));
    let mut values: Vec<Value> = vec![module.into(), operation.into()];
    values.extend(ids.iter().map(Value::from));
    database.query(TASK, &statement, values, |row| column(row, 0))
}

/// A stretch of services, or of product addons.
#[derive(Debug, Clone, Copy)]
pub struct IdRange {
    /// As `ServiceId::kind` has it.
    pub kind: &'static str,
    pub first: u32,
    pub last: u32,
}

/// The ids of a stretch that have such an operation without a known end, or one whose request has left.
pub fn unknown_between(
    database: &mut Database,
    module: &'static str,
    operation: &'static str,
    range: IdRange,
) -> Result<Vec<u32>, SqlError> {
    let parameters = params! {
        "module" => module, "operation" => operation, "owner_type" => range.kind,
        "first" => range.first, "last" => range.last,
    };
    nothing_without_table(database.query(TASK, UNKNOWN_BETWEEN, parameters, |row| column(row, 0)))
}
