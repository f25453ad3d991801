//! The HTTP agents of a worker: made at first use, kept until their settings change.

use std::path::Path;
use std::time::Duration;

use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::typestate::AgentScope;
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport};
use ureq::{Agent, Error as UreqError, Proxy};

use super::addresses::Addresses;
use super::stream::{EACH_READ, Impatient};
use super::{Failure, Settings};
use crate::per_process::PerProcess;

/// How long an idle connection is kept: less than the usual 60 to 75 seconds of servers.
pub const KEPT: Duration = Duration::from_secs(50);
const KEPT_CONNECTIONS: usize = 4;

static AGENT: PerProcess<Settings, Agent> = PerProcess::new();

/// Keeps connections between calls.
pub fn kept(settings: &Settings) -> Result<Agent, Failure> {
    AGENT.get(settings, |settings| {
        let connector = OneTls::default().chain(Impatient(EACH_READ));
        Ok(Agent::with_parts(
            config(settings)?.build(),
            connector,
            Addresses::default(),
        ))
    })
}

/// Our requests have limits of their own. The library then makes the TLS settings anew for each connection: all
/// certificates are read again, and no session goes on. The settings of an agent never change, so they are made once.
#[derive(Debug, Default)]
struct OneTls(DefaultConnector);

impl Connector<()> for OneTls {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, UreqError> {
        let details = ConnectionDetails {
            request_level: false,
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        self.0.connect(&details, chained)
    }
}

/// For the end of the module.
pub fn close() {
    AGENT.close();
}

fn config(settings: &Settings) -> Result<ConfigBuilder<AgentScope>, Failure> {
    let proxy = match settings.proxy.as_str() {
        "" => None,
        address => Some(Proxy::new(address).map_err(|_| {
            Failure::NotSent(
                "the setting whmcs_provisioning.proxy is not the address of a proxy".into(),
            )
        })?),
    };
    let tls = TlsConfig::builder()
        .root_certs(roots(&settings.ca_file)?)
        .build();
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
        .proxy(proxy)
        .tls_config(tls)
        .user_agent(concat!("whmcs_provisioning/", env!("CARGO_PKG_VERSION"))))
}

/// The certificates of `ca_file` and no others; without one the system's store, and
/// Mozilla's list only where the system has none.
fn roots(ca_file: &str) -> Result<RootCerts, Failure> {
    if !ca_file.is_empty() {
        let trusted = read_pem(Path::new(ca_file))?;
        return Ok(RootCerts::new_with_certs(&trusted));
    }
    let system = rustls_native_certs::load_native_certs().certs;
    if system.is_empty() {
        return Ok(RootCerts::WebPki);
    }
    let trusted: Vec<_> = system
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    Ok(RootCerts::new_with_certs(&trusted))
}

fn read_pem(path: &Path) -> Result<Vec<Certificate<'static>>, Failure> {
    let unusable = |why: &str| {
        Failure::NotSent(format!(
            "the CA file {} {why}; see whmcs_provisioning.ca_file",
            path.display()
        ))
    };
    let pem = std::fs::read(path).map_err(|_| unusable("cannot be read"))?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(unusable("holds no certificate"));
    }
    Ok(certificates)
}
