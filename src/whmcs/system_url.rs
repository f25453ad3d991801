//! The address of WHMCS, as *General Settings* has it.

/// The one row of it; none where the setting is missing.
pub const READ: &str = "SELECT value FROM tblconfiguration WHERE setting='SystemURL'";

/// Returns host and path, by which an installation is known: with `https` or without it is the same one.
pub fn place(typed: &str) -> String {
    let typed = crate::text::decode_entities(typed);
    let typed = typed.trim();
    let rest = typed.split_once("://").map_or(typed, |(_, rest)| rest);
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    format!(
        "{}{}",
        host.to_ascii_lowercase(),
        path.trim_end_matches('/')
    )
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn an_address_is_its_host_and_path() {
        for (typed, known) in [
            ("https://Whmcs.Example/", "whmcs.example"),
            ("http://whmcs.example", "whmcs.example"),
            (
                "https://whmcs.example:8443/Billing/",
                "whmcs.example:8443/Billing",
            ),
            (" whmcs.example ", "whmcs.example"),
            ("", ""),
        ] {
            assert_eq!(place(typed), known, "{typed}");
        }
    }
}
