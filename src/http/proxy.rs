//! The proxy of the settings. A value that cannot be used is refused by the setting's name, and never shown: it may hold a
//! password.

use ureq::{Proxy, ProxyProtocol};
use url::{Host, Url};

use super::HttpSettings;
use super::failure::Fault;

/// The proxy of the settings, which knows the servers that are reached without it.
pub fn of(settings: &HttpSettings) -> Result<Option<Proxy>, Fault> {
    read(&settings.proxy, &settings.no_proxy)
}

/// Reads the two settings.
pub fn read(address: &str, no_proxy: &str) -> Result<Option<Proxy>, Fault> {
    if address.is_empty() {
        return Ok(None);
    }
    let refused = || {
        Fault::Setting(
            "the setting whmcs_provisioning.proxy is not the address of a proxy; it has the form http://user:password@host:port"
                .into(),
        )
    };
    let with_scheme = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let url = Url::parse(&with_scheme).map_err(|_| refused())?;
    let protocol = match url.scheme() {
        "http" => ProxyProtocol::Http,
        "https" => ProxyProtocol::Https,
        scheme if scheme.starts_with("socks") => {
            return Err(Fault::Setting(format!(
                "the setting whmcs_provisioning.proxy names a {scheme} proxy, which is not supported: an http or https proxy is"
            )));
        }
        _ => return Err(refused()),
    };
    let is_bare =
        matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if !is_bare || url.port() == Some(0) {
        return Err(refused());
    }
    let host = url.host_str().filter(|host| !host.is_empty());
    let mut proxy = Proxy::builder(protocol).host(host.ok_or_else(refused)?);
    if let Some(port) = url.port() {
        proxy = proxy.port(port);
    }
    if !url.username().is_empty() || url.password().is_some() {
        let decoded = |text: &str| {
            let text = percent_encoding::percent_decode_str(text).decode_utf8();
            text.map(String::from).map_err(|_| refused())
        };
        proxy = proxy
            .username(&decoded(url.username())?)
            .password(&decoded(url.password().unwrap_or_default())?);
    }
    for entry in direct(no_proxy)? {
        proxy = proxy.no_proxy(&entry);
    }
    proxy.build().map(Some).map_err(|_| refused())
}

/// Patterns of the library. Unlike curl's, its plain name does not cover the names below it.
fn direct(no_proxy: &str) -> Result<Vec<String>, Fault> {
    let mut patterns = Vec::new();
    for entry in no_proxy.split([',', ' ', '\t']) {
        match entry {
            "" => {}
            "*" => patterns.push("*".to_owned()),
            _ => patterns.extend(of_entry(entry).ok_or_else(|| {
                Fault::Setting(format!(
                    "the setting whmcs_provisioning.no_proxy has an entry that is no host name or address: {}",
                    crate::text::plain(entry)
                ))
            })?),
        }
    }
    Ok(patterns)
}

/// `None` for what is neither name nor address. The library would take a star or a dot at the end of a name for the beginning
/// of others.
fn of_entry(entry: &str) -> Option<Vec<String>> {
    let name = entry.trim_start_matches('*').trim_start_matches('.');
    match Host::parse(name).or_else(|_| Host::parse(&format!("[{name}]"))) {
        Ok(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(&name);
            let is_name = !name.contains('*') && !name.split('.').any(str::is_empty);
            is_name.then(|| vec![format!(".{name}"), name.to_owned()])
        }
        // Brackets are part of the name where the library compares.
        Ok(address) => Some(vec![address.to_string()]),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whmcs::Host as _;
    use crate::whmcs::fake_host::FakeHost;

    fn set(proxy: &str, no_proxy: &str) -> Result<Option<Proxy>, Fault> {
        let mut settings = FakeHost::new("").http();
        settings.proxy = proxy.to_owned();
        settings.no_proxy = no_proxy.to_owned();
        of(&settings)
    }

    #[test]
    fn a_proxy_is_taken_as_it_is_written() {
        assert_eq!(set("", "!"), Ok(None));
        for (text, port, username) in [
            ("http://proxy.example:3128", 3128, None),
            ("proxy.example:3128", 3128, None),
            ("HTTPS://proxy.example", 443, None),
            ("http://us%40er:p%3Aw@proxy.example/", 80, Some("us@er")),
        ] {
            let proxy = set(text, "").unwrap().unwrap();
            assert_eq!(proxy.host(), "proxy.example");
            assert_eq!((proxy.port(), proxy.username()), (port, username));
            assert_eq!(proxy.password(), username.map(|_| "p:w"));
        }
        assert_eq!(set("http://[::1]:81", "").unwrap().unwrap().host(), "[::1]");
    }

    #[test]
    fn what_is_no_proxy_that_can_be_used_is_refused_by_name() {
        for scheme in ["socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5"] {
            let refused = set(&format!("{scheme}://user:hidden@h:1080"), "").unwrap_err();
            let Fault::Setting(sentence) = refused else {
                panic!("{refused:?}");
            };
            let expected = format!("names a {} proxy", scheme.to_lowercase());
            assert!(sentence.contains(&expected), "{sentence}");
            assert!(!sentence.contains("hidden"), "{sentence}");
        }
        for nonsense in [
            "gopher://x",
            "ftp://x",
            "http://",
            "://x",
            "http://h:99999",
            "http://h:x",
            "http://h:0",
            "http:/h",
            "http://h/x",
            "http://h?x",
            "http://h#x",
            "http://u:%ff@h",
            "quic://h:1",
        ] {
            assert!(
                matches!(set(nonsense, ""), Err(Fault::Setting(_))),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn servers_are_reached_directly_as_with_curl() {
        let is_direct = |no_proxy: &str, url: &str| {
            let proxy = set("http://proxy.example", no_proxy).unwrap().unwrap();
            proxy.is_no_proxy(&url.parse().unwrap())
        };
        for (list, url, expected) in [
            ("", "http://a.example", false),
            ("a.example", "http://a.example:8060/x", true),
            ("A.example", "http://a.EXAMPLE", true),
            ("a.example", "http://b.a.example", true),
            (".a.example", "http://a.example", true),
            ("*.a.example", "http://b.a.example", true),
            ("a.example.", "http://a.example", true),
            ("a.example.", "http://a.example.org", false),
            ("a.example\u{3002}", "http://a.example.org", false),
            ("A\u{308}.example", "http://xn--4ca.example", true),
            ("a.example", "http://ba.example", false),
            ("x, a.example\t, y", "http://a.example", true),
            ("x a.example", "http://a.example", true),
            ("10.0.0.1", "http://10.0.0.1:8060", true),
            ("10.0.0.1", "http://10.0.0.11", false),
            ("::1", "http://[::1]:8060", true),
            ("[::1]", "http://[::1]:8060", true),
            ("*", "http://any.example", true),
        ] {
            assert_eq!(is_direct(list, url), expected, "{list} {url}");
        }
        for wrong in [
            "10.0.0.0/8",
            "http://a.example",
            "a.example:8060",
            "a/b",
            "10.*",
            "a*.example",
            "a%2a",
            "a..b",
            "a.example..",
        ] {
            let refused = set("http://proxy.example", wrong).unwrap_err();
            assert!(
                matches!(&refused, Fault::Setting(text) if text.contains(wrong)),
                "{refused:?}"
            );
        }
    }
}
