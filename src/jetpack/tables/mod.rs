//! The table of licenses, which the PHP module made: every statement on it, and nothing else.

pub mod licenses;
pub mod licenses_listing;
pub mod licenses_retention;
pub mod licenses_schema;
pub mod php_directories;
