//! The module `cometbackup`: accounts on a Comet Server. One file for each function WHMCS calls.

pub mod account;
pub mod comet;
pub mod functions;
pub mod tables;

#[cfg(feature = "php")]
pub mod exports;

use crate::whmcs::texts::TextSource;

pub const MODULE: &str = "cometbackup";

/// What customers read.
pub static TEXTS: TextSource = TextSource::new(
    MODULE,
    include_str!("../../modules/servers/cometbackup/lang/english.json"),
);
