//! The tables of this module, the PHP module's table of licenses among them: every statement on them, and nothing else.

pub mod licenses;
pub mod licenses_listing;
pub mod licenses_retention;
pub mod licenses_schema;
pub mod php_directories;
