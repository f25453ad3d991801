//! The PHP functions that concern a whole server, one line each.

use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;

use super::{STAFF, STAFF_OR_CRON, Table};
use crate::cometbackup::functions::{
    list_accounts, metrics, record_imported, test_connection, usage_update,
};

/// Imports usage; WHMCS shows nobody what a daily import answers.
#[php_function]
#[php(name = "cometbackup_UsageUpdate")]
pub fn cometbackup_usage_update(arguments: &[&Zval]) {
    STAFF_OR_CRON.task_for_server(arguments, usage_update::run);
}

#[php_function]
#[php(name = "cometbackup_ListAccounts")]
pub fn cometbackup_list_accounts(arguments: &[&Zval]) -> Table {
    STAFF_OR_CRON.accounts(arguments, list_accounts::run)
}

/// Runs the button on the page of one of the server's services.
#[php_function]
#[php(name = "cometbackup_RecordImported")]
pub fn cometbackup_record_imported(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, record_imported::run)
}

/// Returns the figures for `MetricProvider`: tenant ⇒ metric ⇒ value.
#[php_function]
#[php(name = "cometbackup_MetricUsage")]
pub fn cometbackup_metric_usage(arguments: &[&Zval]) -> Table {
    STAFF_OR_CRON.figures(arguments, metrics::usage)
}

/// Returns the figures of one tenant for `MetricProvider`: its second argument.
#[php_function]
#[php(name = "cometbackup_MetricTenantUsage")]
pub fn cometbackup_metric_tenant_usage(arguments: &[&Zval]) -> Table {
    STAFF_OR_CRON.figures(arguments, metrics::of_tenant)
}

#[php_function]
#[php(name = "cometbackup_TestConnection")]
pub fn cometbackup_test_connection(arguments: &[&Zval]) -> Table {
    STAFF_OR_CRON.answer(
        arguments,
        |asked| test_connection::run(asked.host, &asked.server()?),
        test_connection::failure,
    )
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(cometbackup_usage_update))
        .function(wrap_function!(cometbackup_list_accounts))
        .function(wrap_function!(cometbackup_record_imported))
        .function(wrap_function!(cometbackup_metric_usage))
        .function(wrap_function!(cometbackup_metric_tenant_usage))
        .function(wrap_function!(cometbackup_test_connection))
}
