//! The tables of this module: every statement on them, and nothing else.

use crate::database::schema::{self, Shape};
use crate::database::{Database, SqlError};

pub mod account_index;
pub mod accounts;
pub mod accounts_batch;
pub mod accounts_browsing;
pub mod accounts_schema;
pub mod accounts_seen;
pub mod backups;
pub mod claims;
pub mod deletions;
pub mod downloads;
pub mod extras;
pub mod fingerprint;
pub mod notices;
pub mod pages;
pub mod server_facts;
pub mod sign_ons;
pub mod usage;
pub mod user_name_column;

/// The tables as this version has them.
pub const SHAPES: [Shape; 8] = [
    accounts_schema::ACCOUNTS.shape(),
    server_facts::SERVERS.shape(),
    downloads::TABLE.shape(),
    extras::EXTRAS.shape(),
    sign_ons::SHAPE,
    deletions::DAYS.shape(),
    notices::TABLE.shape(),
    pages::TABLE.shape(),
];

/// Creates the tables, or adds what those of an earlier version lack.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    // The table of accounts, and those of deletions and notices with it.
    deletions::prepare(database)?;
    server_facts::prepare(database)?;
    extras::prepare(database)?;
    schema::prepare(database, &downloads::TABLE)?;
    schema::prepare(database, &pages::TABLE)?;
    sign_ons::prepare(database)
}
