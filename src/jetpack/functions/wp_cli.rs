//! The WP-CLI command that stores a license key on a site, beside those that are stored there.
//!
//! Jetpack keeps its keys as a list in the option `jetpack_licenses`, and attaches them whenever that option changes and when
//! the site is connected. `wp option update` would replace the list.

use std::fmt::Write;

/// Returns the command for a POSIX shell: in single quotes, in which nothing has a meaning. The key is in double quotes of PHP.
pub fn keeping_stored_keys(key: &str) -> String {
    let key = php_text(key);
    format!(
        "wp eval '$keys = array_filter( (array) get_option( \"jetpack_licenses\", array() ) ); $keys[] = {key}; update_option( \"jetpack_licenses\", array_values( array_unique( $keys, SORT_REGULAR ) ) );'"
    )
}

/// As PHP code without any sign that PHP or a shell gives a meaning to: what is not of a key's usual signs is percent-encoded.
fn php_text(key: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if key.bytes().all(is_plain) {
        return format!("\"{key}\"");
    }
    let mut encoded = String::with_capacity(key.len() * 3);
    for byte in key.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("rawurldecode( \"{encoded}\" )")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_key_stands_in_the_command_as_it_is() {
        let command = keeping_stored_keys("jetpack-backup_Ab1");
        assert!(
            command.contains("$keys[] = \"jetpack-backup_Ab1\";"),
            "{command}"
        );
        assert_eq!(command.matches('\'').count(), 2);
    }

    #[test]
    fn no_key_can_leave_its_quotes() {
        assert_eq!(
            php_text("b'; rm -rf ~ \"$x\\ä"),
            "rawurldecode( \"b%27%3B%20rm%20-rf%20%7E%20%22%24x%5C%C3%A4\" )"
        );
    }
}
