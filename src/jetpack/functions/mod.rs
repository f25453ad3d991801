//! What WHMCS calls: one file for each function, named as WHMCS names it.

pub mod admin_custom_button_array;
pub mod admin_services_tab_fields;
pub mod admin_services_tab_fields_save;
pub mod adopt;
pub mod adopt_field;
pub mod attach_license;
pub mod attach_to_my_site;
pub mod attach_to_site;
pub mod change_package;
pub mod check_license;
pub mod client_area;
pub mod client_area_allowed_functions;
mod client_area_site;
pub mod connect_site;
pub mod create_account;
pub mod create_licenses_table;
pub mod detach_from_site;
pub mod fetch_product_descriptions;
pub mod fetch_products;
pub mod forget;
pub mod issue_again;
pub mod reconcile;
pub mod renew;
mod site_field;
pub mod suspend_account;
pub mod terminate_account;
pub mod unsuspend_account;
