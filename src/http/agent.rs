//! The HTTP agent of a worker: created at first use, kept until its settings or the files they name change.

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::unversioned::transport::Connector;

use super::HttpSettings;
use super::connection::{ObservedConnector, Tunnel};
use super::failure::Fault;
use super::limits::{FIRST_BYTE, IDLE_TIMEOUT, MAX_IDLE_CONNECTIONS};
use super::proxy;
use super::resolver::Addresses;
use super::tls::{Direct, TlsConnector};
use super::trust::Stamp;
use crate::worker::fork_safe::PerProcess;

/// An agent is kept for equal settings and unchanged certificates.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    settings: HttpSettings,
    trust: Stamp,
}

static AGENT: PerProcess<Key, Agent> = PerProcess::new();

/// Keeps connections between calls.
pub fn kept(settings: &HttpSettings) -> Result<Agent, Fault> {
    let key = Key {
        settings: settings.clone(),
        trust: Stamp::now(&settings.ca_file),
    };
    AGENT.get(&key, |_| {
        // Our requests have limits of their own; the library's TLS would then read all certificates for each connection.
        let way = Tunnel::default()
            .chain(Direct::default())
            .chain(TlsConnector::new(&settings.ca_file)?);
        Ok(Agent::with_parts(
            config(settings)?.build(),
            ObservedConnector(way),
            Addresses,
        ))
    })
}

/// Closes the kept agents, at the end of the module.
pub fn close() {
    AGENT.close();
}

fn config(settings: &HttpSettings) -> Result<ConfigBuilder<AgentScope>, Fault> {
    Ok(Agent::config_builder()
        .http_status_as_error(false)
        // A redirect would carry the token to another address, or change a POST into a GET.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_resolve(Some(settings.connect_timeout))
        .timeout_connect(Some(settings.connect_timeout))
        // For a file, which has no limit as a whole.
        .timeout_send_request(Some(FIRST_BYTE))
        .timeout_send_body(Some(FIRST_BYTE))
        .timeout_global(Some(settings.request_timeout))
        .max_idle_age(IDLE_TIMEOUT)
        .max_idle_connections(MAX_IDLE_CONNECTIONS)
        .max_idle_connections_per_host(MAX_IDLE_CONNECTIONS)
        .proxy(proxy::of(settings)?)
        .user_agent(concat!("whmcs_provisioning/", env!("CARGO_PKG_VERSION"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whmcs::Host as _;
    use crate::whmcs::fake_host::FakeHost;

    #[test]
    fn every_wait_has_an_end_also_without_one_for_the_whole() {
        let settings = FakeHost::new("").http();
        let waits = config(&settings).unwrap().build().timeouts();
        assert_eq!(waits.resolve, Some(settings.connect_timeout));
        assert_eq!(waits.connect, Some(settings.connect_timeout));
        assert_eq!(waits.global, Some(settings.request_timeout));
        assert!(waits.send_request.is_some() && waits.send_body.is_some());
    }
}
