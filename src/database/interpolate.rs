//! Writes the values into a statement. Sent as one text it costs one round trip, where preparing it first costs two, and
//! hardly a statement of ours runs twice on a connection.
//!
//! The driver's escaping holds for what `DatabaseSettings::session` sets: UTF-8, and backslashes that escape.

use mysql::{DriverError, Params, Result};
use mysql_common::named_params::ParsedNamedParams;

/// The statement as it is sent. Its own quoted texts hold no `?`.
///
/// # Errors
/// Where parameters and statement do not fit together.
pub fn text(statement: &str, parameters: Params) -> Result<String> {
    let parsed = ParsedNamedParams::parse(statement.as_bytes())?;
    let names: Vec<Vec<u8>> = parsed.params().iter().map(|name| name.to_vec()).collect();
    let values = parameters
        .into_values(Some(&names))
        .map_err(DriverError::from)?;
    let query = String::from_utf8_lossy(parsed.query());
    let parts: Vec<&str> = query.split('?').collect();
    if parts.len() != values.len() + 1 {
        let places = u16::try_from(parts.len() - 1).unwrap_or(u16::MAX);
        return Err(DriverError::MismatchedStmtParams(places, values.len()).into());
    }
    let mut values = values.iter();
    let mut text = String::with_capacity(query.len() * 2);
    for part in parts {
        text.push_str(part);
        if let Some(value) = values.next() {
            text.push_str(&value.as_sql(false));
        }
    }
    Ok(text)
}

/// The list behind `IN` for so many values: `(?, ?, ?)`.
pub fn placeholders(count: usize) -> String {
    format!("({})", vec!["?"; count].join(", "))
}

/// A text for `LIKE … ESCAPE '|'` that stands for itself, and for no pattern.
pub fn like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '|') {
            escaped.push('|');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::params;
    use mysql::Value;

    #[test]
    fn values_stand_where_they_are_named() {
        let statement = "SELECT ':id', a FROM t WHERE id=:id AND b=:text AND c=:none AND d>:id";
        let parameters = params! {
            "id" => 7, "text" => "o'b\\\"?:id\0\n\u{1a}é", "none" => Option::<&str>::None,
        };
        assert_eq!(
            text(statement, parameters).unwrap(),
            "SELECT ':id', a FROM t WHERE id=7 AND b='o\\'b\\\\\\\"?:id\\0\\n\\Zé' AND c=NULL AND d>7"
        );
        let places = Params::Positional(vec![Value::from(1), Value::from(vec![0xff_u8])]);
        assert_eq!(
            text("DELETE FROM t WHERE a=? AND b=?", places).unwrap(),
            "DELETE FROM t WHERE a=1 AND b=0xFF"
        );
        assert_eq!(text("COMMIT", Params::Empty).unwrap(), "COMMIT");
    }

    #[test]
    fn a_searched_text_is_no_pattern() {
        assert_eq!(like("100%_a|b"), "100|%|_a||b");
    }

    #[test]
    fn what_does_not_fit_is_not_sent() {
        let one = || Params::Positional(vec![Value::from(1)]);
        for (statement, parameters) in [
            ("a=:a", Params::Empty),
            ("a=:a", params! { "b" => 1 }),
            ("a=:a", one()),
            ("a=? AND b=?", one()),
            ("a=1", one()),
        ] {
            assert!(text(statement, parameters).is_err(), "{statement}");
        }
    }
}
