//! One PHP extension that makes WHMCS's provisioning modules `jetpack` and `cometbackup` native.
//!
//! The table of contents, from the top floor down; a room uses only what stands beside or below it.

// Nothing calls the functions of the modules in a build without PHP.
#![cfg_attr(not(feature = "php"), allow(dead_code, unused_imports))]

#[cfg(feature = "php")]
mod module;
#[cfg(feature = "php")]
mod settings;

mod cometbackup;
mod jetpack;

mod whmcs;

mod clock;
mod database;
mod error;
mod findings;
mod hash;
mod html;
mod http;
mod installation;
mod journal;
mod json_lenient;
mod json_stream;
mod json_text;
mod limits;
mod outcome;
mod owner;
mod pace;
mod panic_place;
mod per_process;
#[cfg(feature = "php")]
mod php;
mod random;
mod redact;
mod secret;
mod side_by_side;
mod state_dir;
mod stop_point;
mod system_trust;
mod tls;
mod transliteration;
mod value;
