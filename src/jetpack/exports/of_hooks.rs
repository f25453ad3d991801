//! The PHP functions that `hooks.php` calls, for WHMCS's order form and its mails.

use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;

use super::{ANY_SESSION, Table};
use crate::jetpack::functions::{mail_fields, validate_order};

#[php_function]
#[php(name = "jetpack_ValidateOrder")]
pub fn jetpack_validate_order(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, validate_order::run)
}

#[php_function]
#[php(name = "jetpack_MailFieldNames")]
pub fn jetpack_mail_field_names(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, |_, given| Ok(mail_fields::names(given)))
}

#[php_function]
#[php(name = "jetpack_MailFields")]
pub fn jetpack_mail_fields(arguments: &[&Zval]) -> Table {
    ANY_SESSION.hook(arguments, mail_fields::run)
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(jetpack_validate_order))
        .function(wrap_function!(jetpack_mail_field_names))
        .function(wrap_function!(jetpack_mail_fields))
}
