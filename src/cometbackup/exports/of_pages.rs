//! The PHP functions that customers and staff start from the pages of a service, and WHMCS's list of servers.

use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;

use super::{ANY_SESSION, OWNER_OR_STAFF, STAFF, STAFF_OR_CRON, Table};
use crate::cometbackup::functions::{
    admin_link, admin_services_tab_fields_save, client_area_allowed_functions, custom_actions,
    move_account, refetch_profile, remove_old_device, resume_creation, single_sign_on,
    switch_off_second_factor,
};
use crate::php::read;
use crate::php_value::Value;

/// Returns the parts of the custom actions, of which the module file makes WHMCS's objects. They hold nothing of a customer.
#[php_function]
#[php(name = "cometbackup_CustomActionParts")]
pub fn cometbackup_custom_action_parts(arguments: &[&Zval]) -> Table {
    ANY_SESSION.part(arguments, custom_actions::run, |_| Value::Array(Vec::new()))
}

#[php_function]
#[php(name = "cometbackup_DownloadForThisComputer")]
pub fn cometbackup_download_for_this_computer(arguments: &[&Zval]) -> Table {
    OWNER_OR_STAFF.answer(
        arguments,
        |asked| {
            let agent = read::global("_SERVER").get("HTTP_USER_AGENT").text();
            custom_actions::download(asked.host, &asked.service()?, agent.as_deref())
        },
        single_sign_on::failure,
    )
}

#[php_function]
#[php(name = "cometbackup_OpenProductPage")]
pub fn cometbackup_open_product_page(arguments: &[&Zval]) -> Table {
    OWNER_OR_STAFF.answer(
        arguments,
        |asked| custom_actions::page(asked.host, &asked.service()?),
        single_sign_on::failure,
    )
}

#[php_function]
#[php(name = "cometbackup_RemoveOldDevice")]
pub fn cometbackup_remove_old_device(arguments: &[&Zval]) -> String {
    OWNER_OR_STAFF.command(arguments, |host, service| {
        remove_old_device::run(host, service, &read::global("_POST"))
    })
}

/// Returns what the customer may start; WHMCS asks on each view of the page.
#[php_function]
#[php(name = "cometbackup_ClientAreaAllowedFunctions")]
pub fn cometbackup_client_area_allowed_functions(arguments: &[&Zval]) -> Table {
    ANY_SESSION.part(arguments, client_area_allowed_functions::run, |_| {
        Value::Array(Vec::new())
    })
}

#[php_function]
#[php(name = "cometbackup_AdminLink")]
pub fn cometbackup_admin_link(arguments: &[&Zval]) -> String {
    STAFF.html_for_server(arguments, admin_link::run)
}

#[php_function]
#[php(name = "cometbackup_AdminServicesTabFieldsSave")]
pub fn cometbackup_admin_services_tab_fields_save(arguments: &[&Zval]) {
    if entered().is_some() {
        STAFF.part(
            arguments,
            |host, service| {
                if let Some(entered) = entered() {
                    admin_services_tab_fields_save::run(host, service, &entered)?;
                }
                Ok(Value::Null)
            },
            |_| Value::Null,
        );
    }
}

#[php_function]
#[php(name = "cometbackup_SwitchOffSecondFactor")]
pub fn cometbackup_switch_off_second_factor(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, switch_off_second_factor::run)
}

#[php_function]
#[php(name = "cometbackup_RefetchProfile")]
pub fn cometbackup_refetch_profile(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, refetch_profile::run)
}

#[php_function]
#[php(name = "cometbackup_ResumeCreation")]
pub fn cometbackup_resume_creation(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, resume_creation::run)
}

#[php_function]
#[php(name = "cometbackup_MoveAccount")]
pub fn cometbackup_move_account(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, move_account::run)
}

/// What staff entered into the form that is being saved.
fn entered() -> Option<admin_services_tab_fields_save::Entered> {
    admin_services_tab_fields_save::entered(&read::global("_POST"))
}

/// Adds the functions to the module.
pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(cometbackup_custom_action_parts))
        .function(wrap_function!(cometbackup_download_for_this_computer))
        .function(wrap_function!(cometbackup_open_product_page))
        .function(wrap_function!(cometbackup_remove_old_device))
        .function(wrap_function!(cometbackup_client_area_allowed_functions))
        .function(wrap_function!(cometbackup_admin_link))
        .function(wrap_function!(cometbackup_admin_services_tab_fields_save))
        .function(wrap_function!(cometbackup_switch_off_second_factor))
        .function(wrap_function!(cometbackup_refetch_profile))
        .function(wrap_function!(cometbackup_resume_creation))
        .function(wrap_function!(cometbackup_move_account))
}
