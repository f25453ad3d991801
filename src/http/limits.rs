//! Time limits of the parts of an exchange that no setting covers, and what is kept between exchanges.

use std::time::Duration;

/// The time for which an idle connection, and an address, is kept: less than the usual 60 to 75 seconds of servers.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(50);
pub const MAX_IDLE_CONNECTIONS: usize = 4;

/// The wait for the head of an answer that a server may build on demand.
pub const FIRST_BYTE: Duration = Duration::from_secs(300);
/// The pause between looks whether the visitor is still there, while a head is awaited.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The wait for each part of the body.
pub const EACH_READ: Duration = Duration::from_secs(30);
