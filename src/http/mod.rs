//! One HTTP exchange, with an end that says whether the request can have been carried out.

mod addresses;
mod agent;
pub mod breaker;
mod retry;
pub mod stream;

use std::io::{self, Read};
use std::time::{Duration, Instant};

use ureq::http::{Method, Request as HttpRequest, StatusCode};
use ureq::{Body, Error as UreqError, SendBody};

use crate::secret::Secret;
use crate::stop_point;

pub use agent::close;
use breaker::Breaker;

/// What decides how a request travels. Agents are kept for equal settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// For name look-up, TCP and TLS together.
    pub connect_timeout: Duration,
    /// For the whole exchange, connecting and the body included.
    pub request_timeout: Duration,
    /// A PEM file; empty: the system's store.
    pub ca_file: String,
    /// Address of a proxy; empty: none. Never read from the environment.
    pub proxy: String,
    /// A longer answer is refused unread.
    pub max_response_bytes: u64,
    pub breaker: breaker::Settings,
}

/// A request is repeated only so soon: what waits for its end knows how long both can take.
pub const REPEATED_WITHIN: Duration = Duration::from_secs(30);

/// No setting lets a request take longer.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(300);

/// Whether sending a request twice could do something twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Travels on kept connections, and once more when one of them breaks.
    Reads,
    /// Travels once, on a connection that has just answered or on a new one. What came of it can be asked.
    Changes,
    /// Travels once, on a new connection: where its answer is lost nobody can be asked.
    ChangesUnaskably,
}

impl Effect {
    /// How long the connection may have been idle. It is looked at before it is used, too.
    const fn idle(self) -> Duration {
        match self {
            Self::Reads => agent::KEPT,
            Self::Changes => Duration::from_secs(1),
            Self::ChangesUnaskably => Duration::ZERO,
        }
    }
}

#[derive(Debug)]
pub struct Request<'a> {
    pub effect: Effect,
    pub method: Method,
    pub url: String,
    pub bearer: Option<&'a Secret<String>>,
    pub body: Option<Payload>,
    /// Asks also a server that could not be reached seconds ago.
    pub insists: bool,
}

/// What is sent. Some APIs have the password in it.
#[derive(Debug)]
pub struct Payload {
    pub content_type: &'static str,
    pub text: Secret<String>,
}

/// What the other side said.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// As it came.
    pub request_id: Option<String>,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// Where a redirect points, which is never followed.
    pub location: Option<String>,
    /// The body, or why it could not be read to its end.
    pub body: Result<Vec<u8>, String>,
}

/// No answer. The text says why, and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The other side cannot have acted.
    NotSent(String),
    /// The request left, or may have.
    Lost(String),
}

impl Failure {
    pub fn reason(&self) -> &str {
        match self {
            Self::NotSent(reason) | Self::Lost(reason) => reason,
        }
    }
}

/// Sends the request and reads the whole answer.
pub fn exchange(settings: &Settings, request: &Request<'_>) -> Result<Answer, Failure> {
    let breaker = Breaker::new(&settings.breaker, &request.url);
    if !request.insists
        && let Some(reason) = breaker.refusal()
    {
        return Err(Failure::NotSent(reason));
    }
    let began = Instant::now();
    let first = send(settings, request);
    let pause = retry::pause(request.effect, &first)
        .filter(|pause| began.elapsed() + *pause < REPEATED_WITHIN);
    let end = match pause {
        Some(pause) => {
            std::thread::sleep(pause);
            send(settings, request)
        }
        None => first,
    };
    if end.is_ok() {
        breaker.forget();
    }
    end
}

const DROPPED: &str = "the connection was closed before an answer came";

fn send(settings: &Settings, request: &Request<'_>) -> Result<Answer, Failure> {
    stop_point::around(
        || stop_point::request(request.method.as_str(), &request.url),
        || send_once(settings, request),
    )
}

fn send_once(settings: &Settings, request: &Request<'_>) -> Result<Answer, Failure> {
    let agent = agent::kept(settings)?;
    let idle = request.effect.idle();
    let text = request
        .body
        .as_ref()
        .map_or("", |body| body.text.expose().as_str());
    let mut body = Watched {
        rest: text.as_bytes(),
        asked_for: false,
    };
    let outcome = if request.body.is_some() {
        let outgoing = head(request, text.len())?
            .body(SendBody::from_reader(&mut body))
            .map_err(|_| unsendable())?;
        let outgoing = agent.configure_request(outgoing).max_idle_age(idle);
        agent.run(outgoing.build())
    } else {
        let outgoing = head(request, 0)?.body(()).map_err(|_| unsendable())?;
        let outgoing = agent.configure_request(outgoing).max_idle_age(idle);
        agent.run(outgoing.build())
    };
    match outcome {
        Ok(response) => Ok(read_answer(response, settings.max_response_bytes)),
        Err(error) => {
            addresses::forget();
            let reason = reason(&error);
            if out_of_reach(&error) {
                Breaker::new(&settings.breaker, &request.url).remember(&reason);
            }
            let never_left = if request.body.is_some() {
                !body.asked_for
            } else {
                before_sending(&error)
            };
            Err(if never_left {
                Failure::NotSent(reason)
            } else {
                Failure::Lost(reason)
            })
        }
    }
}

fn unsendable() -> Failure {
    Failure::NotSent("the address or the token holds characters that cannot be sent".into())
}

fn head(request: &Request<'_>, length: usize) -> Result<ureq::http::request::Builder, Failure> {
    let mut head = HttpRequest::builder()
        .method(request.method.clone())
        .uri(&request.url)
        .header("Accept", "application/json")
        .header("Accept-Language", "en");
    if let Some(token) = request.bearer {
        let mut value = ureq::http::HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| unsendable())?;
        value.set_sensitive(true);
        head = head.header("Authorization", value);
    }
    if let Some(body) = &request.body {
        head = head
            .header("Content-Type", body.content_type)
            .header("Content-Length", length);
    }
    Ok(head)
}

/// Knows whether the agent came as far as sending the body: before that it opened the
/// connection and wrote the header, which no server acts on alone.
struct Watched<'a> {
    rest: &'a [u8],
    asked_for: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.asked_for = true;
        self.rest.read(buffer)
    }
}

fn read_answer(response: ureq::http::Response<Body>, limit: u64) -> Answer {
    let (head, mut body) = response.into_parts();
    let header = |name: &str| {
        head.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let read = body
        .with_config()
        // The reader refuses at its limit, not beyond it.
        .limit(limit.saturating_add(1))
        .read_to_vec()
        .map_err(|error| match error {
            UreqError::BodyExceedsLimit(_) => format!(
                "the answer is longer than {limit} bytes (whmcs_provisioning.max_response_bytes)"
            ),
            UreqError::Timeout(_) => "the answer did not end in time".to_owned(),
            _ => "the answer broke off".to_owned(),
        });
    Answer {
        status: head.status,
        request_id: header("x-jetpack-request-id"),
        retry_after: header("retry-after").and_then(|seconds| seconds.trim().parse().ok()),
        location: header("location"),
        body: read,
    }
}

/// True where the server is down or does not answer: the next request would wait as long.
fn out_of_reach(error: &UreqError) -> bool {
    match error {
        UreqError::Timeout(_) | UreqError::HostNotFound | UreqError::ConnectionFailed => true,
        UreqError::Io(error) => before_connecting(error) || unresolved(error),
        _ => false,
    }
}

/// True where the error arises before the first byte of the request can have left.
fn before_sending(error: &UreqError) -> bool {
    match error {
        UreqError::HostNotFound
        | UreqError::BadUri(_)
        | UreqError::Http(_)
        | UreqError::InvalidProxyUrl
        | UreqError::ConnectionFailed
        | UreqError::ConnectProxyFailed(_)
        | UreqError::Tls(_)
        | UreqError::TlsRequired
        | UreqError::Rustls(_)
        | UreqError::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => true,
        UreqError::Io(error) => before_connecting(error) || unresolved(error) || untrusted(error),
        _ => false,
    }
}

fn before_connecting(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable
    )
}

/// The standard library has no kind of its own for a name that cannot be looked up.
fn unresolved(error: &io::Error) -> bool {
    error.to_string().contains("failed to lookup address")
}

/// The certificate is checked in the handshake, before the first byte of the request.
fn untrusted(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.to_string().contains("certificate"))
}

/// Fixed sentences: the texts of the library can quote addresses.
fn reason(error: &UreqError) -> String {
    match error {
        UreqError::HostNotFound => "the name of the server cannot be resolved".into(),
        UreqError::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            "the server did not accept the connection in time".into()
        }
        UreqError::Timeout(_) => "no answer came in time".into(),
        UreqError::Rustls(error) => format!(
            "no secure connection, {}",
            crate::error::plain(&error.to_string())
        ),
        UreqError::Tls(_) | UreqError::TlsRequired => "no secure connection".into(),
        UreqError::InvalidProxyUrl | UreqError::ConnectProxyFailed(_) => {
            "the proxy did not connect".into()
        }
        UreqError::BadUri(_) | UreqError::Http(_) => "the address cannot be used".into(),
        UreqError::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            "the server refused the connection".into()
        }
        UreqError::Io(error) if unresolved(error) => {
            "the name of the server cannot be resolved".into()
        }
        UreqError::Io(error) if untrusted(error) => {
            "no secure connection, the certificate of the server is not trusted".into()
        }
        UreqError::Io(_) => DROPPED.into(),
        _ => "the answer is not HTTP".into(),
    }
}
