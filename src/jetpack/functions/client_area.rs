//! `jetpack_ClientArea`: the customer's page. No request, because customers reload pages.

use super::client_area_allowed_functions::may_attach;
use super::{client_area_site, wp_cli};
use crate::error::Error;
use crate::jetpack::TEXTS;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::shows_key;
use crate::php_value::Value;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, Service, ServiceStatus};

/// As the PHP module names it, so that a theme's copy of that file goes on working.
const TEMPLATE: &str = "jetpack_license";

/// What the PHP module's variable holds where there is no key to show.
const NO_KEY: &str = "No License Key Found";

/// Where Jetpack takes a key, below the address of a site.
const ADD_PAGE: &str = "/wp-admin/admin.php?page=my-jetpack#/add-license";

/// Returns the template and its variables. Nothing where the PHP module showed nothing and no admin has saved the product
/// since, but for licenses that customers saw under an earlier version of ours.
pub fn run(host: &dyn Host, service: &Service) -> Result<Value, Error> {
    let token = may_attach(service).then(|| host.form_token()).flatten();
    // WHMCS's code may run for it, which must not find a connection in use.
    let texts = Texts::of(host, &TEXTS, service);
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    if !shows_key(&service.options) && active.iter().all(|license| !license.is_always_shown) {
        return Ok(nothing());
    }
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
    let first = shown.first().map(|license| license.key.expose().to_owned());
    let site = client_area_site::of(service, &shown, token, &texts);
    // Of several licenses nobody knows which is for which site.
    let address = SiteAddress::of(service).ok().filter(|_| shown.len() == 1);
    let add_page = address.map(|site| format!("{}{ADD_PAGE}", site.url));
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
                (
                    "command".to_owned(),
                    wp_cli::keeping_stored_keys(license.key.expose()).into(),
                ),
            ];
            (at.to_string(), Value::Array(fields))
        })
        .collect();
    let variables = Variables {
        state,
        sentence: "",
        licenses,
        key: first,
        domain: host_name(&service.domain),
        site,
        add_page,
    };
    Ok(variables.page(&texts))
}

/// Returns the page of a service whose license cannot be read just now, or is not shown; `sentence` says why, where there is
/// one. Who never sees a page sees none that fails.
pub fn unavailable(host: &dyn Host, service: Option<&Service>, sentence: Option<&str>) -> Value {
    if service.is_some_and(|service| !shows_key(&service.options)) {
        return nothing();
    }
    let variables = Variables {
        state: "unavailable",
        sentence: sentence.unwrap_or_default(),
        licenses: Vec::new(),
        key: None,
        domain: None,
        site: Value::Null,
        add_page: None,
    };
    variables.page(&match service {
        Some(service) => Texts::of(host, &TEXTS, service),
        None => Texts::for_visitor(host, &TEXTS),
    })
}

const fn nothing() -> Value {
    Value::Array(Vec::new())
}

struct Variables<'a> {
    state: &'static str,
    sentence: &'a str,
    licenses: Vec<(String, Value)>,
    /// The two of the PHP module.
    key: Option<String>,
    domain: Option<String>,
    site: Value,
    add_page: Option<String>,
}

impl Variables<'_> {
    fn page(self, texts: &Texts) -> Value {
        let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
        let brand = texts.text("page.brand");
        let key = self.key.unwrap_or_else(|| NO_KEY.to_owned());
        let variables = vec![
            ("jetpackState".to_owned(), self.state.into()),
            ("jetpackMessage".to_owned(), self.sentence.into()),
            ("jetpackLicenses".to_owned(), Value::Array(self.licenses)),
            ("jetpackSite".to_owned(), self.site),
            ("license_key".to_owned(), key.into()),
            ("domain".to_owned(), text(self.domain)),
            ("jetpackAddPage".to_owned(), text(self.add_page)),
            (
                "text".to_owned(),
                texts.of_page_with("page", &[("brand", brand)]),
            ),
            ("assetVersion".to_owned(), env!("CARGO_PKG_VERSION").into()),
        ];
        Value::Array(vec![
            ("templatefile".to_owned(), TEMPLATE.into()),
            ("vars".to_owned(), Value::Array(variables)),
        ])
    }
}

/// The host name in a service's domain. The PHP module's template puts it into an address unescaped, and customers type it.
fn host_name(domain: &str) -> Option<String> {
    let url = url::Url::parse(&format!("https://{}", domain.trim())).ok()?;
    let host = url.domain()?;
    let is_plain = host
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    (is_plain && host.contains('.')).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_name_is_a_domain() {
        for (domain, host) in [
            ("Example.com", Some("example.com")),
            ("example.com/blog/", Some("example.com")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("", None),
            ("localhost", None),
            ("a\"b.example", None),
            ("javascript:alert(1)", None),
            ("https://example.com", None),
        ] {
            assert_eq!(host_name(domain).as_deref(), host, "{domain}");
        }
    }
}
