//! PHP's own settings that make something of ours work less.

use super::Line;
use crate::php::{call, ini};

/// Functions that the extension calls in PHP, and what is lost without them.
const NEEDED: [(&str, &str); 5] = [
    (
        "set_time_limit",
        "an installer that takes longer than max_execution_time is cut",
    ),
    (
        "session_write_close",
        "a customer's other pages wait while he downloads an installer",
    ),
    (
        "ob_end_clean",
        "an installer cannot be sent in place of a page",
    ),
    (
        "header_remove",
        "headers of the page are sent with an installer",
    ),
    (
        "connection_aborted",
        "a download goes on for a visitor who has left",
    ),
];

pub fn lines() -> Vec<Line> {
    let constant = |name: &str| {
        let value = call::function("constant", vec![&name]).ok();
        value.and_then(|value| value.string()).unwrap_or_default()
    };
    let mut lines = vec![Line::fine(
        "php.version",
        format!(
            "This is PHP {} ({}).",
            constant("PHP_VERSION"),
            constant("PHP_SAPI")
        ),
    )];
    let disabled = ini::get("disable_functions").unwrap_or_default();
    lines.push(functions(&disabled));
    if ini::get("zend.exception_ignore_args").is_some_and(|value| value.trim() == "0") {
        lines.push(Line::note(
            "php.exception_ignore_args",
            "The setting zend.exception_ignore_args is 0, so traces of errors in PHP code hold the arguments of functions, WHMCS's passwords and tokens among them. Set it to 1 where this is no machine for development.",
        ));
    }
    if ini::get("opcache.validate_timestamps").is_some_and(|value| value.trim() == "0") {
        lines.push(Line::note(
            "php.opcache",
            "opcache.validate_timestamps is 0, so PHP does not notice that module files were upgraded. Reload PHP after install.sh, which says so as well.",
        ));
    }
    if ini::get("open_basedir").is_some_and(|value| !value.trim().is_empty()) {
        lines.push(Line::fine(
            "php.open_basedir",
            "open_basedir is set. The extension does not need to be within it, nor its private directory.",
        ));
    }
    lines
}

fn functions(disabled: &str) -> Line {
    let disabled: Vec<&str> = disabled.split(',').map(str::trim).collect();
    let lost: Vec<String> = NEEDED
        .iter()
        .filter(|(name, _)| disabled.contains(name))
        .map(|(name, loss)| format!("without {name} {loss}"))
        .collect();
    if lost.is_empty() {
        return Line::fine("php.functions", "No function that is needed is disabled.");
    }
    Line::note(
        "php.functions",
        format!(
            "Functions that the extension uses are disabled (disable_functions): {}.",
            lost.join("; ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn what_is_lost_with_a_disabled_function_is_named() {
        assert!(
            functions("exec, shell_exec")
                .text
                .starts_with("No function")
        );
        assert!(
            functions("exec,set_time_limit")
                .text
                .contains("without set_time_limit an installer")
        );
    }
}
