//! Reading a row of a result.

use mysql::Row;
use mysql::prelude::{ColumnIndex, FromValue};

/// A column, by its name or position in our own SELECT; NULL and a type that it cannot have read as empty.
pub fn column<T: FromValue + Default>(row: &Row, at: impl ColumnIndex) -> T {
    let value = row.get_opt(at);
    debug_assert!(
        value.is_some(),
        "a column that the statement does not select"
    );
    value.and_then(Result::ok).unwrap_or_default()
}
