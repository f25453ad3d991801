//! The HTTP agent of a worker: made at first use, kept until its settings change, or what they name.

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;
use ureq::unversioned::transport::Connector;

use super::Settings;
use super::connection::{Observed, Tunnel};
use super::failure::Fault;
use super::limits::{KEPT, KEPT_CONNECTIONS};
use super::proxy;
use super::resolver::Addresses;
use super::tls::{Direct, Tls};
use super::trust::Stamp;
use crate::per_process::PerProcess;

/// An agent is kept for equal settings and unchanged certificates.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    settings: Settings,
    trust: Stamp,
}

static AGENT: PerProcess<Key, Agent> = PerProcess::new();

/// Keeps connections between calls.
pub fn kept(settings: &Settings) -> Result<Agent, Fault> {
    let key = Key {
        settings: settings.clone(),
        trust: Stamp::now(&settings.ca_file),
    };
    AGENT.get(&key, |_| {
        // Our requests have limits of their own; the library's TLS would then read all certificates for each connection.
        let way = Tunnel::default()
            .chain(Direct::default())
            .chain(Tls::new(&settings.ca_file)?);
        Ok(Agent::with_parts(
            config(settings)?.build(),
            Observed(way),
            Addresses,
        ))
    })
}

/// For the end of the module.
pub fn close() {
    AGENT.close();
}

fn config(settings: &Settings) -> Result<ConfigBuilder<AgentScope>, Fault> {
    Ok(Agent::config_builder()
        .http_status_as_error(false)
        // A redirect would carry the token to another address, or turn a POST into a GET.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(settings.connect_timeout))
        .timeout_global(Some(settings.request_timeout))
        .max_idle_age(KEPT)
        .max_idle_connections(KEPT_CONNECTIONS)
        .max_idle_connections_per_host(KEPT_CONNECTIONS)
        .proxy(proxy::of(settings)?)
        .user_agent(concat!("whmcs_provisioning/", env!("CARGO_PKG_VERSION"))))
}
