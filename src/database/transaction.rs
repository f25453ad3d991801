//! A transaction: statements that are carried out together or not at all.

use mysql::prelude::{FromRow, Queryable};
use mysql::{Conn, Params, Row};

use super::interpolate::text;
use super::{run_all, step};

/// Goes before the first statement, in the same round trip.
const BEGIN: &str = "START TRANSACTION; ";

/// A transaction that begins with its first statement. Dropping it without `commit` rolls it back.
pub struct Transaction<'a> {
    connection: &'a mut Conn,
    has_begun: bool,
}

impl<'a> Transaction<'a> {
    pub(super) const fn new(connection: &'a mut Conn) -> Self {
        Self {
            connection,
            has_begun: false,
        }
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn execute(
        &mut self,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> mysql::Result<u64> {
        self.run(statement, parameters)?;
        Ok(self.connection.affected_rows())
    }

    /// Runs an INSERT; returns the new row's id.
    pub fn insert(&mut self, statement: &str, parameters: impl Into<Params>) -> mysql::Result<u64> {
        self.run(statement, parameters)?;
        Ok(self.connection.last_insert_id())
    }

    /// The first row of a statement.
    pub fn first<T: FromRow>(
        &mut self,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> mysql::Result<Option<T>> {
        let first = self.run(statement, parameters)?.into_iter().next();
        Ok(first.map(mysql::from_row_opt).transpose()?)
    }

    /// Returns all rows of a statement.
    pub fn all<T: FromRow>(
        &mut self,
        statement: &str,
        parameters: impl Into<Params>,
    ) -> mysql::Result<Vec<T>> {
        let rows = self.run(statement, parameters)?.into_iter();
        Ok(rows.map(mysql::from_row_opt).collect::<Result<_, _>>()?)
    }

    /// Takes back what was done so far. What follows is a transaction of its own.
    pub fn give_up(&mut self) -> mysql::Result<()> {
        if self.has_begun {
            step("ROLLBACK", || run_all(self.connection, "ROLLBACK", 1))?;
            self.has_begun = false;
        }
        Ok(())
    }

    fn run(&mut self, statement: &str, parameters: impl Into<Params>) -> mysql::Result<Vec<Row>> {
        let mut text = text(statement, parameters.into())?;
        let mut statements = 1;
        if !self.has_begun {
            text.insert_str(0, BEGIN);
            statements = 2;
            self.has_begun = true;
        }
        let mut found = step(statement, || run_all(self.connection, &text, statements))?;
        Ok(found.pop().unwrap_or_default())
    }

    pub(super) fn commit(mut self) -> mysql::Result<()> {
        if !self.has_begun {
            return Ok(());
        }
        step("COMMIT", || run_all(self.connection, "COMMIT", 1))?;
        self.has_begun = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.has_begun {
            // Where it does not arrive, the server takes everything back as the connection ends.
            let _ = self.connection.query_drop("ROLLBACK");
        }
    }
}
