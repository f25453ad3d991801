//! The requests that a comparison may need beside the list: the server's time, once.

use std::time::Instant;

use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::server_info::ServerInfo;
use crate::error::Error;

/// The server, when its list was requested, and its clock once it is known.
pub struct Budget<'a> {
    pub api: Api<'a>,
    began: Instant,
    clock: Option<i64>,
}

impl<'a> Budget<'a> {
    pub const fn new(api: Api<'a>, began: Instant) -> Self {
        Self {
            api,
            began,
            clock: None,
        }
    }

    /// Returns the seconds since the list was requested.
    pub fn waited(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX)
    }

    /// Returns the server's time. One request, the first time only.
    pub fn now(&mut self) -> Result<i64, Error> {
        let waited = self.waited();
        if let Some(at_start) = self.clock {
            return Ok(at_start + waited);
        }
        let now = ServerInfo::read(&self.api)?.current_time;
        self.clock = Some(now - waited);
        Ok(now)
    }
}
