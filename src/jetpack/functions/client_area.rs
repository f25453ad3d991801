//! `jetpack_ClientArea`: the customer's page. No request, because customers reload pages.

use super::client_area_allowed_functions::may_attach;
use super::client_area_site;
use crate::error::Error;
use crate::jetpack::licensing::session::LicenseSession;
use crate::php_value::Value;
use crate::whmcs::{Host, Service, ServiceStatus};

/// Relative to the module's folder.
const TEMPLATE: &str = "templates/clientarea.tpl";

/// WHMCS's answer: the template and its variables.
pub fn run(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    let token = may_attach(service).then(|| host.form_token()).flatten();
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    let state = match service.status {
        ServiceStatus::Suspended => "suspended",
        status if status.is_over() => "ended",
        _ if !active.is_empty() => "active",
        _ if session.undecided()?.is_some() => "preparing",
        status if status.is_in_use() => "revoked",
        _ => "preparing",
    };
    // A key that is paid for no longer, or not now, is not handed out.
    let shown = if state == "active" {
        active
    } else {
        Vec::new()
    };
    let site = client_area_site::of(service, &shown, token);
    let licenses = shown
        .iter()
        .enumerate()
        .map(|(at, license)| {
            let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
            let site = text(&license.site);
            let attached_at = text(&license.at_site.attached_at);
            let fields = vec![
                ("key".to_owned(), license.key.expose().into()),
                ("issuedAt".to_owned(), license.issued_at.clone().into()),
                ("site".to_owned(), site),
                ("attachedAt".to_owned(), attached_at),
                ("command".to_owned(), wp_cli(license.key.expose()).into()),
            ];
            (at.to_string(), Value::Array(fields))
        })
        .collect();
    Ok(page(state, "", Value::Array(licenses), site))
}

/// The page of a service whose license cannot be read just now, or is not shown; `sentence` says why, where there is one.
pub fn unavailable(sentence: Option<&str>) -> Value {
    let none = Value::Array(Vec::new());
    page(
        "unavailable",
        sentence.unwrap_or_default(),
        none,
        Value::Null,
    )
}

fn page(state: &str, sentence: &str, licenses: Value, site: Value) -> Value {
    let variables = vec![
        ("jetpackState".to_owned(), state.into()),
        ("jetpackMessage".to_owned(), sentence.into()),
        ("jetpackLicenses".to_owned(), licenses),
        ("jetpackSite".to_owned(), site),
    ];
    Value::Array(vec![
        (
            "tabOverviewModuleOutputTemplate".to_owned(),
            TEMPLATE.into(),
        ),
        ("templateVariables".to_owned(), Value::Array(variables)),
    ])
}

/// The command of Jetpack's integration guide: a list of keys, as JSON, in the site's option `jetpack_licenses`.
fn wp_cli(key: &str) -> String {
    let json = serde_json::Value::from([key].as_slice()).to_string();
    // In a POSIX shell only the quote itself has to leave the quotes.
    format!(
        "wp option update jetpack_licenses '{}' --format=json",
        json.replace('\'', r"'\''")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_cannot_leave_the_quotes_of_the_command() {
        assert_eq!(
            wp_cli("b'; rm -rf ~ #"),
            r#"wp option update jetpack_licenses '["b'\''; rm -rf ~ #"]' --format=json"#
        );
    }
}
