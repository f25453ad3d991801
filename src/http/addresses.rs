//! Addresses of servers, remembered as long as an idle connection is kept: a look-up is a round trip of its own, and the
//! agent asks for one before each request, also where it has a connection.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use ureq::Error as UreqError;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::agent::KEPT;

struct Known {
    server: String,
    since: Instant,
    addresses: ResolvedSocketAddrs,
}

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// Asks the system for an address that was not looked up in the last seconds.
#[derive(Debug, Default)]
pub struct Addresses(DefaultResolver);

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, UreqError> {
        let server = server(uri);
        if let Some(addresses) = remembered(&server) {
            return Ok(addresses);
        }
        let addresses = self.0.resolve(uri, config, timeout)?;
        remember(server, addresses.clone());
        Ok(addresses)
    }
}

/// Where a server did not answer: it may have moved, or the proxy.
pub fn forget() {
    known(Vec::clear);
}

fn remembered(server: &str) -> Option<ResolvedSocketAddrs> {
    known(|known| {
        known.retain(|one| one.since.elapsed() < KEPT);
        let found = known.iter().find(|one| one.server == server)?;
        Some(found.addresses.clone())
    })
}

fn remember(server: String, addresses: ResolvedSocketAddrs) {
    known(|known| {
        known.push(Known {
            server,
            since: Instant::now(),
            addresses,
        });
    });
}

fn known<T>(look: impl FnOnce(&mut Vec<Known>) -> T) -> T {
    look(&mut KNOWN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Scheme, host and port: the scheme names the port where the address does not.
fn server(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{}://{authority}", uri.scheme_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::Agent;

    #[test]
    fn an_address_is_remembered_until_its_server_fails() {
        // A name that no system can look up (RFC 2606).
        let resolve = |url: &str| {
            let agent = Agent::new_with_defaults();
            let uri = url.parse().unwrap();
            Addresses::default().resolve(&uri, agent.config(), NextTimeout::default())
        };
        let mut addresses = DefaultResolver::default().empty();
        addresses.push("127.0.0.1:80".parse().unwrap());
        remember("http://server.invalid:81".into(), addresses);
        for path in ["a", "b?c"] {
            let found = resolve(&format!("http://server.invalid:81/{path}")).unwrap();
            assert_eq!(found.first(), Some(&"127.0.0.1:80".parse().unwrap()));
        }
        assert!(remembered("https://server.invalid:81").is_none());
        forget();
        assert!(remembered("http://server.invalid:81").is_none());
    }
}
