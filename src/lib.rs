//! One PHP extension that makes WHMCS's provisioning modules `jetpack` and `cometbackup` native.
//!
//! The table of contents, from the top floor down; a room uses only what stands beside or below it.

#[cfg(feature = "php")]
mod module;
#[cfg(feature = "php")]
mod settings;

pub mod cometbackup;
pub mod jetpack;

pub mod whmcs;

pub mod clock;
pub mod database;
pub mod error;
pub mod findings;
pub mod hash;
pub mod html;
pub mod http;
pub mod installation;
pub mod journal;
pub mod json_lenient;
pub mod json_stream;
pub mod json_text;
pub mod limits;
pub mod outcome;
pub mod owner;
pub mod pace;
mod panic_place;
mod per_process;
#[cfg(feature = "php")]
mod php;
pub mod random;
pub mod redact;
pub mod secret;
pub mod side_by_side;
pub mod state_dir;
mod stop_point;
mod system_trust;
pub mod tls;
mod transliteration;
pub mod value;
