//! The password of an account: which one it gets, and which ones Comet accepts.

use super::session::AccountSession;
use crate::cometbackup::TEXTS;
use crate::error::Error;
use crate::secret::Secret;

impl AccountSession<'_> {
    /// Returns the password of a new account: the custom field Password, else the service's own.
    pub fn password_for_creation(&self) -> Result<Secret<String>, Error> {
        let service = self.service;
        let typed = service.custom_fields.get("Password").unwrap_or_default();
        validate_password(if typed.is_empty() {
            service.password.expose()
        } else {
            typed
        })
    }

    /// Returns the password of a change: the service's own, else the custom field Password.
    pub fn password_for_change(&self) -> Result<Secret<String>, Error> {
        let service = self.service;
        let typed = service.custom_fields.get("Password").unwrap_or_default();
        let own = service.password.expose();
        validate_password(if own.is_empty() { typed } else { own })
    }
}

pub fn is_short(password: &str) -> bool {
    password.chars().count() < 8
}

pub fn has_line_break(password: &str) -> bool {
    password.contains(['\r', '\n', '\0'])
}

/// What Comet takes: at least 8 characters, no line break.
fn validate_password(password: &str) -> Result<Secret<String>, Error> {
    if is_short(password) {
        return Err(TEXTS.error("password.too_short", &[]));
    }
    if has_line_break(password) {
        return Err(TEXTS.error("password.line_break", &[]));
    }
    Ok(Secret::new(password.to_owned()))
}
