//! Forms of customers: WHMCS's token, by which a form is known to be from a page of this session.

use super::Host;
use crate::hash::sha256;
use crate::php_value::Value;

/// Whether the form was sent from a page of this session. A page of another site can send one here, and cannot know the
/// token; only a POST has these fields. WHMCS's code runs: ask before a connection is in use.
pub fn is_of_this_session(host: &dyn Host, form: &Value) -> bool {
    let sent = form.get("token").text().filter(|token| !token.is_empty());
    let expected = host.form_token().filter(|token| !token.is_empty());
    match (sent, expected) {
        // Hashes of equal length: how long it takes says nothing about the token.
        (Some(sent), Some(expected)) => sha256(&sent) == sha256(&expected),
        _ => false,
    }
}
