//! The table of findings over all services, page by page, for staff's lists.

use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params};
use crate::whmcs::{LISTED, ListedService, listed_columns, listed_joins};

const TASK: &str = "read the table of findings";

/// A finding in a list.
#[derive(Debug, Clone)]
pub struct ListedFinding {
    pub id: u64,
    pub module: String,
    pub kind: String,
    pub text: String,
    /// UTC.
    pub since: String,
    pub server_id: Option<u32>,
    /// `None` where it is about no service.
    pub service: Option<ListedService>,
}

/// Lost answers are in the journal, which knows of them at once.
const PAGE: &str = concat!(
    "SELECT ",
    listed_columns!(),
    ", t.id, t.module, t.kind, t.text, DATE_FORMAT(t.first_found_at, '%Y-%m-%d %H:%i:%s'), t.server_id
    FROM mod_whmcs_provisioning_findings t",
    listed_joins!(),
    "WHERE t.id<:before AND (:module='' OR t.module=:module) AND (:kind='' OR t.kind=:kind) AND t.kind<>'undecided'
    ORDER BY t.id DESC LIMIT :page"
);

const COUNTS: &str = "SELECT module, kind, COUNT(*) FROM mod_whmcs_provisioning_findings
    WHERE kind<>'undecided' GROUP BY module, kind ORDER BY module, kind";

/// Returns findings of a module and of a kind, "" for all; the newest first, with ids below `before`.
pub fn page(
    database: &mut Database,
    (module, kind): (&str, &str),
    before: u64,
    length: usize,
) -> Result<Vec<ListedFinding>, SqlError> {
    let parameters = params! {
        "before" => before, "module" => module, "kind" => kind, "page" => length,
    };
    let rows = database.query(TASK, PAGE, parameters, |row| ListedFinding {
        service: ListedService::read(row),
        id: column(row, LISTED),
        module: column(row, LISTED + 1),
        kind: column(row, LISTED + 2),
        text: column(row, LISTED + 3),
        since: column(row, LISTED + 4),
        server_id: column(row, LISTED + 5),
    });
    nothing_without_table(rows)
}

/// The number of findings of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    pub module: String,
    pub kind: String,
    pub number: u64,
}

/// Counts the findings, by module and kind.
pub fn counts(database: &mut Database) -> Result<Vec<KindCount>, SqlError> {
    let rows = database.query(TASK, COUNTS, (), |row| KindCount {
        module: column(row, 0),
        kind: column(row, 1),
        number: column(row, 2),
    });
    nothing_without_table(rows)
}
