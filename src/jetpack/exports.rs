//! The PHP functions of the module, a short entry each: PHP name, who may call it, and the function in `functions/` that it
//! runs.
//!
//! WHMCS is not consistent in what it passes: every function takes any number of arguments of any type.

mod of_hooks;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::functions::admin_services_tab_fields_save::Entered;
use super::functions::{
    admin_custom_button_array, admin_services_tab_fields, admin_services_tab_fields_save, adopt,
    attach_license, attach_to_my_site, attach_to_site, change_package, check_license, client_area,
    client_area_allowed_functions, connect_site, create_account, create_licenses_table,
    detach_from_site, fetch_product_descriptions, fetch_products, forget, issue_again, reconcile,
    renew, suspend_account, terminate_account, unsuspend_account,
};
use super::{ERROR_PREFIX, MODULE, TEXTS};
use crate::installation;
use crate::php::read;
use crate::php_value::Value;
use crate::whmcs::entry::{Entry, EntryPoint, labeled};
use crate::whmcs::php_host::PhpHost;
use crate::whmcs::{Caller, CustomerPage, module_settings};

type Table = ZBox<ZendHashTable>;

const JETPACK: EntryPoint = EntryPoint {
    error_prefix: ERROR_PREFIX,
    texts: Some(&TEXTS),
    files: Some((MODULE, "JETPACK_FILES_CONTRACT")),
};

const ANY_SESSION: Entry = JETPACK.open_to(Caller::AnySession);
const OWNER_STAFF_OR_CRON: Entry = JETPACK.open_to(Caller::OwnerStaffOrCron);
const OWNER_OR_STAFF: Entry = JETPACK.open_to(Caller::OwnerOrStaff);
const STAFF_OR_CRON: Entry = JETPACK.open_to(Caller::StaffOrCron);
const STAFF: Entry = JETPACK.open_to(Caller::Staff);

#[php_function]
#[php(name = "jetpack_CreateAccount")]
pub fn jetpack_create_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, create_account::run)
}

#[php_function]
#[php(name = "jetpack_SuspendAccount")]
pub fn jetpack_suspend_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, suspend_account::run)
}

#[php_function]
#[php(name = "jetpack_UnsuspendAccount")]
pub fn jetpack_unsuspend_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, unsuspend_account::run)
}

#[php_function]
#[php(name = "jetpack_TerminateAccount")]
pub fn jetpack_terminate_account(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, terminate_account::run)
}

#[php_function]
#[php(name = "jetpack_ChangePackage")]
pub fn jetpack_change_package(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, change_package::run)
}

#[php_function]
#[php(name = "jetpack_Renew")]
pub fn jetpack_renew(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, renew::run)
}

#[php_function]
#[php(name = "jetpack_CheckLicense")]
pub fn jetpack_check_license(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.command(arguments, check_license::run)
}

#[php_function]
#[php(name = "jetpack_AttachToSite")]
pub fn jetpack_attach_to_site(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.command(arguments, attach_to_site::run)
}

#[php_function]
#[php(name = "jetpack_AttachLicense")]
pub fn jetpack_attach_license(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.command(arguments, attach_license::run)
}

#[php_function]
#[php(name = "jetpack_ConnectSite")]
pub fn jetpack_connect_site(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, connect_site::run)
}

#[php_function]
#[php(name = "jetpack_AttachToMySite")]
pub fn jetpack_attach_to_my_site(arguments: &[&Zval]) -> String {
    OWNER_OR_STAFF.command(arguments, |host, service| {
        attach_to_my_site::run(host, service, &read::global("_POST"))
    })
}

#[php_function]
#[php(name = "jetpack_DetachFromSite")]
pub fn jetpack_detach_from_site(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.command(arguments, detach_from_site::run)
}

#[php_function]
#[php(name = "jetpack_IssueAgain")]
pub fn jetpack_issue_again(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, issue_again::run)
}

#[php_function]
#[php(name = "jetpack_InstallationMoved")]
pub fn jetpack_installation_moved(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, |host, _| installation::moved(host))
}

#[php_function]
#[php(name = "jetpack_InstallationIsCopy")]
pub fn jetpack_installation_is_copy(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.command(arguments, |host, _| installation::is_copy(host))
}

#[php_function]
#[php(name = "jetpack_Reconcile")]
pub fn jetpack_reconcile(arguments: &[&Zval]) -> String {
    OWNER_STAFF_OR_CRON.reconciliation(arguments, reconcile::all, reconcile::one)
}

#[php_function]
#[php(name = "jetpack_FetchProducts")]
pub fn jetpack_fetch_products(arguments: &[&Zval]) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, fetch_products::run)
}

#[php_function]
#[php(name = "jetpack_FetchProductDescriptions")]
pub fn jetpack_fetch_product_descriptions(arguments: &[&Zval]) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, |host, _| fetch_product_descriptions::run(host))
}

#[php_function]
#[php(name = "jetpack_CreateLicensesTable")]
pub fn jetpack_create_licenses_table(arguments: &[&Zval]) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, |host, _| create_licenses_table::run(host))
}

#[php_function]
#[php(name = "jetpack_DefaultApiToken")]
pub fn jetpack_default_api_token(arguments: &[&Zval]) -> String {
    STAFF_OR_CRON.text(arguments, module_settings::default_token)
}

#[php_function]
#[php(name = "jetpack_AdminServicesTabFields")]
pub fn jetpack_admin_services_tab_fields(arguments: &[&Zval]) -> Table {
    STAFF.part(
        arguments,
        |host, service| admin_services_tab_fields::run(host, service).map(labeled),
        |sentence| labeled(admin_services_tab_fields::failure(sentence)),
    )
}

#[php_function]
#[php(name = "jetpack_AdminServicesTabFieldsSave")]
pub fn jetpack_admin_services_tab_fields_save(arguments: &[&Zval]) {
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
    adopt_chosen(arguments);
}

/// Beside a license key, the same form takes choices among the unassigned licenses.
fn adopt_chosen(arguments: &[&Zval]) {
    if adopt::chosen(&read::global("_POST")).is_some() {
        STAFF.part(
            arguments,
            |host, service| {
                let choice = adopt::chosen(&read::global("_POST"));
                let done = choice.map(|choice| adopt::run(host, service, &choice));
                done.unwrap_or(Ok(())).map(|()| Value::Null)
            },
            |_| Value::Null,
        );
    }
}

/// What staff entered into the form that is being saved.
fn entered() -> Option<Entered> {
    admin_services_tab_fields_save::entered(&read::global("_POST"))
}

#[php_function]
#[php(name = "jetpack_AdminCustomButtonArray")]
pub fn jetpack_admin_custom_button_array(arguments: &[&Zval]) -> Table {
    OWNER_STAFF_OR_CRON.part(
        arguments,
        |host, service| admin_custom_button_array::run(host, service).map(labeled),
        |_| Value::Array(Vec::new()),
    )
}

/// The list is no secret: who may start one of them is checked when it starts.
#[php_function]
#[php(name = "jetpack_ClientAreaAllowedFunctions")]
pub fn jetpack_client_area_allowed_functions(arguments: &[&Zval]) -> Table {
    ANY_SESSION.part(arguments, client_area_allowed_functions::run, |_| {
        Value::Array(Vec::new())
    })
}

#[php_function]
#[php(name = "jetpack_ClientArea")]
pub fn jetpack_client_area(arguments: &[&Zval]) -> Table {
    OWNER_OR_STAFF.page(
        arguments,
        |asked, service| client_area::run(asked.host, service).map(CustomerPage::Part),
        |service, sentence| {
            client_area::unavailable(&PhpHost::new(ERROR_PREFIX, None), service, sentence)
        },
    )
}

/// Proves the guard: only in the build that the tests load.
#[cfg(feature = "test-build")]
#[php_function]
#[php(name = "jetpack_PanicOnPurpose")]
#[allow(clippy::panic, clippy::missing_panics_doc)]
pub fn panic_on_purpose(arguments: &[&Zval]) -> String {
    ANY_SESSION.command(arguments, |_, _| panic!("a secret that no log may hold"))
}

/// Takes what is deleted, and its id, from `hooks.php`.
#[php_function]
#[php(name = "jetpack_Forget")]
pub fn jetpack_forget(arguments: &[&Zval]) {
    ANY_SESSION.deletion(arguments, forget::run);
}

/// Adds the functions to the module.
pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    #[cfg(feature = "test-build")]
    let module = module.function(wrap_function!(panic_on_purpose));
    let module = module
        .function(wrap_function!(jetpack_create_account))
        .function(wrap_function!(jetpack_suspend_account))
        .function(wrap_function!(jetpack_unsuspend_account))
        .function(wrap_function!(jetpack_terminate_account))
        .function(wrap_function!(jetpack_change_package))
        .function(wrap_function!(jetpack_renew))
        .function(wrap_function!(jetpack_check_license))
        .function(wrap_function!(jetpack_attach_to_site))
        .function(wrap_function!(jetpack_attach_license))
        .function(wrap_function!(jetpack_connect_site))
        .function(wrap_function!(jetpack_attach_to_my_site))
        .function(wrap_function!(jetpack_detach_from_site))
        .function(wrap_function!(jetpack_issue_again))
        .function(wrap_function!(jetpack_reconcile))
        .function(wrap_function!(jetpack_installation_moved))
        .function(wrap_function!(jetpack_installation_is_copy))
        .function(wrap_function!(jetpack_fetch_products))
        .function(wrap_function!(jetpack_fetch_product_descriptions))
        .function(wrap_function!(jetpack_create_licenses_table))
        .function(wrap_function!(jetpack_default_api_token))
        .function(wrap_function!(jetpack_admin_services_tab_fields))
        .function(wrap_function!(jetpack_admin_services_tab_fields_save))
        .function(wrap_function!(jetpack_admin_custom_button_array))
        .function(wrap_function!(jetpack_client_area_allowed_functions))
        .function(wrap_function!(jetpack_client_area))
        .function(wrap_function!(jetpack_forget));
    of_hooks::register(module)
}
