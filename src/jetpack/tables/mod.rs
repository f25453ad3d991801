//! The tables of this module, the PHP module's table of licenses among them: every statement on them, and nothing else.

use crate::database::schema::{self, Shape};
use crate::database::{Database, SqlError};

pub mod found_licenses;
pub mod license_index;
pub mod licenses;
pub mod licenses_browsing;
pub mod licenses_listing;
pub mod licenses_mail;
pub mod licenses_retention;
pub mod licenses_schema;
pub mod licenses_site;
pub mod php_directories;
pub mod unassigned;

/// The tables as this version has them.
pub const SHAPES: [Shape; 4] = [
    licenses_schema::SHAPE,
    php_directories::TABLE.shape(),
    unassigned::TABLE.shape(),
    found_licenses::TABLE.shape(),
];

/// Creates the tables, or adds what those of an earlier version lack.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    licenses_schema::prepare(database)?;
    schema::prepare(database, &php_directories::TABLE)?;
    unassigned::prepare(database)?;
    found_licenses::prepare(database)
}
