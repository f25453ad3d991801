//! The address of the customer's site, and its administrator there: from the service alone, checked before they are sent.

use url::Url;

use crate::error::Error;
use crate::jetpack::api::site::LocalUser;
use crate::whmcs::Service;

/// The custom field that wins over the service's domain.
pub const SITE_URL: &str = "Site URL";
/// The custom field with the login of the site's administrator.
pub const WORDPRESS_ADMIN: &str = "WordPress Admin";

/// Characters, as the column of the license table has them.
const LONGEST: usize = 255;
/// Characters of a login or an e-mail address.
const LONGEST_LOGIN: usize = 100;

/// The address of a site, `https://example.com` or `https://example.com/blog`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress {
    pub url: String,
    host: String,
}

impl SiteAddress {
    /// Reads the custom field *Site URL*, else the service's domain. Nothing that a request names.
    ///
    /// # Errors
    /// `Error::Refusal` for what is no address of a site. A field that cannot be used is not passed over.
    pub fn of(service: &Service) -> Result<Self, Error> {
        let field = service
            .custom_fields
            .get(SITE_URL)
            .unwrap_or_default()
            .trim();
        if field.is_empty() {
            return Self::of_domain(&service.domain).ok_or_else(|| Error::Refusal(
                "The service has no domain that a site could be at. Enter the domain on the service page and press Attach to site.".into(),
            ));
        }
        Self::of_url(field).ok_or_else(|| Error::Refusal(format!(
            "The custom field {SITE_URL} does not hold the address of a site: https:// and a domain, with a folder where the site is in one, and no port, login or query. Correct it on the service page and press Attach to site."
        )))
    }

    /// Whether the custom field *Site URL* may hold this.
    pub fn is_usable(typed: &str) -> bool {
        Self::of_url(typed).is_some()
    }

    /// Whether this is the domain that the site is at, `www.` before it aside.
    pub fn is_at(&self, domain: &str) -> bool {
        let Some(host) = host_of(domain) else {
            return false;
        };
        self.host == host || self.host.strip_prefix("www.") == Some(&host)
    }

    fn of_domain(domain: &str) -> Option<Self> {
        let host = host_of(domain)?;
        let url = format!("https://{host}");
        (url.len() <= LONGEST).then_some(Self { url, host })
    }

    fn of_url(typed: &str) -> Option<Self> {
        let (scheme, rest) = typed.split_once("://").unwrap_or(("https", typed));
        let scheme = ["https", "http"]
            .into_iter()
            .find(|known| scheme.eq_ignore_ascii_case(known))?;
        let (domain, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let host = host_of(domain).filter(|_| !domain.contains(char::is_whitespace))?;
        let folder = folder.trim_end_matches('/');
        let is_folder = folder.is_empty() || folder.split('/').all(is_folder_name);
        let url = Url::parse(&format!("{scheme}://{host}/{folder}")).ok()?;
        let url = url.as_str().trim_end_matches('/').to_owned();
        (is_folder && url.len() <= LONGEST).then_some(Self { url, host })
    }
}

/// Blanks, dots and signs that have a meaning in an address are no name's.
fn is_folder_name(name: &str) -> bool {
    let fits = |sign: char| sign.is_alphanumeric() || "-_.~".contains(sign);
    !name.is_empty() && !matches!(name, "." | "..") && name.chars().all(fits)
}

/// The host name in the form that DNS has; `None` for what is none, for an IP address, and for a name without a dot.
fn host_of(domain: &str) -> Option<String> {
    let domain = domain.trim().trim_end_matches('.');
    let url = Url::parse(&format!("https://{domain}")).ok()?;
    let host = url.domain().filter(|host| host.contains('.'))?;
    let is_name = if domain.is_ascii() {
        host.eq_ignore_ascii_case(domain)
    } else {
        let has_more = |sign: char| "/\\?#@:%".contains(sign) || sign.is_control();
        !domain.contains(has_more)
    };
    is_name.then(|| host.to_owned())
}

/// Returns the site's administrator: what the custom field holds, else the first user of the site.
///
/// # Errors
/// `Error::Refusal` where the field holds no login.
pub fn administrator(service: &Service) -> Result<LocalUser, Error> {
    let field = service
        .custom_fields
        .get(WORDPRESS_ADMIN)
        .unwrap_or_default()
        .trim();
    if field.is_empty() {
        return Ok(LocalUser::Id(1));
    }
    if field.chars().any(char::is_control) || field.chars().count() > LONGEST_LOGIN {
        return Err(Error::Refusal(format!(
            "The custom field {WORDPRESS_ADMIN} does not hold a login: the name, the e-mail address or the number of an administrator of the site. Correct it on the service page."
        )));
    }
    let number = field
        .parse()
        .ok()
        .filter(|id: &u64| *id > 0 && id.to_string() == field);
    Ok(number.map_or_else(|| LocalUser::Login(field.to_owned()), LocalUser::Id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_id::ServiceId;
    use crate::whmcs::NamedValues;

    fn service(domain: &str, fields: &[(&str, &str)]) -> Service {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Service {
            domain: domain.into(),
            custom_fields: NamedValues::stored(fields),
            ..Service::of(ServiceId::Service(1))
        }
    }

    fn site(domain: &str) -> Result<String, Error> {
        SiteAddress::of(&service(domain, &[])).map(|address| address.url)
    }

    fn from_field(field: &str) -> Result<String, Error> {
        SiteAddress::of(&service("own.example", &[(SITE_URL, field)])).map(|address| address.url)
    }

    #[test]
    fn only_a_domain_name_becomes_a_site() {
        assert_eq!(site("Example.com. ").unwrap(), "https://example.com");
        assert_eq!(
            site("bücher.example").unwrap(),
            "https://xn--bcher-kva.example"
        );
        for wrong in [
            "",
            "localhost",
            "127.0.0.1",
            "a.b/c",
            "u@a.b",
            "a.b:1",
            "<b>.x",
            "a b.c",
            "bücher.example%2f",
        ] {
            assert!(site(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_custom_field_wins_and_may_name_a_folder() {
        for (typed, url) in [
            ("https://Shop.example/blog/", "https://shop.example/blog"),
            ("shop.example", "https://shop.example"),
            ("http://shop.example/a/b", "http://shop.example/a/b"),
            (
                "HTTPS://bücher.example/büro",
                "https://xn--bcher-kva.example/b%C3%BCro",
            ),
            ("  ", "https://own.example"),
        ] {
            assert_eq!(from_field(typed).unwrap(), url);
        }
    }

    #[test]
    fn what_is_no_address_of_a_site_is_refused_and_not_passed_over() {
        let long = format!("https://a.example/{}", "x".repeat(255));
        for wrong in [
            "javascript:alert(1)",
            "javascript://a.example/%0aalert(1)",
            "ftp://a.example",
            "file:///etc/passwd",
            "//a.example",
            "https://a.example:8443",
            "https://a.example:443/",
            "https://user@a.example",
            "https://user:secret@a.example/x",
            "https://a.example/?p=1",
            "https://a.example/x?p=1",
            "https://a.example?x",
            "https://a.example/#x",
            "https://a.example/../x",
            "https://a.example/./x",
            "https://a.example//x",
            "https://a.example/%2e%2e/x",
            "https://a.example\\@b.example",
            "https://a.example/a b",
            "https://a.example/<script>",
            "https://[::1]/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://localhost/blog",
            "https://a.exa\tmple/",
            "https://ex%61mple.com/",
            "https:// a.example",
            "a.example b.example",
            &long,
        ] {
            assert!(
                from_field(wrong).is_err(),
                "{wrong:?} {:?}",
                from_field(wrong)
            );
        }
    }

    #[test]
    fn a_site_is_at_its_domain_and_at_nothing_that_looks_like_it() {
        let at = |typed: &str| SiteAddress::of(&service(typed, &[])).unwrap();
        assert!(at("example.com").is_at("Example.COM."));
        assert!(at("www.example.com").is_at("example.com"));
        assert!(at("bücher.example").is_at("xn--bcher-kva.example"));
        for other in ["bucher.example", "", "example", "*"] {
            assert!(!at("bücher.example").is_at(other), "{other}");
        }
        assert!(!at("example.com").is_at("www.example.com"));
        assert!(!at("shop.example.com").is_at("example.com"));
        assert!(!at("wwwexample.com").is_at("example.com"));
    }

    #[test]
    fn the_administrator_is_a_login_or_a_number() {
        let user = |field: &str| administrator(&service("a.example", &[(WORDPRESS_ADMIN, field)]));
        assert_eq!(user(" ").unwrap(), LocalUser::Id(1));
        assert_eq!(user(" 7").unwrap(), LocalUser::Id(7));
        assert_eq!(user("007").unwrap(), LocalUser::Login("007".into()));
        assert_eq!(
            user("ada@a.example").unwrap(),
            LocalUser::Login("ada@a.example".into())
        );
        assert!(user("a\nb").is_err());
        assert!(user(&"x".repeat(101)).is_err());
    }
}
