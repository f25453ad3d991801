use ureq::config::Config;
use ureq::http::Method;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use super::*;
use crate::http::connection::ObservedConnector;
use crate::http::resolver::Addresses;
use crate::http::{Repeatable, RequestBody};
use crate::secret::Secret;

/// Fails with this, at the step where it is told to.
#[derive(Debug, Clone, Copy)]
struct Failing {
    at: Step,
    with: With,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Connecting,
    /// Counted from 0: with a body the first write is the head.
    Write(usize),
    Read,
}

#[derive(Debug, Clone, Copy)]
enum With {
    Io(io::ErrorKind),
    Time,
    Panic,
}

impl With {
    fn fail(self) -> UreqError {
        match self {
            Self::Io(kind) => UreqError::Io(kind.into()),
            Self::Time => UreqError::Timeout(ureq::Timeout::Global),
            Self::Panic => std::panic::panic_any("on purpose"),
        }
    }
}

impl Connector for Failing {
    type Out = Broken;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Broken>, UreqError> {
        if self.at == Step::Connecting {
            return Err(self.with.fail());
        }
        Ok(Some(Broken {
            failing: *self,
            writes: 0,
            buffers: LazyBuffers::new(1024, 1024),
        }))
    }
}

#[derive(Debug)]
struct Broken {
    failing: Failing,
    writes: usize,
    buffers: LazyBuffers,
}

impl Transport for Broken {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), UreqError> {
        self.writes += 1;
        if self.failing.at == Step::Write(self.writes - 1) {
            return Err(self.failing.with.fail());
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, UreqError> {
        Err(self.failing.with.fail())
    }

    fn is_open(&mut self) -> bool {
        true
    }
}

fn end(at: Step, with: With, body: Option<&str>) -> Failure {
    let request = Request {
        effect: Repeatable::IfVerified,
        method: if body.is_some() {
            Method::POST
        } else {
            Method::DELETE
        },
        url: "http://127.0.0.1/license".into(),
        bearer: None,
        id_header: None,
        body: body.map(|text| RequestBody {
            content_type: "text/plain",
            text: Secret::new(text.to_owned()),
        }),
        bypasses_breaker: false,
        longest_answer: None,
    };
    let agent = || {
        let connector = ObservedConnector(Failing { at, with });
        Ok(Agent::with_parts(Config::default(), connector, Addresses))
    };
    let answer = travel_by(agent, &request, Timeouts::Page);
    answer.map(|response| response.status()).unwrap_err()
}

#[test]
fn whatever_fails_before_the_first_byte_left_was_not_sent() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let faults = [
        With::Io(io::ErrorKind::PermissionDenied),
        With::Io(io::ErrorKind::Interrupted),
        With::Io(io::ErrorKind::InvalidData),
        With::Io(io::ErrorKind::ConnectionReset),
        With::Io(io::ErrorKind::UnexpectedEof),
        With::Io(io::ErrorKind::OutOfMemory),
        With::Io(io::ErrorKind::Other),
        With::Time,
        With::Panic,
    ];
    for with in faults {
        for body in [None, Some("product"), Some("")] {
            let early = end(Step::Connecting, with, body);
            assert!(
                matches!(early, Failure::NotSent(_)),
                "{with:?} {body:?} {early:?}"
            );
            for step in [Step::Write(0), Step::Read] {
                let late = end(step, with, body);
                // A head that announces a body is nothing that a server acts on.
                let expected = step == Step::Write(0) && body == Some("product");
                let is_not_sent = matches!(late, Failure::NotSent(_));
                assert_eq!(is_not_sent, expected, "{with:?} {step:?} {body:?} {late:?}");
            }
        }
        let late = end(Step::Write(1), with, Some("product"));
        assert!(matches!(late, Failure::Lost(_)), "{with:?} {late:?}");
    }
    std::panic::set_hook(usual);
}

#[test]
fn the_cause_is_named_as_it_is() {
    let reason = |with| end(Step::Connecting, with, None).reason();
    assert!(reason(With::Io(io::ErrorKind::PermissionDenied)).contains("SELinux"));
    assert!(reason(With::Io(io::ErrorKind::HostUnreachable)).contains("no route"));
    assert!(reason(With::Time).contains("did not accept the connection in time"));
    let closed = end(Step::Read, With::Io(io::ErrorKind::BrokenPipe), None);
    assert_eq!(
        closed.reason(),
        "the connection was closed before an answer came"
    );
}
