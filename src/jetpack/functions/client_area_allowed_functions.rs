//! `jetpack_ClientAreaAllowedFunctions`: the functions that the customer may start from his page. No request, no statement.

use crate::error::Error;
use crate::jetpack::Activation;
use crate::php_value::Value;
use crate::whmcs::{Host, Service};

/// The function's name without `jetpack_`.
pub const ATTACH_TO_MY_SITE: &str = "AttachToMySite";

/// Returns their names without `jetpack_`.
#[allow(clippy::unnecessary_wraps)]
pub fn run(_host: &dyn Host, service: &Service) -> Result<Value, Error> {
    let offered = may_attach(service).then(|| ("0".to_owned(), ATTACH_TO_MY_SITE.into()));
    Ok(Value::Array(offered.into_iter().collect()))
}

/// Whether the button may attach: where setting 5 leaves it to the customer, the host may not be allowed to attach at all.
pub fn may_attach(service: &Service) -> bool {
    service.status.is_in_use() && Activation::of(&service.options) != Activation::ByCustomer
}
