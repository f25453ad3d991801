//! Connections that know what happened on them: whether a byte of the request has left, and whether the answer has begun.

use std::cell::Cell;
use std::io;
use std::time::Instant;

use ureq::Error as UreqError;
use ureq::unversioned::transport::time::Duration as Limit;
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, Either, NextTimeout, Transport,
};

use super::failure::{Cause, Fault, Login};
use super::limits::{EACH_READ, LOOK_EVERY};

thread_local! {
    /// An exchange runs in one thread from begin to end, and the agent hands no value of ours through it.
    static HAS_LEFT: Cell<bool> = const { Cell::new(false) };
    /// Called while the head of an answer is awaited.
    static STILL_AWAITED: Cell<Option<fn() -> bool>> = const { Cell::new(None) };
}

/// Begins an exchange. `still_awaited` is called every second until the answer begins.
pub fn begin(still_awaited: Option<fn() -> bool>) {
    HAS_LEFT.set(false);
    STILL_AWAITED.set(still_awaited);
}

/// Whether a byte of the request was given to a connection since [`begin`].
pub fn request_has_left() -> bool {
    HAS_LEFT.get()
}

/// Connects by way of a proxy, where one is set: its faults are named as the proxy's.
#[derive(Debug, Default)]
pub struct Tunnel(ConnectProxyConnector);

impl Connector for Tunnel {
    type Out = Either<(), Box<dyn Transport>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, UreqError> {
        let login = match details.config.proxy() {
            Some(proxy) if proxy.username().is_some() => Login::Given,
            _ => Login::None,
        };
        self.0.connect(details, chained).map_err(|error| {
            let cause = match error {
                UreqError::ConnectProxyFailed(text) => {
                    Cause::new(Fault::NotTunneled(status(&text), login))
                }
                UreqError::Protocol(_) => Cause::new(Fault::NotTunneled(0, login)),
                error => Cause::of_connecting(error),
            };
            cause.at_proxy().into()
        })
    }
}

/// The library has it in a text only: "proxy server responded 403/403".
fn status(text: &str) -> u16 {
    let number = text.rsplit(['/', ' ']).next().unwrap_or_default();
    number.parse().unwrap_or_default()
}

/// The whole way to a server, and the exchange on it, observed.
#[derive(Debug)]
pub struct ObservedConnector<C>(pub C);

impl<C: Connector> Connector for ObservedConnector<C> {
    type Out = Conversation<C::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, UreqError> {
        let connected = self.0.connect(details, chained);
        // What was said to the proxy is no part of the request.
        HAS_LEFT.set(false);
        Ok(connected?.map(|inner| Conversation {
            inner,
            head: Head::Awaited,
        }))
    }
}

/// A connection that knows whether the head of the answer has begun.
#[derive(Debug)]
pub struct Conversation<T> {
    inner: T,
    head: Head,
}

/// The head of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Awaited,
    Begun,
}

impl<T: Transport> Transport for Conversation<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), UreqError> {
        HAS_LEFT.set(true);
        self.head = Head::Awaited;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, UreqError> {
        if self.head == Head::Begun {
            timeout.per_read = Some(Limit::Exact(EACH_READ));
        }
        let more = match STILL_AWAITED.get() {
            Some(still_awaited) if self.head == Head::Awaited => {
                self.await_while(timeout, still_awaited)?
            }
            _ => self.inner.await_input(timeout)?,
        };
        if self.head == Head::Awaited {
            self.head = skip_interim(self.inner.buffers());
        }
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

impl<T: Transport> Conversation<T> {
    /// Waits in short pieces, and ends where nobody waits any more.
    fn await_while(
        &mut self,
        timeout: NextTimeout,
        still_awaited: fn() -> bool,
    ) -> Result<bool, UreqError> {
        let began = Instant::now();
        loop {
            let left = timeout.after.saturating_sub(began.elapsed());
            let piece = NextTimeout {
                after: Limit::Exact(left.min(LOOK_EVERY)),
                ..timeout
            };
            match self.inner.await_input(piece) {
                Err(error) if is_late(&error) && left > LOOK_EVERY => {
                    if !still_awaited() {
                        return Err(Fault::NotAwaited.into());
                    }
                }
                end => return end,
            }
        }
    }
}

fn is_late(error: &UreqError) -> bool {
    match error {
        UreqError::Timeout(_) => true,
        UreqError::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
        ),
        _ => false,
    }
}

/// Drops heads that are followed by the real one (`100 Continue` and its like): they may have fields, which the library
/// takes for an error.
fn skip_interim(buffers: &mut dyn Buffers) -> Head {
    loop {
        let input = buffers.input();
        if input.is_empty() {
            return Head::Awaited;
        }
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut fields);
        let parsed = head.parse(input);
        // 101 is an answer of its own: the connection is another one from there on.
        let is_interim = head.code.map(|code| code < 200 && code != 101);
        match (parsed, is_interim) {
            (Ok(httparse::Status::Complete(length)), Some(true)) => buffers.input_consume(length),
            (Ok(httparse::Status::Partial), None | Some(true)) => return Head::Awaited,
            _ => return Head::Begun,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::unversioned::transport::LazyBuffers;

    fn left(input: &[u8]) -> (Head, Vec<u8>) {
        let mut buffers = LazyBuffers::new(1024, 1024);
        buffers.input_append_buf()[..input.len()].copy_from_slice(input);
        buffers.input_appended(input.len());
        let head = skip_interim(&mut buffers);
        (head, buffers.input().to_vec())
    }

    #[test]
    fn interim_heads_are_dropped_with_and_without_fields() {
        let last = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        for interim in [
            "",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100\r\nA: b\r\n\r\n",
        ] {
            let whole = [interim.as_bytes(), last].concat();
            assert_eq!(left(&whole), (Head::Begun, last.to_vec()), "{interim}");
        }
        for unfinished in ["HTTP/1.1 10", "HTTP/1.1 100 Continue\r\nServer: "] {
            let bytes = unfinished.as_bytes();
            assert_eq!(left(bytes), (Head::Awaited, bytes.to_vec()));
        }
        for answer in [
            "HTTP/1.1 101 Switching\r\n\r\n",
            "\u{16}\u{3}\u{1}",
            "<html>",
        ] {
            assert_eq!(left(answer.as_bytes()).0, Head::Begun);
        }
    }

    #[test]
    fn the_status_of_a_proxy_is_read_from_the_text_of_the_library() {
        assert_eq!(status("proxy server responded 407/407"), 407);
        assert_eq!(status("proxy server did not respond"), 0);
    }
}
