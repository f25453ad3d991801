//! TCP and TLS connections to a server, whose faults have names.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::Error as UreqError;
use ureq::unversioned::transport::time::{Duration as Limit, Instant as Moment};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, TcpConnector,
    Transport, TransportAdapter,
};

use super::failure::{Cause, Fault};
use super::trust;

/// Opens a TCP connection, where none is there yet.
#[derive(Debug, Default)]
pub struct Direct(TcpConnector);

impl<In: Transport> Connector<In> for Direct {
    type Out = <TcpConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        self.0
            .connect(details, chained)
            .map_err(|error| Cause::of_connecting(error).into())
    }
}

/// Wraps a connection in TLS where the address asks for it. The library's own connector takes no verifier.
#[derive(Debug)]
pub struct TlsConnector {
    config: Arc<ClientConfig>,
    /// For sentences: where trusted certificates are.
    ca_file: String,
}

impl TlsConnector {
    pub fn new(ca_file: &str) -> Result<Self, Fault> {
        Ok(Self {
            config: Arc::new(trust::config(ca_file)?),
            ca_file: ca_file.to_owned(),
        })
    }

    fn secure(
        &self,
        details: &ConnectionDetails<'_>,
        plain: Box<dyn Transport>,
    ) -> Result<Secured, UreqError> {
        let host = details.uri.host().unwrap_or_default();
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| Fault::Address)?;
        let mut connection = ClientConnection::new(Arc::clone(&self.config), name)
            .map_err(|error| self.fault(&error))?;
        let mut socket = TransportAdapter::new(plain, details.current_time.clone());
        socket.set_timeout(left(details));
        connection
            .complete_io(&mut socket)
            .map_err(|error| match error.get_ref() {
                Some(inner) if inner.is::<rustls::Error>() => self.fault(inner),
                _ => Cause::of_connecting(error.into()).into(),
            })?;
        Ok(Secured {
            buffers: LazyBuffers::new(
                details.config.input_buffer_size(),
                details.config.output_buffer_size(),
            ),
            stream: StreamOwned::new(connection, socket),
        })
    }

    fn fault(&self, error: &(dyn std::error::Error + 'static)) -> UreqError {
        Fault::NotSecure(trust::sentence(error, &self.ca_file)).into()
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, Secured>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        match chained {
            Some(plain) if details.needs_tls() && !plain.is_tls() => {
                let secured = self.secure(details, Box::new(plain))?;
                Ok(Some(Either::B(secured)))
            }
            other => Ok(other.map(Either::A)),
        }
    }
}

/// What is left of the time for connecting.
fn left(details: &ConnectionDetails<'_>) -> NextTimeout {
    let mut timeout = details.timeout;
    if let (Limit::Exact(all), Moment::Exact(began), Moment::Exact(now)) =
        (timeout.after, details.now, (details.current_time)())
    {
        timeout.after = Limit::Exact(all.saturating_sub(now.saturating_duration_since(began)));
    }
    timeout
}

/// A connection whose handshake is done.
pub struct Secured {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for Secured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secured")
    }
}

impl Transport for Secured {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output();
        self.stream
            .write_all(output.get(..amount).unwrap_or_default())?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, UreqError> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
