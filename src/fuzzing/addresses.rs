//! Addresses, as admins type them.

use std::time::Duration;

use super::parts;
use crate::cometbackup::comet::server::CometServer;
use crate::database::{Address, DatabaseSettings};
use crate::http::failure::Cause;
use crate::http::proxy;
use crate::secret::Secret;
use crate::whmcs;

/// The fields of WHMCS's server form: host name, IP address, port.
pub fn server_address(bytes: &[u8]) {
    let Some([hostname, ip, port]) = parts(bytes) else {
        return;
    };
    let form = |hostname: &str| whmcs::Server {
        id: 1,
        hostname: hostname.to_owned(),
        ip: ip.to_owned(),
        port: port.parse().ok(),
        secure: port.is_empty(),
        username: "admin".to_owned(),
        password: Secret::new("password".to_owned()),
    };
    let Ok(server) = CometServer::new(&form(hostname)) else {
        return;
    };
    let url = url::Url::parse(&server.base);
    assert!(url.is_ok(), "{}", server.base);
    let Ok(url) = url else { return };
    assert!(
        matches!(url.scheme(), "http" | "https") && url.path() == "/",
        "{url}"
    );
    assert!(url.username().is_empty() && url.password().is_none() && url.query().is_none());
    assert!(server.base.ends_with(server.address()));
    server.is_in_the_clear();
    let again = CometServer::new(&form(&server.base)).map(|again| again.base);
    assert_eq!(
        again,
        Ok(server.base),
        "typed as it is known, it is the same server"
    );
}

/// A host as WHMCS's configuration.php has it, a socket, a time zone, and a `database_url`.
pub fn database_address(bytes: &[u8]) {
    let Some([host, socket, zone, url]) = parts(bytes) else {
        return;
    };
    let address = Address::new(host, 3306, Some(socket));
    address.remote_host();
    let settings = match DatabaseSettings::from_url(url) {
        Ok(settings) => settings,
        Err(error) => {
            let sentence = error.to_string();
            assert!(sentence.starts_with("The setting whmcs_provisioning.database_url "));
            assert!(!is_a_secret(url) || !sentence.contains(url), "{sentence}");
            return;
        }
    };
    let settings = DatabaseSettings {
        address,
        time_zone: Some(zone.to_owned()),
        ..settings
    };
    let limit = Duration::from_secs(1);
    settings.options(limit, limit, None);
    assert!(!settings.name.is_empty());
    assert!(
        matches!(settings.session().matches('\'').count(), 2 | 4),
        "the zone ends the quotes"
    );
}

/// The settings `proxy` and `no_proxy`, and the host of a server.
pub fn proxy_address(bytes: &[u8]) {
    let Some([address, direct, host]) = parts(bytes) else {
        return;
    };
    let proxy = match proxy::read(address, direct) {
        Ok(Some(proxy)) => proxy,
        Ok(None) => return assert!(address.is_empty()),
        Err(fault) => {
            let sentence = Cause::new(fault).to_string();
            assert!(sentence.starts_with("the setting whmcs_provisioning."));
            assert!(
                sentence.contains("no_proxy")
                    || !is_a_secret(address)
                    || !sentence.contains(address)
            );
            return;
        }
    };
    assert!(!proxy.host().is_empty() && proxy.port() > 0);
    // The host of a request as `url` has it.
    let Ok(host) = url::Host::parse(host) else {
        return;
    };
    let Ok(uri) = format!("https://{host}:8060").parse() else {
        return;
    };
    let host = host.to_string();
    let is_named = |entry: &str| {
        let name = entry.trim_start_matches('*').trim_start_matches('.');
        let name = url::Host::parse(name).or_else(|_| url::Host::parse(&format!("[{name}]")));
        let name = name.map_or_else(|_| String::new(), |name| name.to_string());
        let name = name.trim_end_matches('.');
        host.strip_suffix(name)
            .is_some_and(|before| !name.is_empty() && (before.is_empty() || before.ends_with('.')))
    };
    let expected = direct
        .split([',', ' ', '\t'])
        .any(|entry| entry == "*" || is_named(entry));
    assert_eq!(proxy.is_no_proxy(&uri), expected, "{host} of {direct}");
}

/// Long enough not to stand in a sentence by chance.
fn is_a_secret(text: &str) -> bool {
    text.len() > "whmcs_provisioning.database_url".len()
}
