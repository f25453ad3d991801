//! A Comet Server: its address, as administrators type it, and the login.

use std::net::Ipv6Addr;

use url::Host;

use crate::error::Error;
use crate::secret::Secret;
use crate::whmcs;

/// Comet's own default (plain HTTP), and the usual port behind TLS.
const PLAIN_PORT: u16 = 8060;
const TLS_PORT: u16 = 443;

/// The remark for staff about a server that `is_in_the_clear`.
pub const IN_THE_CLEAR: &str = "the administrator's password travels to it in the clear, because the address is plain HTTP on another machine: give Comet a certificate and tick Secure in WHMCS";

/// A server that can be spoken to.
#[derive(Debug, Clone)]
pub struct CometServer {
    /// `tblservers.id`.
    pub id: u32,
    /// `https://host:port`, without a slash at its end.
    pub base: String,
    pub username: String,
    pub password: Secret<String>,
}

impl CometServer {
    /// Reads the hostname field, which may hold a scheme and a port; the IP address where there is no hostname.
    /// What is typed there counts more than the fields beside it.
    pub fn new(given: &whmcs::Server) -> Result<Self, Error> {
        let typed = if given.hostname.is_empty() {
            given.ip.as_str()
        } else {
            given.hostname.as_str()
        };
        if typed.is_empty() {
            return Err(Error::Config(
                "No Comet server is assigned. Choose one on the service page, or a server group in the product.".into(),
            ));
        }
        if given.username.is_empty() || given.password.expose().is_empty() {
            return Err(unusable(
                "user name or password is empty: enter those of a Comet administrator",
            ));
        }
        Ok(Self {
            id: given.id,
            base: base(typed, given)?,
            username: given.username.clone(),
            password: given.password.clone(),
        })
    }

    /// Returns the address alone, for whoever needs no login.
    pub fn address_of(given: &whmcs::Server) -> Result<String, Error> {
        let typed = if given.hostname.is_empty() {
            given.ip.as_str()
        } else {
            given.hostname.as_str()
        };
        base(typed, given)
    }

    /// Whether the administrator's password crosses a network without TLS.
    pub fn is_in_the_clear(&self) -> bool {
        let Ok(url) = url::Url::parse(&self.base) else {
            return false;
        };
        let is_here = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => true,
        };
        url.scheme() == "http" && !is_here
    }

    /// Returns host and port, by which the server is known whatever the scheme.
    pub fn address(&self) -> &str {
        self.base
            .split_once("://")
            .map_or(self.base.as_str(), |(_, address)| address)
    }
}

fn base(typed: &str, given: &whmcs::Server) -> Result<String, Error> {
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, typed),
    };
    let secure = match scheme.as_deref() {
        Some("https") => true,
        Some("http") => false,
        None => given.secure,
        Some(_) => return Err(unusable("the hostname begins with neither http nor https")),
    };
    let rest = rest.trim_end_matches('/');
    if let Ok(address) = rest.parse::<Ipv6Addr>() {
        let port = given.port.unwrap_or(default_port(secure));
        let host = Host::<&str>::Ipv6(address);
        return Ok(format!("{}://{host}:{port}", scheme_of(secure)));
    }
    let url = url::Url::parse(&format!("{}://{rest}", scheme_of(secure)))
        .map_err(|_| unusable("the hostname is not a host name"))?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(unusable(
            "the hostname holds a path: a Comet Server is reached at the root of its host",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable(
            "the hostname holds a login: enter it in the fields below",
        ));
    }
    let host = url
        .host_str()
        .ok_or_else(|| unusable("there is no hostname"))?;
    let port = typed_port(rest)
        .or(given.port)
        .unwrap_or(default_port(secure));
    Ok(format!("{}://{host}:{port}", scheme_of(secure)))
}

/// `url` leaves out a port that is the scheme's default, so it is read from the text.
fn typed_port(rest: &str) -> Option<u16> {
    let (host, port) = rest.rsplit_once(':')?;
    (!host.contains(':') || host.ends_with(']'))
        .then(|| port.parse().ok())
        .flatten()
}

const fn scheme_of(secure: bool) -> &'static str {
    if secure { "https" } else { "http" }
}

const fn default_port(secure: bool) -> u16 {
    if secure { TLS_PORT } else { PLAIN_PORT }
}

fn unusable(why: &str) -> Error {
    Error::Config(format!(
        "The Comet server cannot be used: {why}. Correct it under System Settings, Servers."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(hostname: &str, port: Option<u16>, secure: bool) -> Result<String, Error> {
        CometServer::new(&whmcs::Server {
            id: 1,
            hostname: hostname.into(),
            ip: "192.0.2.7".into(),
            port,
            secure,
            username: "admin".into(),
            password: Secret::new("p".into()),
        })
        .map(|server| server.base)
    }

    #[test]
    fn every_way_of_typing_a_server_is_understood() {
        for (hostname, port, secure, base) in [
            ("comet.example", None, false, "http://comet.example:8060"),
            ("comet.example", None, true, "https://comet.example:443"),
            (
                "comet.example",
                Some(33060),
                false,
                "http://comet.example:33060",
            ),
            (
                "comet.example:99",
                Some(1),
                false,
                "http://comet.example:99",
            ),
            (
                "HTTP://Comet.Example:33060/",
                None,
                true,
                "http://comet.example:33060",
            ),
            (
                "https://comet.example",
                Some(8443),
                false,
                "https://comet.example:8443",
            ),
            (
                "https://comet.example:443/",
                Some(8443),
                false,
                "https://comet.example:443",
            ),
            ("::1", Some(5), false, "http://[::1]:5"),
            ("2001:DB8:0::1", Some(5), false, "http://[2001:db8::1]:5"),
            (
                "[2001:db8::1]:8060",
                None,
                false,
                "http://[2001:db8::1]:8060",
            ),
            ("", None, false, "http://192.0.2.7:8060"),
        ] {
            assert_eq!(read(hostname, port, secure).unwrap(), base, "{hostname}");
        }
    }

    #[test]
    fn what_is_no_server_is_said() {
        for wrong in [
            "a b",
            "ftp://x",
            "x/path",
            "x?y",
            "http://u:p@x",
            "http://",
            "x:y",
        ] {
            assert!(read(wrong, None, false).is_err(), "{wrong}");
        }
    }
}
