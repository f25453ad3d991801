//! The PHP functions of staff that ask no Comet Server: choices of settings, and what is confirmed. One line each.

use ext_php_rs::exception::PhpException;
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;

use super::{STAFF, STAFF_OR_CRON, Table};
use crate::cometbackup::functions::{config_options, confirm_deletion, notice_choices};

#[php_function]
#[php(name = "cometbackup_ConfirmDeletion")]
pub fn cometbackup_confirm_deletion(arguments: &[&Zval]) -> String {
    STAFF.command(arguments, confirm_deletion::run)
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsRequirePasswordChange")]
pub fn cometbackup_config_options_require_password_change(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, |_, _| {
        Ok(config_options::require_password_change())
    })
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsMailTemplateLoader")]
pub fn cometbackup_config_options_mail_template_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, |host, _| notice_choices::mail_templates(host))
}

#[php_function]
#[php(name = "cometbackup_ConfigOptionsBackupNoticeLoader")]
pub fn cometbackup_config_options_backup_notice_loader(
    arguments: &[&Zval],
) -> Result<Table, PhpException> {
    STAFF_OR_CRON.loader(arguments, |host, _| notice_choices::notices(host))
}

pub fn register(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function(wrap_function!(cometbackup_confirm_deletion))
        .function(wrap_function!(
            cometbackup_config_options_require_password_change
        ))
        .function(wrap_function!(
            cometbackup_config_options_mail_template_loader
        ))
        .function(wrap_function!(
            cometbackup_config_options_backup_notice_loader
        ))
}
