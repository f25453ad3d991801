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
pub struct Listed {
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

/// Operations of a module, or of all with an empty text, whose end is not known; the newest first, with ids below `before`.
pub fn unknown_listed(
    database: &mut Database,
    module: &str,
    before: u64,
    length: usize,
) -> Result<Vec<Listed>, SqlError> {
    let parameters = params! { "module" => module, "before" => before, "page" => length };
    let rows = database.query(TASK, UNKNOWN_LISTED, parameters, |row| Listed {
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

/// How many operations of each module have no known end, and how many failed within a day.
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
            service_id(&column::<String>(row, 0), column(row, 1))
        })
    })?;
    for service_id in open {
        close_abandoned(database, module, service_id)?;
    }
    Ok(())
}

/// Operations of a kind whose end is not known, by id, after `after`.
pub fn unknown_page(
    database: &mut Database,
    module: &'static str,
    operation: &'static str,
    after: u64,
) -> Result<Vec<Open>, SqlError> {
    let parameters = params! { "module" => module, "operation" => operation, "after" => after };
    let rows = database.query(TASK, UNKNOWN_PAGE, parameters, |row| Open {
        id: column(row, 0),
        service_id: service_id(&column::<String>(row, 1), column(row, 2)),
        at: column(row, 3),
        age: column(row, 4),
        asked: column(row, 5),
    });
    nothing_without_table(rows)
}

/// How many requests for this are under way, on whichever service: in one reading with what they have stored by then.
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

/// Of these remote ids those that an operation of this kind has written.
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

/// Services, or product addons, between two ids that have such an operation, or one whose request left. `kind` as `ServiceId::kind` has it.
pub fn unknown_between(
    database: &mut Database,
    module: &'static str,
    operation: &'static str,
    kind: &'static str,
    (first, last): (u32, u32),
) -> Result<Vec<u32>, SqlError> {
    let parameters = params! {
        "module" => module, "operation" => operation, "owner_type" => kind, "first" => first, "last" => last,
    };
    nothing_without_table(database.query(TASK, UNKNOWN_BETWEEN, parameters, |row| column(row, 0)))
}

fn service_id(kind: &str, id: u32) -> ServiceId {
    if kind == "addon" {
        ServiceId::Addon { id, service: 0 }
    } else {
        ServiceId::Service(id)
    }
}
