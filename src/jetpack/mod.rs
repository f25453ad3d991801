//! The module `jetpack`: licenses of a hosting partner. One file for each function WHMCS calls.

pub mod api;
pub mod functions;
pub mod licensing;
pub mod tables;

#[cfg(feature = "php")]
pub mod exports;

use crate::php_value::Value;
use crate::whmcs::Options;
use crate::whmcs::texts::TextSource;

pub const MODULE: &str = "jetpack";

/// The texts that customers read.
pub static TEXTS: TextSource = TextSource::new(
    MODULE,
    include_str!("../../modules/servers/jetpack/lang/english.json"),
);

/// The prefix of errors in the Activity Log, which staff search for.
pub const ERROR_PREFIX: &str = "JETPACK_PROVISIONING_MODULE_ERROR:";

/// Positions of the module settings. Position is identity: existing products have stored values there.
pub const OPTION_TOKEN: usize = 1;
pub const OPTION_PRODUCT: usize = 2;
const OPTION_SHOW: usize = 3;
const OPTION_SUSPENSION: usize = 4;
const OPTION_ACTIVATION: usize = 5;

/// Setting 4: whether a suspension revokes the license.
fn suspension_revokes(options: &Options) -> bool {
    options.at(OPTION_SUSPENSION) == Some("revoke")
}

/// Whether customers see the key. A product that was saved with this module has setting 4; before that they see what they saw
/// under the PHP module: that of 2021 has no page for them, that of 2022 shows it where setting 3, *Show User License*, is on.
fn shows_key(options: &Options) -> bool {
    matches!(options.at(OPTION_SUSPENSION), Some("keep" | "revoke"))
        || options.at(OPTION_SHOW) == Some("on")
}

/// The way in which a license becomes active on the customer's site: module setting 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    ByCustomer,
    Attach,
    ConnectAndAttach,
}

impl Activation {
    /// Reads the setting. Earlier versions stored `on` for attaching, and nothing for leaving it to the customer.
    pub fn of(options: &Options) -> Self {
        match options.at(OPTION_ACTIVATION) {
            Some("connect") => Self::ConnectAndAttach,
            Some(stored) if Value::from(stored).truthy() => Self::Attach,
            _ => Self::ByCustomer,
        }
    }
}
