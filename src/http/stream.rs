//! An answer that is read as it arrives, however long it is.

use std::io::Read;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::unversioned::transport::time::Duration as Limit;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{BodyReader, Error as UreqError, SendBody};

use super::breaker::Breaker;
use super::{
    Answer, DROPPED, Effect, Failure, Request, Settings, addresses, agent, head, out_of_reach,
    reason, unsendable,
};
use crate::stop_point;

/// For the head of the answer: a server may build what it sends on demand.
const FIRST_BYTE: Duration = Duration::from_secs(300);
/// For each part of the body.
pub const EACH_READ: Duration = Duration::from_secs(30);

/// How long an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as any other: somebody waits for a page.
    Page,
    /// Its head may be built on demand, and its body may be of any length.
    File,
}

/// An answer whose head has come.
pub struct Stream {
    pub status: StatusCode,
    /// In lower case, without parameters.
    pub content_type: String,
    pub disposition: Option<String>,
    /// `None` where the other side does not say.
    pub length: Option<u64>,
    location: Option<String>,
    body: BodyReader<'static>,
}

/// A file for the visitor: what has been read of it, and the rest.
pub struct Attachment {
    pub file_name: String,
    pub length: Option<u64>,
    pub start: Vec<u8>,
    pub rest: Stream,
}

/// Sends the request, and reads the head of the answer.
pub fn open(
    settings: &Settings,
    request: &Request<'_>,
    patience: Patience,
) -> Result<Stream, Failure> {
    let breaker = Breaker::new(&settings.breaker, &request.url);
    if !request.insists
        && let Some(reason) = breaker.refusal()
    {
        return Err(Failure::NotSent(reason));
    }
    let mut end = send(settings, request, patience);
    // A kept connection may have been closed by the other side in the meantime.
    if matches!(&end, Err(Failure::Lost(reason)) if reason == DROPPED && request.effect == Effect::Reads)
    {
        end = send(settings, request, patience);
    }
    if end.is_ok() {
        breaker.forget();
    }
    end
}

fn send(settings: &Settings, request: &Request<'_>, patience: Patience) -> Result<Stream, Failure> {
    let agent = agent::kept(settings)?;
    let text = request
        .body
        .as_ref()
        .map_or("", |body| body.text.expose().as_str());
    let mut form = text.as_bytes();
    let outgoing = head(request, text.len())?
        .body(SendBody::from_reader(&mut form))
        .map_err(|_| unsendable())?;
    let mut outgoing = agent
        .configure_request(outgoing)
        .max_idle_age(request.effect.idle());
    if patience == Patience::File {
        outgoing = outgoing
            .timeout_global(None)
            .timeout_recv_response(Some(FIRST_BYTE));
    }
    let answered = stop_point::around(
        || stop_point::request(request.method.as_str(), &request.url),
        || agent.run(outgoing.build()),
    );
    let response = answered.map_err(|error| {
        addresses::forget();
        if out_of_reach(&error) {
            Breaker::new(&settings.breaker, &request.url).remember(&reason(&error));
        }
        Failure::Lost(reason(&error))
    })?;
    let (head, body) = response.into_parts();
    let header = |name: &str| {
        let value = head.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let content_type = header("content-type").unwrap_or_default();
    let chunked = header("transfer-encoding").is_some();
    Ok(Stream {
        status: head.status,
        content_type: content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
        disposition: header("content-disposition"),
        length: header("content-length")
            .filter(|_| !chunked)
            .and_then(|length| length.trim().parse().ok()),
        location: header("location"),
        body: body.into_with_config().limit(u64::MAX).reader(),
    })
}

impl Stream {
    /// The next bytes, as they come; 0 at the end.
    ///
    /// # Errors
    /// Where the answer breaks off or stops coming; the text says which.
    pub fn read(&mut self, piece: &mut [u8]) -> Result<usize, String> {
        self.body.read(piece).map_err(|error| {
            let late = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<UreqError>())
                .is_some_and(|inner| matches!(inner, UreqError::Timeout(_)));
            if late || error.kind() == std::io::ErrorKind::TimedOut {
                "the answer did not go on in time".to_owned()
            } else {
                "the answer broke off".to_owned()
            }
        })
    }

    /// For an answer that is not what was asked for: all of it, after its `start`, up to `limit` bytes.
    pub fn into_answer(mut self, mut start: Vec<u8>, limit: u64) -> Answer {
        let room = limit.saturating_sub(start.len() as u64);
        let read = (&mut self.body).take(room).read_to_end(&mut start);
        Answer {
            status: self.status,
            request_id: None,
            retry_after: None,
            location: self.location,
            body: read
                .map(|_| start)
                .map_err(|_| "the answer broke off".into()),
        }
    }
}

/// A connection that waits less long once the answer has begun.
#[derive(Debug)]
pub struct Impatient(pub Duration);

#[derive(Debug)]
pub struct Begun<T> {
    inner: T,
    each_read: Limit,
    is_answering: bool,
}

impl<In: Transport> Connector<In> for Impatient {
    type Out = Begun<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, UreqError> {
        Ok(chained.map(|inner| Begun {
            inner,
            each_read: self.0.into(),
            is_answering: false,
        }))
    }
}

impl<T: Transport> Transport for Begun<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        self.is_answering = false;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, UreqError> {
        if self.is_answering {
            timeout.per_read = Some(self.each_read);
        }
        let more = self.inner.await_input(timeout)?;
        self.is_answering = true;
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
