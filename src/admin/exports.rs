//! The PHP functions that belong to no module.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::doctor::{self, Reach};
use crate::error::Error;
use crate::php::read;
use crate::php_value::Value;
use crate::whmcs::Caller;
use crate::whmcs::entry::{Call, EntryPoint};

const CHECK: EntryPoint = EntryPoint {
    error_prefix: "",
    for_customers: "",
    files: None,
};

#[php_function]
#[php(name = "whmcs_provisioning_check")]
pub fn whmcs_provisioning_check(arguments: &[&Zval]) -> ZBox<ZendHashTable> {
    let is_online = arguments
        .first()
        .is_some_and(|online| read::read(online, 0).truthy());
    let work = if is_online { online } else { offline };
    CHECK
        .open_to(Caller::StaffOrCron)
        .answer(&[], work, doctor::failed)
}

fn offline(call: &Call<'_>) -> Result<Value, Error> {
    call.without_service()?;
    Ok(doctor::run(call.host, Reach::Here))
}

fn online(call: &Call<'_>) -> Result<Value, Error> {
    call.without_service()?;
    Ok(doctor::run(call.host, Reach::RemoteApis))
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module.function(wrap_function!(whmcs_provisioning_check))
}
