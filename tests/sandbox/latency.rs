//! A distance to the client: how much longer each new connection and each request takes.

use std::thread;
use std::time::Duration;

use serde::Deserialize;

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Latency {
    connection_ms: u64,
    request_ms: u64,
}

impl Latency {
    /// Over TLS before the handshake, else before the first answer, which is the same wait for the client.
    pub fn of_connection(self) {
        thread::sleep(Duration::from_millis(self.connection_ms));
    }

    pub fn of_request(self) {
        thread::sleep(Duration::from_millis(self.request_ms));
    }
}
