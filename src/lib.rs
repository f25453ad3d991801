//! One PHP extension that makes WHMCS's provisioning modules `jetpack` and `cometbackup` native.
//!
//! The table of contents, from the top floor down; a room uses only its own floor and those below it.

// Without PHP nothing calls the functions; with it everything that nobody uses is reported.
#![cfg_attr(not(feature = "php"), allow(dead_code, unused_imports))]

#[cfg(feature = "php")]
mod module;
#[cfg(feature = "php")]
mod settings;

/// The door for fuzz targets; nothing else outside uses this crate.
#[cfg(any(fuzzing, test))]
pub mod fuzzing;

mod admin;

mod cometbackup;
mod jetpack;

mod whmcs;

mod attachment;
mod clock;
mod database;
mod error;
mod hash;
mod html;
mod http;
mod installation;
mod journal;
mod json;
mod outcome;
mod pace;
#[cfg(feature = "php")]
mod php;
mod php_value;
mod random;
mod reconciliation;
mod redact;
mod secret;
mod service_id;
mod service_page;
mod system_trust;
mod text;
mod tls;
mod transliteration;
mod worker;
