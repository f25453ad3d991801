//! The PHP boundary: everything that touches a Zend type, but for the lists of exported functions.

pub mod build;
pub mod call;
pub mod exception;
pub mod guard;
pub mod ini;
pub mod object;
pub mod output;
pub mod read;
pub mod visitor_connection;
