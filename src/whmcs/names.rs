//! The name of a custom field, a configurable option or a choice: what is before `|`, without the blanks around it.
//! Behind the bar WHMCS keeps what customers read.

/// Returns the name within a stored text.
pub fn name_of(stored: &str) -> &str {
    let name = stored.split_once('|').map_or(stored, |(name, _)| name);
    name.trim_matches([' ', '\t'])
}

/// The same for a column within a statement, compared byte by byte, as `name_of` is.
macro_rules! name_in_sql {
    ($column:literal) => {
        concat!(
            "CAST(TRIM(REPLACE(SUBSTRING_INDEX(",
            $column,
            ", '|', 1), '\\t', ' ')) AS BINARY)"
        )
    };
}
pub(crate) use name_in_sql;

#[cfg(test)]
mod tests {
    use super::*;

    /// The suite's `FieldNamesTest` holds the same names against the statements.
    #[test]
    fn a_name_ends_at_the_bar_and_has_no_blanks_around_it() {
        for (stored, name) in [
            ("number_of_devices", "number_of_devices"),
            ("number_of_devices|Devices", "number_of_devices"),
            ("number_of_devices | Devices", "number_of_devices"),
            (" number_of_devices|Devices", "number_of_devices"),
            ("number_of_devices ", "number_of_devices"),
            ("\tnumber_of_devices\t|Devices", "number_of_devices"),
            ("number_of_devices|Devices|more", "number_of_devices"),
            ("Number_of_devices|Devices", "Number_of_devices"),
            ("number of devices", "number of devices"),
            ("|number_of_devices", ""),
            ("", ""),
        ] {
            assert_eq!(name_of(stored), name, "{stored:?}");
        }
    }
}
