//! A cache of server addresses, as long as an idle connection is kept: a look-up is a round trip of its own, and the agent
//! makes one before each request, also where it has a connection.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use ureq::Error as UreqError;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::failure::{Fault, of_system};
use super::limits::IDLE_TIMEOUT;
use crate::worker::join;

struct Known {
    server: String,
    since: Instant,
    addresses: ResolvedSocketAddrs,
}

/// The addresses of a process.
struct Memory(Mutex<Vec<Known>>);

static MEMORY: Memory = Memory::new();

/// The resolver of the system, for addresses that were not looked up in the last seconds.
#[derive(Debug, Default)]
pub struct Addresses;

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, UreqError> {
        let server = server(uri);
        if let Some(addresses) = MEMORY.find(&server) {
            return Ok(addresses);
        }
        let mut addresses = self.empty();
        for address in look_up(uri, timeout)? {
            if addresses.try_push(address).is_err() {
                break;
            }
        }
        if addresses.is_empty() {
            return Err(Fault::NotResolved("it has no address".into()).into());
        }
        MEMORY.keep(server, addresses.clone());
        Ok(addresses)
    }
}

/// Forgets all addresses, where a server did not answer: it may have moved, or the proxy.
pub fn forget() {
    MEMORY.forget();
}

/// The system has no look-up that ends in time, so a thread of its own waits for it. A number needs neither.
fn look_up(uri: &Uri, timeout: NextTimeout) -> Result<Vec<SocketAddr>, UreqError> {
    let (scheme, authority) = uri.scheme().zip(uri.authority()).ok_or(Fault::Address)?;
    let server = DefaultResolver::host_and_port(scheme, authority).ok_or(Fault::Address)?;
    let host = authority.host().trim_matches(['[', ']']);
    if host.parse::<IpAddr>().is_ok() {
        return resolved(server.to_socket_addrs().map(Iterator::collect));
    }
    let wait = join::start(move || server.to_socket_addrs().map(Iterator::collect))
        .map_err(|_| Fault::NoThread)?;
    match wait.recv_timeout(*timeout.after) {
        Ok(end) => resolved(end.map_err(|panic| Fault::Internal(panic.place()))?),
        Err(RecvTimeoutError::Timeout) => Err(Fault::NotResolvedInTime.into()),
        Err(RecvTimeoutError::Disconnected) => Err(Fault::Internal(String::new()).into()),
    }
}

fn resolved(end: io::Result<Vec<SocketAddr>>) -> Result<Vec<SocketAddr>, UreqError> {
    Ok(end.map_err(|error| Fault::NotResolved(why(&error)))?)
}

/// The resolver of the C library has errors of its own, which the standard library passes on as text.
fn why(error: &io::Error) -> String {
    const BEFORE: &str = "failed to lookup address information: ";
    let text = error.to_string();
    match text.strip_prefix(BEFORE) {
        Some(reason) => crate::text::plain(reason),
        None => of_system(error),
    }
}

impl Memory {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn find(&self, server: &str) -> Option<ResolvedSocketAddrs> {
        self.with(|known| {
            known.retain(|one| one.since.elapsed() < IDLE_TIMEOUT);
            let found = known.iter().find(|one| one.server == server)?;
            Some(found.addresses.clone())
        })
    }

    fn keep(&self, server: String, addresses: ResolvedSocketAddrs) {
        self.with(|known| {
            known.push(Known {
                server,
                since: Instant::now(),
                addresses,
            });
        });
    }

    fn forget(&self) {
        self.with(Vec::clear);
    }

    fn with<T>(&self, look: impl FnOnce(&mut Vec<Known>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
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

    fn resolve(url: &str) -> Result<ResolvedSocketAddrs, UreqError> {
        let agent = Agent::new_with_defaults();
        let uri = url.parse().unwrap();
        Addresses.resolve(&uri, agent.config(), NextTimeout::default())
    }

    #[test]
    fn an_address_is_remembered_until_its_server_fails() {
        let memory = Memory::new();
        let mut addresses = Addresses.empty();
        addresses.push("127.0.0.1:80".parse().unwrap());
        memory.keep("http://server.invalid:81".into(), addresses);
        for path in ["a", "b?c"] {
            let uri = format!("http://server.invalid:81/{path}").parse().unwrap();
            let found = memory.find(&server(&uri)).unwrap();
            assert_eq!(found.first(), Some(&"127.0.0.1:80".parse().unwrap()));
        }
        assert!(memory.find("https://server.invalid:81").is_none());
        memory.forget();
        assert!(memory.find("http://server.invalid:81").is_none());
    }

    #[test]
    fn numbers_and_names_have_addresses() {
        for (url, address) in [
            ("http://127.0.0.9:81/x", "127.0.0.9:81"),
            ("https://127.0.0.9/x", "127.0.0.9:443"),
            ("https://[::1]/x", "[::1]:443"),
        ] {
            let found = resolve(url).unwrap();
            assert_eq!(found.first(), Some(&address.parse().unwrap()), "{url}");
        }
        assert!(!resolve("http://localhost:81/").unwrap().is_empty());
    }
}
