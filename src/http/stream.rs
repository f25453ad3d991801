//! Streamed answers: the head is there, and the body is read as it arrives, however long it is.

use std::io::Read;

use ureq::Body;
use ureq::http::{Response, StatusCode};

use super::body::{self, Broken, header};
use super::circuit_breaker::Breaker;
use super::exchange::{Head, send};

use super::{Failure, HttpSettings, Reply, Request};

pub use super::exchange::{StillAwaited, Timeouts};

/// An answer whose head has come.
pub struct Stream {
    pub status: StatusCode,
    /// In lower case, without parameters.
    pub content_type: String,
    pub disposition: Option<String>,
    /// `None` where the server does not say.
    pub length: Option<u64>,
    head: Head,
    body: Result<Box<dyn Read + Send>, Broken>,
    breaker: Breaker,
}

/// Sends the request, and reads the head of the answer.
pub fn open(
    settings: &HttpSettings,
    request: &Request<'_>,
    timeouts: Timeouts,
) -> Result<Stream, Failure> {
    let breaker = || Breaker::new(&settings.breaker, &request.url);
    send(
        settings,
        request,
        timeouts,
        &breaker(),
        |response| Stream::new(response, request, breaker()),
        |stream| stream.head.verdict(),
    )
}

impl Stream {
    fn new(response: Response<Body>, request: &Request<'_>, breaker: Breaker) -> Self {
        let header = |name: &str| header(&response, name);
        let content_type = header("content-type").unwrap_or_default();
        // The length on the way is that of the file only where nothing was done to it.
        let is_encoded =
            header("transfer-encoding").is_some() || header("content-encoding").is_some();
        Self {
            status: response.status(),
            content_type: content_type
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase(),
            disposition: header("content-disposition"),
            length: header("content-length")
                .filter(|_| !is_encoded)
                .and_then(|length| length.trim().parse().ok()),
            head: Head::of(&response, request),
            body: body::reader(response),
            breaker,
        }
    }

    /// The server's own time, as it came.
    pub fn date(&self) -> Option<&str> {
        self.head.date.as_deref()
    }

    /// The next bytes, as they come; 0 at the end.
    ///
    /// # Errors
    /// Where the answer breaks off or stops coming; the text says which.
    pub fn read(&mut self, piece: &mut [u8]) -> Result<usize, String> {
        let body = self.body.as_mut().map_err(|broken| broken.reason.clone())?;
        body.read(piece).map_err(|error| {
            let broken = Broken::of(&error, "the answer did not go on in time");
            if broken.is_late {
                self.breaker.remember(&broken.reason);
            }
            broken.reason
        })
    }

    /// The whole answer, of which `start` was read, up to `limit` bytes: for one that is not the expected file or list.
    pub fn into_answer(self, mut start: Vec<u8>, limit: u64) -> Reply {
        let room = limit.saturating_sub(start.len() as u64);
        let read = self.body.and_then(|body| {
            body.take(room)
                .read_to_end(&mut start)
                .map_err(|error| Broken::of(&error, "the answer did not end in time"))
        });
        let body = read.map(|_| body::without_mark(start));
        self.head.reply(body, &self.breaker)
    }
}
