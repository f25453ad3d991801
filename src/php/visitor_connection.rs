//! The connection to the visitor: whether it is still open, before anything was sent.

use std::os::fd::{BorrowedFd, RawFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{SockaddrIn, SockaddrIn6, SockaddrStorage, getpeername, getsockname};

use ext_php_rs::zend::php_sapi_name;

/// A worker has few files open, and the connection of the request is among the first.
const MOST_FILES: RawFd = 256;

/// Whether the visitor may still be there: false only where it is certain that he is gone. PHP itself learns that only when
/// it sends something; the web server closes the connection to PHP-FPM when its visitor goes.
pub fn is_open() -> bool {
    if php_sapi_name().as_deref() != Some("fpm-fcgi") {
        return true;
    }
    of_request().is_none_or(|file| !is_closed_by_peer(file))
}

/// The connection that came to an address on which this process listens.
fn of_request() -> Option<RawFd> {
    let sockets = (0..MOST_FILES).filter_map(|file| {
        let address = getsockname::<SockaddrStorage>(file).ok()?;
        Some((file, address, getpeername::<SockaddrStorage>(file).is_ok()))
    });
    let (connected, listening): (Vec<_>, Vec<_>) = sockets.partition(|(_, _, has_peer)| *has_peer);
    let came_in = |address| listening.iter().any(|(_, own, _)| is_at(address, own));
    let found = connected.iter().find(|(_, address, _)| came_in(address));
    found.map(|(file, ..)| *file)
}

/// A socket that listens on every address of the machine has none of its own.
fn is_at(address: &SockaddrStorage, listening: &SockaddrStorage) -> bool {
    let listens_everywhere = match (listening.as_sockaddr_in(), listening.as_sockaddr_in6()) {
        (Some(v4), _) => v4.ip().is_unspecified(),
        (_, Some(v6)) => v6.ip().is_unspecified(),
        _ => false,
    };
    if listens_everywhere {
        return port(address).is_some() && port(address) == port(listening);
    }
    address == listening
}

fn port(address: &SockaddrStorage) -> Option<u16> {
    let v4 = address.as_sockaddr_in().map(SockaddrIn::port);
    v4.or_else(|| address.as_sockaddr_in6().map(SockaddrIn6::port))
}

fn is_closed_by_peer(file: RawFd) -> bool {
    // SAFETY: the number was just found to be an open socket, and nothing else runs on this thread meanwhile.
    let file = unsafe { BorrowedFd::borrow_raw(file) };
    let half_closed = PollFlags::from_bits_retain(nix::libc::POLLRDHUP);
    let closed = half_closed | PollFlags::POLLHUP | PollFlags::POLLERR;
    let mut watched = [PollFd::new(file, closed)];
    // Nothing else is watched, so whatever was seen is an end.
    poll(&mut watched, PollTimeout::ZERO).is_ok_and(|seen| seen > 0)
}
