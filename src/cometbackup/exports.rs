//! The PHP functions of the module: one line each, name → who may call → room.
//!
//! WHMCS is not consistent in what it passes: every function takes any number of arguments of any type.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::comet::installers;
use super::functions::client_area::download::{self, Delivery};
use super::functions::client_area::{self};
use super::functions::single_sign_on::session::{self, BrowserSession};
use super::functions::single_sign_on::{self, Ticket, page};
use super::functions::{
    admin_custom_button_array, admin_services_tab_fields, change_package, change_password,
    check_account, config_options, confirm_server, create_account, forget, reconcile,
    suspend_account, terminate_account, test_connection, transfer_account, usage_update,
};
use crate::error::Error;
use crate::hash::sha256;
use crate::installation;
use crate::php::{call, output, read};
use crate::php_value::Value;
use crate::random;
use crate::secret::Secret;
use crate::whmcs::entry::{Asked, EntryPoint, Page, labelled};
use crate::whmcs::servers::StoredServer;
use crate::whmcs::{Caller, open_database};

type Table = ZBox<ZendHashTable>;

const COMET: EntryPoint = EntryPoint {
    error_prefix: "",
    for_customers: "This could not be completed just now. Try again in a few minutes, and ask our support if it stays so.",
};

#[php_function]
#[php(name = "cometbackup_CreateAccount")]
pub fn cometbackup_create_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::AnySession)
        .command(arguments, create_account::run)
}

#[php_function]
#[php(name = "cometbackup_SuspendAccount")]
pub fn cometbackup_suspend_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::AnySession)
        .command(arguments, suspend_account::suspend)
}

#[php_function]
#[php(name = "cometbackup_UnsuspendAccount")]
pub fn cometbackup_unsuspend_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::AnySession)
        .command(arguments, suspend_account::unsuspend)
}

#[php_function]
#[php(name = "cometbackup_TerminateAccount")]
pub fn cometbackup_terminate_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::AnySession)
        .command(arguments, terminate_account::run)
}

#[php_function]
#[php(name = "cometbackup_ChangePassword")]
pub fn cometbackup_change_password(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::OwnerStaffOrCron)
        .command(arguments, change_password::run)
}

#[php_function]
#[php(name = "cometbackup_ChangePackage")]
pub fn cometbackup_change_package(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::AnySession)
        .command(arguments, change_package::run)
}

#[php_function]
#[php(name = "cometbackup_CheckAccount")]
pub fn cometbackup_check_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::StaffOrCron)
        .command(arguments, check_account::run)
}

#[php_function]
#[php(name = "cometbackup_TransferAccount")]
pub fn cometbackup_transfer_account(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::Staff)
        .command(arguments, transfer_account::run)
}

#[php_function]
#[php(name = "cometbackup_ConfirmServer")]
pub fn cometbackup_confirm_server(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::StaffOrCron)
        .command(arguments, confirm_server::run)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsPolicyGroupLoader")]
pub fn cometbackup_config_options_policy_group_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    COMET
        .open_to(Caller::StaffOrCron)
        .server_loader(arguments, config_options::policy_groups)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsStorageProvidersLoader")]
pub fn cometbackup_config_options_storage_providers_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    COMET
        .open_to(Caller::StaffOrCron)
        .server_loader(arguments, config_options::storage_templates)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsRequirePasswordChange")]
pub fn cometbackup_config_options_require_password_change(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    COMET
        .open_to(Caller::StaffOrCron)
        .loader(arguments, |_, _| {
            Ok(config_options::require_password_change())
        })
}

#[php_function]
#[php(name = "cometbackup_TestConnection")]
pub fn cometbackup_test_connection(arguments: &[&Zval]) -> Table {
    let verdict = |success: bool, error: &str| {
        Value::Array(vec![
            ("success".into(), Value::Bool(success)),
            ("error".into(), error.into()),
        ])
    };
    COMET.open_to(Caller::StaffOrCron).answer(
        arguments,
        |asked| {
            let server = asked.server()?;
            test_connection::run(asked.host, &server).map(|()| verdict(true, ""))
        },
        |sentence| verdict(false, sentence),
    )
}

/// WHMCS tells nobody what a daily import answers.
#[php_function]
#[php(name = "cometbackup_UsageUpdate")]
pub fn cometbackup_usage_update(arguments: &[&Zval]) {
    COMET
        .open_to(Caller::StaffOrCron)
        .task_for_server(arguments, usage_update::run);
}

#[php_function]
#[php(name = "cometbackup_AdminServicesTabFields")]
pub fn cometbackup_admin_services_tab_fields(arguments: &[&Zval]) -> Table {
    COMET.open_to(Caller::Staff).part(
        arguments,
        |host, service| admin_services_tab_fields::run(host, service).map(labelled),
        |sentence| labelled(admin_services_tab_fields::failure(sentence)),
    )
}

#[php_function]
#[php(name = "cometbackup_AdminCustomButtonArray")]
pub fn cometbackup_admin_custom_button_array(arguments: &[&Zval]) -> Table {
    COMET.open_to(Caller::OwnerStaffOrCron).part(
        arguments,
        |host, service| admin_custom_button_array::run(host, service).map(labelled),
        |_| Value::Array(Vec::new()),
    )
}

#[php_function]
#[php(name = "cometbackup_InstallationMoved")]
pub fn cometbackup_installation_moved(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::StaffOrCron)
        .command(arguments, |host, _| {
            installation::moved(&mut open_database(host)?)
        })
}

#[php_function]
#[php(name = "cometbackup_InstallationIsCopy")]
pub fn cometbackup_installation_is_copy(arguments: &[&Zval]) -> String {
    COMET
        .open_to(Caller::StaffOrCron)
        .command(arguments, |host, _| {
            installation::is_copy(&mut open_database(host)?)
        })
}

#[php_function]
#[php(name = "cometbackup_Reconcile")]
pub fn cometbackup_reconcile(arguments: &[&Zval]) -> String {
    COMET.open_to(Caller::OwnerStaffOrCron).reconciliation(
        arguments,
        |host| {
            // WHMCS's code runs before a connection is in use.
            let servers = reconcile::servers(host)?.into_iter().map(|server| {
                let password = decrypted(&server);
                server.with_password(&password)
            });
            reconcile::all(host, &servers.collect::<Vec<_>>())
        },
        reconcile::one,
    )
}

/// The page, or the installer that its query asks for.
#[php_function]
#[php(name = "cometbackup_ClientArea")]
pub fn cometbackup_client_area(arguments: &[&Zval]) -> Table {
    COMET.open_to(Caller::OwnerOrStaff).page(
        arguments,
        |asked, service| {
            let host = asked.host;
            let Some(download) = installers::asked_for(&read::global("_GET")) else {
                return client_area::run(host, service).map(Page::Part);
            };
            if !output::is_untouched() {
                host.log_activity(format!("An installer cannot be sent: other code has sent output before the headers. - {}", service.id));
                return client_area::run(host, service).map(Page::Part);
            }
            let error = match download::open(host, service, &download) {
                Ok(Delivery::File(file)) => return Ok(Page::File(file)),
                Ok(Delivery::At(address)) => return Ok(Page::Elsewhere(address)),
                Err(error) => error,
            };
            let told = asked.told(&error, Some(service));
            let page = client_area::run(host, service)?;
            Ok(Page::Part(download::page_instead(page, told)))
        },
        client_area::unavailable,
    )
}

#[php_function]
#[php(name = "cometbackup_ServiceSingleSignOn")]
pub fn cometbackup_service_single_sign_on(arguments: &[&Zval]) -> Table {
    COMET.open_to(Caller::OwnerOrStaff).answer(
        arguments,
        |asked| {
            let (service, ticket) = (asked.service()?, ticket()?);
            single_sign_on::for_service(asked.host, &service, asked.visitor, &ticket).map(sent_to)
        },
        not_sent,
    )
}

#[php_function]
#[php(name = "cometbackup_AdminSingleSignOn")]
pub fn cometbackup_admin_single_sign_on(arguments: &[&Zval]) -> Table {
    COMET.open_to(Caller::Staff).answer(
        arguments,
        |asked| {
            let (server, ticket) = (asked.server()?, ticket()?);
            single_sign_on::for_server(asked.host, &server, asked.visitor, &ticket).map(sent_to)
        },
        not_sent,
    )
}

/// For `sso.php`: HTTP status, nonce and HTML. Whoever passes parameters is not that file.
#[php_function]
#[php(name = "cometbackup_SignOnPage")]
pub fn cometbackup_sign_on_page(arguments: &[&Zval]) -> Table {
    let page = |status: i64, nonce: String, html: String| {
        Value::Array(vec![
            ("status".into(), Value::Int(status)),
            ("nonce".into(), nonce.into()),
            ("html".into(), html.into()),
        ])
    };
    COMET.open_to(Caller::TicketHolder).answer(
        arguments,
        |asked| {
            let nonce = random::hex()?;
            let session = if arguments.is_empty() {
                signed_on(asked)
            } else {
                Err(session::unknown())
            };
            Ok(match session {
                Ok(session) => {
                    let html = page::hand_over(&session, &nonce);
                    page(200, nonce, html)
                }
                Err(error) => {
                    let html = page::refusal(&asked.told(&error, None), &nonce);
                    page(403, nonce, html)
                }
            })
        },
        |sentence| page(500, String::new(), page::refusal(sentence, "")),
    )
}

/// Nobody makes us work: without a session, or without what looks like a ticket, no table is read and nothing is logged.
fn signed_on(asked: &Asked<'_>) -> Result<BrowserSession, Error> {
    if Caller::TicketHolder.admits(asked.visitor) != Some(true) {
        return Err(Caller::TicketHolder.refusal());
    }
    let given = read::global("_GET").get("ticket").text();
    let given = given.filter(|text| session::is_ticket(text));
    let hash = sha256(&given.ok_or_else(session::unknown)?);
    let host = asked.host;
    let found = session::find(host, &hash)?.ok_or_else(session::unknown)?;
    let session = session::claim(host, &found, asked.visitor).and_then(|claim| {
        // No connection is in use here: this is WHMCS's code.
        let password = decrypted(&claim.server);
        session::start(host, claim, &password)
    });
    if let Err(error) = &session {
        host.log_activity(format!("Comet Backup sign-on: {error}"));
    }
    session
}

/// Empty where WHMCS cannot: the server then says what is missing.
fn decrypted(server: &StoredServer) -> String {
    let decrypted = call::function("decrypt", vec![&server.encrypted_password]);
    let password = decrypted.ok().and_then(|password| password.string());
    password.unwrap_or_default()
}

fn ticket() -> Result<Ticket, Error> {
    let text = random::hex()?;
    let hash = sha256(&text);
    Ok(Ticket {
        text: Secret::new(text),
        hash,
    })
}

fn sent_to(address: String) -> Value {
    Value::Array(vec![
        ("success".into(), Value::Bool(true)),
        ("redirectTo".into(), address.into()),
    ])
}

fn not_sent(sentence: &str) -> Value {
    Value::Array(vec![
        ("success".into(), Value::Bool(false)),
        ("errorMsg".into(), sentence.into()),
    ])
}

/// For `hooks.php`: what is deleted, and its id.
#[php_function]
#[php(name = "cometbackup_Forget")]
pub fn cometbackup_forget(arguments: &[&Zval]) {
    COMET
        .open_to(Caller::AnySession)
        .deletion(arguments, forget::run);
}

/// Adds the functions to the module.
pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(cometbackup_create_account))
        .function(wrap_function!(cometbackup_suspend_account))
        .function(wrap_function!(cometbackup_unsuspend_account))
        .function(wrap_function!(cometbackup_terminate_account))
        .function(wrap_function!(cometbackup_change_password))
        .function(wrap_function!(cometbackup_change_package))
        .function(wrap_function!(cometbackup_check_account))
        .function(wrap_function!(cometbackup_transfer_account))
        .function(wrap_function!(cometbackup_confirm_server))
        .function(wrap_function!(
            cometbackup_config_options_policy_group_loader
        ))
        .function(wrap_function!(
            cometbackup_config_options_storage_providers_loader
        ))
        .function(wrap_function!(
            cometbackup_config_options_require_password_change
        ))
        .function(wrap_function!(cometbackup_test_connection))
        .function(wrap_function!(cometbackup_usage_update))
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
