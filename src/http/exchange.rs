//! The send path of every request, whether its answer is read whole or as it arrives.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use ureq::http::request::Builder;
use ureq::http::{HeaderValue, Request as HttpRequest, Response};
use ureq::{Agent, Body, Error as UreqError, SendBody};

use super::body::{Broken, header};
use super::circuit_breaker::Breaker;
use super::failure::{Cause, Failure, Fault};
use super::limits::FIRST_BYTE;
use super::retry::{self, RetryHint};
use super::{HttpSettings, REPEATED_WITHIN, Reply, Request, agent, body, connection, resolver};
use crate::worker::{failpoint, panic_place};

/// Whether the visitor is still there.
pub type StillAwaited = fn() -> bool;

/// Limits on the time that an answer may take.
#[derive(Debug, Clone, Copy)]
pub enum Timeouts {
    /// As long as any other: somebody waits for a page.
    Page,
    /// Its head may be built on demand, and its body may be of any length.
    File,
    /// A file for a visitor: one request, on a connection of its own, and no longer than the visitor waits for it.
    Download(StillAwaited),
}

/// Sends the request and reads the whole answer.
pub fn exchange(settings: &HttpSettings, request: &Request<'_>) -> Result<Reply, Failure> {
    let breaker = Breaker::new(&settings.breaker, &request.url);
    let read = |response: Response<Body>| {
        let head = Head::of(&response, request);
        let body = body::whole(response, settings, request.longest_answer);
        (head, body)
    };
    let verdict = |(head, _): &(Head, _)| head.verdict();
    let (head, body) = send(settings, request, Timeouts::Page, &breaker, read, verdict)?;
    Ok(head.reply(body, &breaker))
}

/// The head of an answer, apart from the form of its body.
pub struct Head {
    pub status: ureq::http::StatusCode,
    pub request_id: Option<String>,
    pub retry_after: Option<u64>,
    pub date: Option<String>,
    pub location: Option<String>,
}

impl Head {
    pub fn of(response: &Response<Body>, request: &Request<'_>) -> Self {
        Self {
            status: response.status(),
            request_id: request.id_header.and_then(|name| header(response, name)),
            retry_after: header(response, "retry-after")
                .and_then(|seconds| seconds.trim().parse().ok()),
            date: header(response, "date"),
            location: header(response, "location"),
        }
    }

    /// The whole answer. A server that stopped sending counts as one that does not answer.
    pub fn reply(self, body: Result<Vec<u8>, Broken>, breaker: &Breaker) -> Reply {
        if let Err(late) = &body
            && late.is_late
        {
            breaker.remember(&late.reason);
        }
        Reply {
            status: self.status,
            request_id: self.request_id,
            retry_after: self.retry_after,
            date: self.date,
            location: self.location,
            body: body.map_err(|broken| broken.reason),
        }
    }

    pub const fn verdict(&self) -> RetryHint {
        RetryHint {
            status: self.status,
            retry_after: self.retry_after,
        }
    }
}

/// Sends the request unless the breaker refuses, and once more where that cannot do anything twice. `receive` reads the
/// response while the request still counts as under way.
pub fn send<T>(
    settings: &HttpSettings,
    request: &Request<'_>,
    timeouts: Timeouts,
    breaker: &Breaker,
    receive: impl Fn(Response<Body>) -> T,
    verdict: impl Fn(&T) -> RetryHint,
) -> Result<T, Failure> {
    if !request.bypasses_breaker
        && let Some(sentence) = breaker.refusal()
    {
        return Err(Failure::NotSent(Cause::new(Fault::Paused(sentence))));
    }
    let attempt = || {
        failpoint::around(
            || failpoint::request(request.method.as_str(), &request.url),
            || travel(settings, request, timeouts).map(&receive),
        )
    };
    let began = Instant::now();
    let first = attempt();
    let judged = first.as_ref().map(&verdict).map_err(Clone::clone);
    let pause = retry::pause(request.effect, &judged)
        .filter(|pause| began.elapsed() + *pause < REPEATED_WITHIN)
        .filter(|_| !matches!(timeouts, Timeouts::Download(_)));
    let end = match pause {
        Some(pause) => {
            drop(first);
            std::thread::sleep(pause);
            attempt()
        }
        None => first,
    };
    match &end {
        Ok(_) => breaker.forget(),
        Err(failure) if failure.cause().is_out_of_reach() => breaker.remember(&failure.reason()),
        Err(_) => {}
    }
    end
}

/// Whether the request left is a fact that the connection knows, whatever the error is.
fn travel(
    settings: &HttpSettings,
    request: &Request<'_>,
    timeouts: Timeouts,
) -> Result<Response<Body>, Failure> {
    travel_by(|| agent::kept(settings), request, timeouts)
}

fn travel_by(
    agent: impl FnOnce() -> Result<Agent, Fault>,
    request: &Request<'_>,
    timeouts: Timeouts,
) -> Result<Response<Body>, Failure> {
    connection::begin(match timeouts {
        Timeouts::Page | Timeouts::File => None,
        Timeouts::Download(still_awaited) => Some(still_awaited),
    });
    let mut body = BodyProbe::new(request);
    let outcome = panic_place::catch(|| run(&agent()?, request, timeouts, &mut body));
    let has_left = connection::request_has_left() && body.is_under_way();
    let error = match outcome {
        Ok(Ok(response)) => return Ok(response),
        Ok(Err(error)) => error,
        Err(panic) => Fault::Internal(panic.place()).into(),
    };
    resolver::forget();
    Err(if has_left {
        Failure::Lost(Cause::of_exchange(error))
    } else {
        Failure::NotSent(Cause::of_connecting(error))
    })
}

fn run(
    agent: &Agent,
    request: &Request<'_>,
    timeouts: Timeouts,
    body: &mut BodyProbe<'_>,
) -> Result<Response<Body>, UreqError> {
    let outgoing = head(request, body.rest.len())?;
    let idle = match timeouts {
        Timeouts::Page | Timeouts::File => request.effect.idle(),
        Timeouts::Download(_) => Duration::ZERO,
    };
    let unsendable = |_| UreqError::from(Fault::Unsendable);
    if request.body.is_some() {
        let outgoing = outgoing
            .body(SendBody::from_reader(body))
            .map_err(unsendable)?;
        let outgoing = agent.configure_request(outgoing).max_idle_age(idle);
        return agent.run(with_timeouts(outgoing, timeouts).build());
    }
    let outgoing = outgoing.body(()).map_err(unsendable)?;
    let outgoing = agent.configure_request(outgoing).max_idle_age(idle);
    agent.run(with_timeouts(outgoing, timeouts).build())
}

fn with_timeouts<S: ureq::AsSendBody>(
    outgoing: ureq::config::ConfigBuilder<ureq::typestate::HttpCrateScope<S>>,
    timeouts: Timeouts,
) -> ureq::config::ConfigBuilder<ureq::typestate::HttpCrateScope<S>> {
    match timeouts {
        Timeouts::Page => outgoing,
        Timeouts::File | Timeouts::Download(_) => outgoing
            .timeout_global(None)
            .timeout_recv_response(Some(FIRST_BYTE)),
    }
}

fn head(request: &Request<'_>, length: usize) -> Result<Builder, Fault> {
    let mut head = HttpRequest::builder()
        .method(request.method.clone())
        .uri(&request.url)
        .header("Accept", "application/json")
        .header("Accept-Encoding", "identity")
        .header("Accept-Language", "en");
    if let Some(token) = request.bearer {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| Fault::Unsendable)?;
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

/// Knows whether the agent came as far as sending the body: before that it wrote the head, which no server acts on alone.
struct BodyProbe<'a> {
    rest: &'a [u8],
    was_read: bool,
}

impl<'a> BodyProbe<'a> {
    fn new(request: &'a Request<'_>) -> Self {
        let text = request.body.as_ref().map(|body| body.text.expose());
        Self {
            rest: text.map_or(&[], |text| text.as_bytes()),
            was_read: false,
        }
    }

    /// Where there is none, the head is the whole request.
    const fn is_under_way(&self) -> bool {
        self.was_read || self.rest.is_empty()
    }
}

impl Read for BodyProbe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.was_read = true;
        self.rest.read(buffer)
    }
}

#[cfg(test)]
mod tests;
