//! HTTP exchanges whose result says whether the request can have been carried out.

mod agent;
mod body;
pub mod circuit_breaker;
mod connection;
mod exchange;
mod extent;
pub mod failure;
mod limits;
pub mod proxy;
mod resolver;
mod retry;
pub mod stream;
mod tls;
mod trust;

use std::time::Duration;

use ureq::http::{Method, StatusCode};

use crate::secret::Secret;

pub use agent::close;
pub use exchange::exchange;
pub use extent::{ERROR_BYTES, Extent};
pub use failure::Failure;

/// Settings of all requests. An agent is kept while these stay equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// For name look-up, and as long for TCP and TLS together.
    pub connect_timeout: Duration,
    /// For the whole exchange, connecting and the body included.
    pub request_timeout: Duration,
    /// A PEM file; empty: the system's store.
    pub ca_file: String,
    /// Address of a proxy; empty: none. Never read from the environment.
    pub proxy: String,
    /// Hosts that are reached without it, in a list as curl has it.
    pub no_proxy: String,
    /// A longer answer is refused unread, where the request names no limit of its own.
    pub max_response_bytes: u64,
    pub breaker: circuit_breaker::BreakerSettings,
}

/// A request is repeated only so soon: what waits for its end knows how long both can take.
pub const REPEATED_WITHIN: Duration = Duration::from_secs(30);

/// The longest time that any setting gives a request.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(300);

/// Whether sending a request twice could do something twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// Travels on kept connections, and once more when one of them breaks.
    Yes,
    /// Travels once, on a connection that has just answered or on a new one. Whether it was carried out can be checked.
    IfVerified,
    /// Travels once, on a new connection: where its answer is lost, nothing can be checked.
    Never,
}

impl Repeatable {
    /// How long the connection may have been idle. It is looked at before it is used, too.
    const fn idle(self) -> Duration {
        match self {
            Self::Yes => limits::IDLE_TIMEOUT,
            Self::IfVerified => Duration::from_secs(1),
            Self::Never => Duration::ZERO,
        }
    }
}

#[derive(Debug)]
pub struct Request<'a> {
    pub effect: Repeatable,
    pub method: Method,
    pub url: String,
    pub bearer: Option<&'a Secret<String>>,
    /// The header in which the server names the request, for its support.
    pub id_header: Option<&'static str>,
    pub body: Option<RequestBody>,
    /// Sent also to a server that could not be reached seconds ago.
    pub bypasses_breaker: bool,
    /// Bytes, for an answer that grows with the customer; else the setting decides.
    pub longest_answer: Option<u64>,
}

/// The body of a request. Some APIs have the password in it.
#[derive(Debug)]
pub struct RequestBody {
    pub content_type: &'static str,
    pub text: Secret<String>,
}

/// The reply of a server.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    /// As it came; `None` where the request names no header for it.
    pub request_id: Option<String>,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// The server's own time, as it came.
    pub date: Option<String>,
    /// Where a redirect points, which is never followed.
    pub location: Option<String>,
    /// The body, or why it could not be read to its end.
    pub body: Result<Vec<u8>, String>,
}
