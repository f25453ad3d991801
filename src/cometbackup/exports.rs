//! The PHP functions of the module, a short entry each: PHP name, who may call it, and the function in `functions/` that
//! it runs.
//!
//! WHMCS is not consistent in what it passes: every function takes any number of arguments of any type.

mod of_hooks;
mod of_pages;
mod of_servers;
mod without_request;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::functions::client_area::{self, download};
use super::functions::single_sign_on::{self, page};
use super::functions::{
    admin_custom_button_array, admin_services_tab_fields, change_package, change_password,
    check_account, config_options, confirm_server, create_account, forget, organizations,
    reconcile, renew, suspend_account, terminate_account, transfer_account, usage_update,
    user_names,
};
use super::{MODULE, TEXTS};
use crate::error::Error;
use crate::installation;
use crate::php::read;
use crate::php_value::Value;
use crate::whmcs::entry::{Entry, EntryPoint, labeled};
use crate::whmcs::php_host::PhpHost;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Caller, Service};

type Table = ZBox<ZendHashTable>;

const COMET: EntryPoint = EntryPoint {
    error_prefix: "",
    texts: Some(&TEXTS),
    files: Some((MODULE, "COMETBACKUP_FILES_CONTRACT")),
};

const ANY_SESSION: Entry = COMET.open_to(Caller::AnySession);
const OWNER_STAFF_OR_CRON: Entry = COMET.open_to(Caller::OwnerStaffOrCron);
const OWNER_OR_STAFF: Entry = COMET.open_to(Caller::OwnerOrStaff);
const TICKET_HOLDER: Entry = COMET.open_to(Caller::TicketHolder);
const STAFF_OR_CRON: Entry = COMET.open_to(Caller::StaffOrCron);
const STAFF: Entry = COMET.open_to(Caller::Staff);

#[php_function]
#[php(name = "cometbackup_CreateAccount")]
pub fn cometbackup_create_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, create_account::run)
}

#[php_function]
#[php(name = "cometbackup_SuspendAccount")]
pub fn cometbackup_suspend_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, suspend_account::suspend)
}

#[php_function]
#[php(name = "cometbackup_UnsuspendAccount")]
pub fn cometbackup_unsuspend_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, suspend_account::unsuspend)
}

#[php_function]
#[php(name = "cometbackup_TerminateAccount")]
pub fn cometbackup_terminate_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, terminate_account::run)
}

#[php_function]
#[php(name = "cometbackup_ChangePassword")]
pub fn cometbackup_change_password(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.command(arguments, change_password::run)
}

#[php_function]
#[php(name = "cometbackup_ChangePackage")]
pub fn cometbackup_change_package(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, change_package::run)
}

#[php_function]
#[php(name = "cometbackup_Renew")]
pub fn cometbackup_renew(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, renew::run)
}

#[php_function]
#[php(name = "cometbackup_CheckAccount")]
pub fn cometbackup_check_account(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, check_account::run)
}

#[php_function]
#[php(name = "cometbackup_TransferAccount")]
pub fn cometbackup_transfer_account(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, transfer_account::run)
}

#[php_function]
#[php(name = "cometbackup_WriteUserNames")]
pub fn cometbackup_write_user_names(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, user_names::write)
}

#[php_function]
#[php(name = "cometbackup_PutMarkersBack")]
pub fn cometbackup_put_markers_back(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, user_names::put_back)
}

#[php_function]
#[php(name = "cometbackup_ConfirmServer")]
pub fn cometbackup_confirm_server(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, confirm_server::run)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsPolicyGroupLoader")]
pub fn cometbackup_config_options_policy_group_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.server_loader(arguments, config_options::policy_groups)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsStorageProvidersLoader")]
pub fn cometbackup_config_options_storage_providers_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.server_loader(arguments, config_options::storage_templates)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsOrganizationLoader")]
pub fn cometbackup_config_options_organization_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.server_loader(arguments, organizations::run)
}

#[php_function]
#[php(name = "cometbackup_AdminServicesTabFields")]
pub fn cometbackup_admin_services_tab_fields(arguments: &[&Zval]) -> Table {
    STAFF.part(
        arguments,
        |host, service| admin_services_tab_fields::run(host, service).map(labeled),
        |sentence| labeled(admin_services_tab_fields::failure(sentence)),
    )
}

#[php_function]
#[php(name = "cometbackup_AdminCustomButtonArray")]
pub fn cometbackup_admin_custom_button_array(arguments: &[&Zval]) -> Table {
    OWNER_STAFF_OR_CRON.part(
        arguments,
        |host, service| admin_custom_button_array::run(host, service).map(labeled),
        |_| Value::Array(Vec::new()),
    )
}

#[php_function]
#[php(name = "cometbackup_InstallationMoved")]
pub fn cometbackup_installation_moved(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, |host, _| installation::moved(host))
}

#[php_function]
#[php(name = "cometbackup_InstallationIsCopy")]
pub fn cometbackup_installation_is_copy(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, |host, _| installation::is_copy(host))
}

#[php_function]
#[php(name = "cometbackup_Reconcile")]
pub fn cometbackup_reconcile(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.reconciliation(arguments, reconcile::all, reconcile::one)
}

#[php_function]
#[php(name = "cometbackup_ClientArea")]
pub fn cometbackup_client_area(arguments: &[&Zval]) -> Table {
    OWNER_OR_STAFF.page(
        arguments,
        |asked, service| {
            let (query, shown) = (read::global("_GET"), |error: &Error| {
                asked.sentence(error, Some(service))
            });
            let agent = read::global("_SERVER").get("HTTP_USER_AGENT").text();
            download::page_or_installer(asked.host, service, &query, agent.as_deref(), shown)
        },
        |service, sentence| client_area::unavailable(&texts_of(service), sentence),
    )
}

#[php_function]
#[php(name = "cometbackup_ServiceSingleSignOn")]
pub fn cometbackup_service_single_sign_on(arguments: &[&Zval]) -> Table {
    OWNER_OR_STAFF.answer(
        arguments,
        |asked| single_sign_on::for_service(asked.host, &asked.service()?, asked.visitor),
        single_sign_on::failure,
    )
}

#[php_function]
#[php(name = "cometbackup_AdminSingleSignOn")]
pub fn cometbackup_admin_single_sign_on(arguments: &[&Zval]) -> Table {
    STAFF.answer(
        arguments,
        |asked| single_sign_on::for_server(asked.host, &asked.server()?, asked.visitor),
        single_sign_on::failure,
    )
}

/// Makes the page of `sso.php`, which passes no parameters: a command with this name has no ticket.
#[php_function]
#[php(name = "cometbackup_SignOnPage")]
pub fn cometbackup_sign_on_page(arguments: &[&Zval]) -> Table {
    TICKET_HOLDER.answer(
        arguments,
        |asked| {
            let ticket = read::global("_GET").get("ticket").text();
            let ticket = ticket.filter(|_| !asked.has_arguments);
            page::run(asked.host, asked.visitor, ticket, |error| {
                asked.sentence(error, None)
            })
        },
        |sentence| page::failure(sentence, &texts_of(None)),
    )
}

/// Forgets what was deleted, for `hooks.php`, which passes what it is and its id.
#[php_function]
#[php(name = "cometbackup_Forget")]
pub fn cometbackup_forget(arguments: &[&Zval]) {
    ANY_SESSION.deletion(arguments, forget::run);
}

/// The texts for who looks at a page that could not be made.
fn texts_of(service: Option<&Service>) -> Texts {
    let host = PhpHost::new(COMET.error_prefix, None);
    match service {
        Some(service) => Texts::of(&host, &TEXTS, service),
        None => Texts::for_visitor(&host, &TEXTS),
    }
}

/// Drops what is kept for the length of a PHP request.
pub fn request_shutdown() {
    usage_update::server_list::forget();
}

/// Adds the functions to the module.
pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    let module = without_request::register(module);
    of_hooks::register(of_pages::register(of_servers::register(module)))
        .function(wrap_function!(cometbackup_create_account))
        .function(wrap_function!(cometbackup_suspend_account))
        .function(wrap_function!(cometbackup_unsuspend_account))
        .function(wrap_function!(cometbackup_terminate_account))
        .function(wrap_function!(cometbackup_change_password))
        .function(wrap_function!(cometbackup_change_package))
        .function(wrap_function!(cometbackup_renew))
        .function(wrap_function!(cometbackup_check_account))
        .function(wrap_function!(cometbackup_transfer_account))
        .function(wrap_function!(cometbackup_confirm_server))
        .function(wrap_function!(cometbackup_write_user_names))
        .function(wrap_function!(cometbackup_put_markers_back))
        .function(wrap_function!(
            cometbackup_config_options_policy_group_loader
        ))
        .function(wrap_function!(
            cometbackup_config_options_storage_providers_loader
        ))
        .function(wrap_function!(
            cometbackup_config_options_organization_loader
        ))
        .function(wrap_function!(cometbackup_reconcile))
        .function(wrap_function!(cometbackup_installation_moved))
        .function(wrap_function!(cometbackup_installation_is_copy))
        .function(wrap_function!(cometbackup_admin_services_tab_fields))
        .function(wrap_function!(cometbackup_admin_custom_button_array))
        .function(wrap_function!(cometbackup_client_area))
        .function(wrap_function!(cometbackup_service_single_sign_on))
        .function(wrap_function!(cometbackup_admin_single_sign_on))
        .function(wrap_function!(cometbackup_sign_on_page))
        .function(wrap_function!(cometbackup_forget))
}
