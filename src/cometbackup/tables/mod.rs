//! The tables of this module: every statement on them, and nothing else.

pub mod account_index;
pub mod accounts;
pub mod accounts_batch;
pub mod accounts_schema;
pub mod claims;
pub mod downloads;
pub mod fingerprint;
pub mod server_facts;
pub mod sign_ons;
pub mod usage;
