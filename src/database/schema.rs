//! The schema of a table of our own: created, or upgraded from an earlier version's.
//!
//! What is added is nullable, so that an earlier version goes on with the table.

use std::collections::HashMap;

use super::error::NOT_PERMITTED;
use super::{Database, SqlError, column};
use crate::database::params;

/// A table, and what was added since its first version.
pub struct Table {
    pub name: &'static str,
    /// `CREATE TABLE IF NOT EXISTS`, with everything.
    pub create: &'static str,
    /// Name and definition.
    pub columns: &'static [(&'static str, &'static str)],
    /// Name and definition: `("guid_key", "UNIQUE KEY guid_key (guid_key)")`.
    pub indexes: &'static [(&'static str, &'static str)],
}

/// A table as the doctor compares it: its name, and what was added since its first version.
#[derive(Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    /// Name and definition.
    pub added: &'static [(&'static str, &'static str)],
}

impl Table {
    pub const fn shape(&self) -> Shape {
        Shape {
            name: self.name,
            added: self.columns,
        }
    }
}

const COLUMNS_OF_ALL: &str =
    "SELECT LOWER(table_name), LOWER(column_name) FROM information_schema.columns
    WHERE table_schema=DATABASE() AND FIND_IN_SET(table_name, :names)";

const COLUMNS: &str = "SELECT LOWER(column_name) FROM information_schema.columns
    WHERE table_schema=DATABASE() AND table_name=:name";

const INDEXES: &str = "SELECT DISTINCT LOWER(index_name) FROM information_schema.statistics
    WHERE table_schema=DATABASE() AND table_name=:name";

impl Database {
    /// Runs what needs tables as this version has them; again once `prepare` has made them so.
    pub fn with_schema<T>(
        &mut self,
        prepare: impl FnOnce(&mut Self) -> Result<(), SqlError>,
        work: impl Fn(&mut Self) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        match work(self) {
            Err(error) if error.is_missing_schema() => {
                prepare(self)?;
                work(self)
            }
            end => end,
        }
    }
}

/// The columns of those of the tables that are there, by the table's name.
pub fn columns(
    database: &mut Database,
    shapes: &[Shape],
) -> Result<HashMap<String, Vec<String>>, SqlError> {
    let names: Vec<&str> = shapes.iter().map(|shape| shape.name).collect();
    let parameters = params! { "names" => names.join(",") };
    let task = "read the shapes of our tables";
    let rows = database.query(task, COLUMNS_OF_ALL, parameters, |row| {
        (column::<String>(row, 0), column::<String>(row, 1))
    })?;
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    for (table, column) in rows {
        found.entry(table).or_default().push(column);
    }
    Ok(found)
}

/// Returns nothing where a reader's table was never created: a page or a removal creates none.
pub fn nothing_without_table<T: Default>(found: Result<T, SqlError>) -> Result<T, SqlError> {
    match found {
        Err(error) if error.is_missing_schema() => Ok(T::default()),
        found => found,
    }
}

/// Creates the table, or adds what it lacks; runs no DDL where it lacks nothing. Returns whether it was upgraded.
pub fn prepare(database: &mut Database, table: &Table) -> Result<bool, SqlError> {
    let task = format!("create the table {}", table.name);
    let Some(missing) = missing(database, table)? else {
        database.execute(&task, table.create, ())?;
        return Ok(false);
    };
    if missing.is_empty() {
        return Ok(false);
    }
    let task = format!("upgrade the table {}", table.name);
    let statement = format!("ALTER TABLE {} {}", table.name, missing.join(", "));
    match database.execute(&task, &statement, ()) {
        Ok(_) => Ok(true),
        // Another process may have upgraded it in the meantime.
        Err(fault) => match self::missing(database, table)? {
            Some(left) if left.is_empty() => Ok(false),
            _ => Err(with_advice(fault)),
        },
    }
}

fn with_advice(mut fault: SqlError) -> SqlError {
    if NOT_PERMITTED.contains(&fault.code) {
        fault.tried.reason =
            "WHMCS's database user may not change tables; grant it ALTER and INDEX".into();
    }
    fault
}

/// Clauses of an ALTER TABLE; `None` without a table.
fn missing(database: &mut Database, table: &Table) -> Result<Option<Vec<String>>, SqlError> {
    let task = format!("read the shape of the table {}", table.name);
    let mut names = |statement| -> Result<Vec<String>, SqlError> {
        database.query(&task, statement, params! { "name" => table.name }, |row| {
            column(row, 0)
        })
    };
    let columns = names(COLUMNS)?;
    if columns.is_empty() {
        return Ok(None);
    }
    let indexes = names(INDEXES)?;
    let is_in = |present: &[String], name: &str| present.iter().any(|one| one == name);
    let new_columns = table.columns.iter();
    let mut missing: Vec<String> = new_columns
        .filter(|(name, _)| !is_in(&columns, name))
        .map(|(name, definition)| format!("ADD COLUMN {name} {definition}"))
        .collect();
    let new_indexes = table.indexes.iter();
    missing.extend(
        new_indexes
            .filter(|(name, _)| !is_in(&indexes, name))
            .map(|(_, definition)| format!("ADD {definition}")),
    );
    Ok(Some(missing))
}
