//! Statements that are carried out together or not at all.

use mysql::Params;
use mysql::prelude::{FromRow, Queryable};

use super::step;

/// A transaction that has begun. Dropping it without `commit` takes everything back.
pub struct Transaction<'a>(mysql::Transaction<'a>);

impl<'a> Transaction<'a> {
    pub(super) const fn new(begun: mysql::Transaction<'a>) -> Self {
        Self(begun)
    }

    /// Runs a statement; answers how many rows it changed.
    pub fn change(&mut self, statement: &str, parameters: impl Into<Params>) -> mysql::Result<u64> {
        step(statement, || self.0.exec_drop(statement, parameters))?;
        Ok(self.0.affected_rows())
    }

    /// The first row of a statement.
    pub fn first<T: FromRow>(
        &mut self,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> mysql::Result<Option<T>> {
        step(statement, || self.0.exec_first(statement, parameters))
    }

    pub(super) fn commit(self) -> mysql::Result<()> {
        step("COMMIT", || self.0.commit())
    }
}
