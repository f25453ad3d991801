//! The work on one service's licenses: the session of a command, and its steps.

pub mod activation;
pub mod adoption;
pub mod errors;
pub mod issue;
pub mod legacy_rows;
pub mod lost_issue;
pub mod revoke;
pub mod session;
pub mod shared_directory;
pub mod site;
pub mod site_address;
pub mod spool;
