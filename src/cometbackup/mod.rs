//! The module `cometbackup`: accounts on a Comet Server. Its ground; the functions WHMCS calls follow.

pub mod api;
pub mod profile;
pub mod quotas;
pub mod server;
pub mod user_name;

pub const MODULE: &str = "cometbackup";
