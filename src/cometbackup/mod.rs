//! The module `cometbackup`: accounts on a Comet Server. One file for each function WHMCS calls.

mod account;
pub mod comet;
pub mod functions;
pub mod tables;

#[cfg(feature = "php")]
pub mod exports;

pub const MODULE: &str = "cometbackup";
