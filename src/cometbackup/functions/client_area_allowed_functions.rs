//! `cometbackup_ClientAreaAllowedFunctions`: what the customer may start from his page. No request, no statement.

use crate::error::Error;
use crate::php_value::Value;
use crate::whmcs::{Host, Service};

/// Behind `cometbackup_`.
pub const REMOVE_OLD_DEVICE: &str = "RemoveOldDevice";

/// The field of its form that says which device is meant.
pub const DEVICE: &str = "comet_device";

/// Returns the function suffixes.
#[allow(clippy::unnecessary_wraps)]
pub fn run(_host: &dyn Host, service: &Service) -> Result<Value, Error> {
    let offered = may_remove_devices(service).then(|| ("0".to_owned(), REMOVE_OLD_DEVICE.into()));
    Ok(Value::Array(offered.into_iter().collect()))
}

/// Whether the customer may remove old devices himself.
pub const fn may_remove_devices(service: &Service) -> bool {
    service.status.is_in_use()
}
