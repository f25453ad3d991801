//! The tables of this module: every statement on them, and nothing else.

use crate::database::schema::Shape;

pub mod account_index;
pub mod accounts;
pub mod accounts_batch;
pub mod accounts_schema;
pub mod accounts_seen;
pub mod backups;
pub mod claims;
pub mod deletions;
pub mod downloads;
pub mod extras;
pub mod fingerprint;
pub mod notices;
pub mod server_facts;
pub mod sign_ons;
pub mod usage;
pub mod user_name_column;

/// The tables as this version has them.
pub const SHAPES: [Shape; 7] = [
    accounts_schema::ACCOUNTS.shape(),
    server_facts::SERVERS.shape(),
    downloads::TABLE.shape(),
    extras::EXTRAS.shape(),
    sign_ons::SHAPE,
    deletions::DAYS.shape(),
    notices::TABLE.shape(),
];
