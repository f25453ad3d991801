//! The PHP functions that `hooks.php` calls, for WHMCS's order form and its mails. One line each.

use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;

use super::{ANY_SESSION, Table};
use crate::cometbackup::functions::{mail_fields, validate_order};

#[php_function]
#[php(name = "cometbackup_ValidateOrder")]
pub fn cometbackup_validate_order(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, validate_order::run)
}

#[php_function]
#[php(name = "cometbackup_MailFieldNames")]
pub fn cometbackup_mail_field_names(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, |_, given| Ok(mail_fields::names(given)))
}

#[php_function]
#[php(name = "cometbackup_MailFields")]
pub fn cometbackup_mail_fields(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, mail_fields::run)
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(cometbackup_validate_order))
        .function(wrap_function!(cometbackup_mail_field_names))
        .function(wrap_function!(cometbackup_mail_fields))
}
