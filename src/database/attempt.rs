//! Statements that are run again: where the server undid them because of others, and where the connection broke.

use std::time::{Duration, Instant};

use mysql::{Conn, Error as DriverError};

use super::Database;
use super::error::{SqlError, reason};
use crate::error::FailedTask;

/// How often a statement that the server undid is run again before that is an error.
const MOST_RETRIES: u32 = 10;

/// What is done with the connection. No generic closure: the ways of trying again are then compiled once.
type Work<'a> = &'a mut dyn FnMut(&mut Conn) -> mysql::Result<()>;

impl Database {
    /// Runs a write that must not be lost and may run twice: again on a new connection, three times in three seconds.
    pub fn retrying<T: Default>(
        &mut self,
        write: impl Fn(&mut Self) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        let mut value = T::default();
        self.retry(&mut |database| {
            value = write(database)?;
            Ok(())
        })?;
        Ok(value)
    }

    fn retry(
        &mut self,
        write: &mut dyn FnMut(&mut Self) -> Result<(), SqlError>,
    ) -> Result<(), SqlError> {
        let mut last = match write(self) {
            Ok(()) => return Ok(()),
            Err(fault) => fault,
        };
        for pause in [100, 600, 2300] {
            std::thread::sleep(Duration::from_millis(pause));
            if self.reconnect().is_err() {
                continue;
            }
            match write(self) {
                Ok(()) => return Ok(()),
                Err(fault) => {
                    last = SqlError {
                        maybe_committed: last.maybe_committed || fault.maybe_committed,
                        ..fault
                    }
                }
            }
        }
        Err(last)
    }

    /// Runs `work`, and again where the server undid it because of others.
    pub(super) fn run<T: Default>(
        &mut self,
        task: &str,
        mut work: impl FnMut(&mut Conn) -> mysql::Result<T>,
    ) -> Result<T, SqlError> {
        let mut value = T::default();
        self.attempt_until_done(task, &mut |connection| {
            value = work(connection)?;
            Ok(())
        })?;
        Ok(value)
    }

    fn attempt_until_done(&mut self, task: &str, work: Work<'_>) -> Result<(), SqlError> {
        let mut tries = 0;
        loop {
            match self.attempt(task, work) {
                Err(fault) if fault.was_undone() && tries < MOST_RETRIES => tries += 1,
                end => return end,
            }
            // Processes that met differ by their numbers, so they do not meet again.
            let apart = std::process::id() % 16;
            std::thread::sleep(Duration::from_millis(u64::from(tries * (4 + apart))));
        }
    }

    pub(super) fn attempt(&mut self, task: &str, work: Work<'_>) -> Result<(), SqlError> {
        self.ensure_alive()
            .map_err(|error| SqlError::unopened(task, error))?;
        let Some(connection) = self.connection.as_mut() else {
            return Err(SqlError::gone(task));
        };
        let end = work(connection);
        self.used_at = Instant::now();
        end.map_err(|error| {
            // Only a server that answered in full has left the connection in a known state.
            if !matches!(error, DriverError::MySqlError(_)) {
                self.connection = None;
            }
            SqlError {
                code: match &error {
                    DriverError::MySqlError(refusal) => refusal.code,
                    _ => 0,
                },
                maybe_committed: false,
                tried: FailedTask::new(task, reason(&error)),
            }
        })
    }
}
