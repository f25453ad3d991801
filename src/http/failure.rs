//! Failed exchanges: whether the request had left, and why there is no answer, in fixed sentences: the texts of libraries can
//! quote addresses.

use std::fmt;
use std::io;

use nix::errno::Errno;
use ureq::Error as UreqError;

use crate::error::{Error, FailedTask};
use crate::outcome::Outcome;

/// A failure to get an answer. The text says why, and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server cannot have acted.
    NotSent(Cause),
    /// The request left, or may have.
    Lost(Cause),
}

impl Failure {
    pub fn reason(&self) -> String {
        self.cause().to_string()
    }

    /// The error of a request that only reads. `task` completes "Could not …".
    pub fn read_error(&self, task: &str) -> Error {
        let tried = FailedTask::new(task, self.reason());
        match self {
            Self::NotSent(_) => Error::NotSent(tried),
            Self::Lost(_) => Error::NoAnswer(tried),
        }
    }

    /// Returns how a request that changes something ended.
    pub fn change_outcome<T>(&self, task: &str) -> Outcome<T> {
        let tried = FailedTask::new(task, self.reason());
        match self {
            Self::NotSent(_) => Outcome::Failed(Error::NotSent(tried)),
            Self::Lost(_) => Outcome::Unknown(Error::Lost(tried)),
        }
    }

    pub const fn cause(&self) -> &Cause {
        match self {
            Self::NotSent(cause) | Self::Lost(cause) => cause,
        }
    }
}

/// The cause of a failure: what went wrong, and on the way to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    peer: Peer,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peer {
    Server,
    Proxy,
}

/// A fault of an exchange. Those before [`Fault::Closed`] arise before the first byte of the request leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The sentence of the breaker.
    Paused(String),
    /// A setting that cannot be used, by its name.
    Setting(String),
    Unsendable,
    Address,
    NoThread,
    /// With the reason of the system.
    NotResolved(String),
    NotResolvedInTime,
    NotConnectedInTime,
    Refused,
    NotAllowed,
    NetworkUnreachable,
    HostUnreachable,
    NoFreePort,
    TooManyFiles,
    /// With the reason of the system.
    NotConnected(String),
    NotSecure(String),
    ClosedEarly,
    /// What a proxy replied to CONNECT, and whether it was given a login.
    NotTunneled(u16, Login),
    /// A fault of this library, at this place.
    Internal(String),
    Closed,
    NotInTime,
    /// The visitor is gone.
    NotAwaited,
    NotHttp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    Given,
    None,
}

impl Cause {
    pub const fn new(fault: Fault) -> Self {
        Self {
            peer: Peer::Server,
            fault,
        }
    }

    /// Returns the same cause on the way to the proxy.
    #[must_use]
    pub fn at_proxy(self) -> Self {
        Self {
            peer: Peer::Proxy,
            ..self
        }
    }

    pub const fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Whether the server is down or does not answer: the next request would wait as long.
    pub const fn is_out_of_reach(&self) -> bool {
        matches!(
            self.fault,
            Fault::NotResolved(_)
                | Fault::NotResolvedInTime
                | Fault::NotConnectedInTime
                | Fault::Refused
                | Fault::NetworkUnreachable
                | Fault::HostUnreachable
                | Fault::NotInTime
        )
    }

    /// An error from the time before the connection was ready.
    pub fn of_connecting(error: UreqError) -> Self {
        Self::new(match error {
            UreqError::Other(inner) => match inner.downcast::<Self>() {
                Ok(cause) => return *cause,
                Err(_) => Fault::Address,
            },
            UreqError::Timeout(_) => Fault::NotConnectedInTime,
            UreqError::Io(error) => Fault::of_connecting(&error),
            UreqError::ConnectionFailed => Fault::ClosedEarly,
            _ => Fault::Address,
        })
    }

    /// An error from the time after it.
    pub fn of_exchange(error: UreqError) -> Self {
        Self::new(match error {
            UreqError::Other(inner) => match inner.downcast::<Self>() {
                Ok(cause) => return *cause,
                Err(_) => Fault::Closed,
            },
            UreqError::Timeout(_) => Fault::NotInTime,
            UreqError::Io(_) => Fault::Closed,
            _ => Fault::NotHttp,
        })
    }
}

impl Fault {
    pub fn of_connecting(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::PermissionDenied => Self::NotAllowed,
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
                Self::NetworkUnreachable
            }
            io::ErrorKind::HostUnreachable => Self::HostUnreachable,
            io::ErrorKind::AddrNotAvailable => Self::NoFreePort,
            io::ErrorKind::TimedOut => Self::NotConnectedInTime,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Self::ClosedEarly,
            _ => match error.raw_os_error().map(Errno::from_raw) {
                Some(Errno::EMFILE | Errno::ENFILE) => Self::TooManyFiles,
                _ => Self::NotConnected(of_system(error)),
            },
        }
    }
}

/// The system's own text; that of a library could quote an address.
pub fn of_system(error: &io::Error) -> String {
    let errno = error.raw_os_error().map(Errno::from_raw);
    errno.map_or("an unknown error", Errno::desc).to_owned()
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = match self.peer {
            Peer::Server => "the server",
            Peer::Proxy => "the proxy",
        };
        match &self.fault {
            Fault::Paused(sentence) | Fault::Setting(sentence) => f.write_str(sentence),
            Fault::Unsendable => {
                f.write_str("the address or the token holds characters that cannot be sent")
            }
            Fault::Address => f.write_str("the address cannot be used"),
            Fault::NoThread => write!(
                f,
                "no thread could be started to look up the name of {peer}: this user's limit on processes or memory is reached"
            ),
            Fault::NotResolved(why) => write!(f, "the name of {peer} cannot be resolved: {why}"),
            Fault::NotResolvedInTime => write!(f, "the name of {peer} was not resolved in time"),
            Fault::NotConnectedInTime => write!(f, "{peer} did not accept the connection in time"),
            Fault::Refused => write!(f, "{peer} refused the connection"),
            Fault::NotAllowed => write!(
                f,
                "this machine does not permit PHP to connect to {peer}: SELinux (setsebool httpd_can_network_connect on) or a firewall has to allow it"
            ),
            Fault::NetworkUnreachable => {
                write!(f, "the network of {peer} is unreachable from this machine")
            }
            Fault::HostUnreachable => write!(f, "{peer} is unreachable: there is no route to it"),
            Fault::NoFreePort => write!(
                f,
                "this machine has no free port or address left to connect to {peer}"
            ),
            Fault::TooManyFiles => {
                f.write_str("this process, or this machine, has too many open files")
            }
            Fault::NotConnected(why) => write!(f, "no connection to {peer} could be made: {why}"),
            Fault::NotSecure(why) => write!(f, "no secure connection, {why}"),
            Fault::ClosedEarly => {
                write!(
                    f,
                    "{peer} closed the connection before the request was sent"
                )
            }
            Fault::NotTunneled(status, login) => not_tunneled(f, *status, *login),
            Fault::Internal(place) => write!(f, "internal error at {place}"),
            Fault::Closed => f.write_str("the connection was closed before an answer came"),
            Fault::NotInTime => f.write_str("no answer came in time"),
            Fault::NotAwaited => f.write_str("the visitor went away before an answer came"),
            Fault::NotHttp => f.write_str("the answer is not HTTP"),
        }
    }
}

fn not_tunneled(f: &mut fmt::Formatter<'_>, status: u16, login: Login) -> fmt::Result {
    match (status, login) {
        (403, _) => f.write_str(
            "the proxy does not permit the connection (HTTP 403). Most tunnel to port 443 only: use https there, or name the server in whmcs_provisioning.no_proxy",
        ),
        (407, Login::None) => f.write_str(
            "the proxy asks for a login (HTTP 407). Set whmcs_provisioning.proxy to http://user:password@host:port",
        ),
        (407, Login::Given) => f.write_str(
            "the proxy does not accept the login in whmcs_provisioning.proxy (HTTP 407)",
        ),
        (502..=504, _) => {
            write!(f, "the proxy could not connect to the server (HTTP {status})")
        }
        (0, _) => f.write_str("the proxy did not connect"),
        _ => write!(f, "the proxy did not connect (HTTP {status})"),
    }
}

impl std::error::Error for Cause {}

impl From<Fault> for UreqError {
    fn from(fault: Fault) -> Self {
        Cause::new(fault).into()
    }
}

impl From<Cause> for UreqError {
    fn from(cause: Cause) -> Self {
        Self::Other(Box::new(cause))
    }
}
