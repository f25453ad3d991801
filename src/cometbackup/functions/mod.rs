//! What WHMCS calls: one file for each function, named as WHMCS names it.

pub mod admin_custom_button_array;
pub mod admin_link;
pub mod admin_services_tab_fields;
pub mod change_package;
pub mod change_password;
pub mod check_account;
pub mod client_area;
pub mod client_area_allowed_functions;
pub mod config_options;
pub mod confirm_server;
pub mod create_account;
pub mod custom_actions;
pub mod forget;
pub mod metrics;
pub mod organizations;
pub mod reconcile;
pub mod remove_old_device;
pub mod renew;
pub mod single_sign_on;
pub mod suspend_account;
pub mod terminate_account;
pub mod test_connection;
pub mod transfer_account;
pub mod usage_update;
