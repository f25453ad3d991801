//! The visitor of this request, as the running WHMCS knows it.

use ext_php_rs::types::Zval;

use super::Visitor;
use crate::php::exception::CallError;
use crate::php::{object, read};

/// Since WHMCS 8.0.
const CURRENT_USER: &str = "WHMCS\\Authentication\\CurrentUser";

/// Reads the visitor: by `CurrentUser` where WHMCS has it and it can say, else by the session.
///
/// # Errors
/// Where WHMCS's code ended the request.
pub fn visitor() -> Result<Visitor, CallError> {
    let session = Visitor::read(&read::global("_SESSION"));
    match current_user(session) {
        Err(CallError::Exit) => Err(CallError::Exit),
        Err(_) => Ok(session),
        known => known,
    }
}

fn current_user(session: Visitor) -> Result<Visitor, CallError> {
    let current = object::instance(CURRENT_USER)?;
    let ask = |method: &str| object::method(&current, method, vec![]);
    let is_staff = is_true(&ask("isAuthenticatedAdmin")?) || is_true(&ask("isMasqueradingAdmin")?);
    let client = ask("client")?;
    let client_id = match client.object() {
        Some(_) => read::read(&object::property(&client, "id")?, 0).id(),
        None => None,
    };
    let is_user = ask("user")?.object().is_some();
    Ok(session.known(client_id.unwrap_or_default(), is_staff, is_user))
}

fn is_true(answer: &Zval) -> bool {
    answer.bool() == Some(true)
}
