//! `cometbackup_ValidateOrder`, for the hook of the order form: whether the user name and the password that a customer enters
//! can become an account's, before he pays. No request: a name that is taken is found when the account is created.

use crate::cometbackup::account::{password, user_name};
use crate::cometbackup::{MODULE, TEXTS};
use crate::error::Error;
use crate::php_value::Value;
use crate::whmcs::order_form::{self, OrderFormText, Posted};
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, open_database};

/// Returns what is wrong, in the visitor's language. One statement, none where no custom field is filled.
pub fn run(host: &dyn Host, request: &Value) -> Result<Value, Error> {
    let posted = Posted::read(request);
    if posted.is_empty() {
        return Ok(order_form::wrong([]));
    }
    let mut database = open_database(host)?;
    let entered = posted.of_module(&mut database, MODULE)?;
    let wrong: Vec<&str> = entered.iter().filter_map(wrong).collect();
    if wrong.is_empty() {
        return Ok(order_form::wrong([]));
    }
    let texts = Texts::for_visitor(host, &TEXTS);
    Ok(order_form::wrong(wrong.iter().map(|key| texts.text(key))))
}

/// The key of what is said of a field.
fn wrong(field: &OrderFormText) -> Option<&'static str> {
    match field.name.as_str() {
        "Username" => match field.text.trim() {
            name if !user_name::is_possible(name) => Some("order.user_name_characters"),
            name if user_name::is_short(name) => Some("order.user_name_short"),
            _ => None,
        },
        "Password" if password::is_short(&field.text) => Some("order.password_short"),
        "Password" if password::has_line_break(&field.text) => Some("order.password_line_break"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_password_are_held_against_comet_s_rules() {
        for (name, text, key) in [
            ("Username", "gracehopper", None),
            ("Username", " grace@example.com ", None),
            (
                "Username",
                "grace hopper",
                Some("order.user_name_characters"),
            ),
            (
                "Username",
                "grâce-hopper",
                Some("order.user_name_characters"),
            ),
            (
                "Username",
                "<b>grace</b>",
                Some("order.user_name_characters"),
            ),
            ("Username", "grace", Some("order.user_name_short")),
            ("Password", "1234567", Some("order.password_short")),
            ("Password", "ünïcödé!", None),
            ("Password", "1234\n5678", Some("order.password_line_break")),
            ("Colour", "x", None),
        ] {
            let field = OrderFormText {
                name: name.to_owned(),
                text: text.to_owned(),
            };
            assert_eq!(wrong(&field), key, "{text}");
        }
        let long = OrderFormText {
            name: "Username".to_owned(),
            text: "x".repeat(256),
        };
        assert_eq!(wrong(&long), Some("order.user_name_characters"));
    }
}
