//! The PHP functions that belong to no product: the doctor's, and those of the addon module.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::doctor::{self, Reach};
use super::figures::OverviewFigures;
use super::html::Html;
use super::page::{Content, PageRequest};
use super::{activate, links, output};
use crate::error::Error;
use crate::php::read;
use crate::php_value::Value;
use crate::whmcs::entry::{Entry, EntryCall, EntryPoint};
use crate::whmcs::{AdminPage, Caller, open_database};

const CHECK: EntryPoint = EntryPoint {
    error_prefix: "",
    texts: None,
    files: None,
};

/// The addon module.
const ADDON: EntryPoint = EntryPoint {
    error_prefix: "",
    texts: None,
    files: Some((links::MODULE, "WHMCS_PROVISIONING_FILES_CONTRACT")),
};

const STAFF: Entry = ADDON.open_to(Caller::Staff);
const STAFF_OR_CRON: Entry = ADDON.open_to(Caller::StaffOrCron);

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

fn offline(call: &EntryCall<'_>) -> Result<Value, Error> {
    call.without_service()?;
    Ok(doctor::run(call.host, Reach::Here))
}

fn online(call: &EntryCall<'_>) -> Result<Value, Error> {
    call.without_service()?;
    Ok(doctor::run(call.host, Reach::RemoteApis))
}

/// Prints a page. WHMCS lets in whom the addon's access settings name; we let in staff only.
#[php_function]
#[php(name = "whmcs_provisioning_output")]
pub fn whmcs_provisioning_output(arguments: &[&Zval]) {
    STAFF.printed(arguments, shown, output::failed);
}

fn shown(call: &EntryCall<'_>) -> AdminPage {
    let (query, form) = (read::global("_GET"), read::global("_POST"));
    let request = PageRequest::new(call.host, query, form);
    match output::run(&request) {
        Content::Html(html) => AdminPage::Printed(html.into_string()),
        Content::File(file) => AdminPage::File(file),
    }
}

#[php_function]
#[php(name = "whmcs_provisioning_sidebar")]
pub fn whmcs_provisioning_sidebar(arguments: &[&Zval]) -> String {
    STAFF.html(arguments, |_| Ok(Html::into_string(output::sidebar())))
}

/// Returns the figures of the dashboard's widget, or none where they cannot be had.
#[php_function]
#[php(name = "whmcs_provisioning_widget")]
pub fn whmcs_provisioning_widget(arguments: &[&Zval]) -> ZBox<ZendHashTable> {
    STAFF.answer(
        arguments,
        |call| {
            call.without_service()?;
            let mut database = open_database(call.host)?;
            Ok(OverviewFigures::read(&mut database)?.value())
        },
        |sentence| Value::Array(vec![("error".into(), sentence.into())]),
    )
}

/// Creates our tables for who may. WHMCS's API activates addon modules as well.
#[php_function]
#[php(name = "whmcs_provisioning_activate")]
pub fn whmcs_provisioning_activate(arguments: &[&Zval]) -> ZBox<ZendHashTable> {
    STAFF_OR_CRON.answer(
        arguments,
        |call| {
            call.without_service()?;
            activate::activate(call.host)
        },
        activate::failed,
    )
}

#[php_function]
#[php(name = "whmcs_provisioning_deactivate")]
pub fn whmcs_provisioning_deactivate(arguments: &[&Zval]) -> ZBox<ZendHashTable> {
    STAFF_OR_CRON.answer(
        arguments,
        |call| {
            call.without_service()?;
            Ok(activate::deactivate())
        },
        activate::failed,
    )
}

/// Upgrades our tables, at the first access after an upgrade.
#[php_function]
#[php(name = "whmcs_provisioning_upgrade")]
pub fn whmcs_provisioning_upgrade(arguments: &[&Zval]) {
    STAFF_OR_CRON.task(arguments, activate::prepare);
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(whmcs_provisioning_check))
        .function(wrap_function!(whmcs_provisioning_output))
        .function(wrap_function!(whmcs_provisioning_sidebar))
        .function(wrap_function!(whmcs_provisioning_widget))
        .function(wrap_function!(whmcs_provisioning_activate))
        .function(wrap_function!(whmcs_provisioning_deactivate))
        .function(wrap_function!(whmcs_provisioning_upgrade))
}
