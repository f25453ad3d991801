//! Faults on demand: what a test queues up for coming requests to run into.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::repeat::Repeat;
use crate::request::Request;
use crate::service::Service;

#[derive(Default)]
pub struct Faults {
    queue: Vec<Order>,
    /// Names of those that requests ran into.
    hit: Vec<&'static str>,
}

#[derive(Deserialize)]
pub struct Order {
    #[serde(default, rename = "match")]
    filter: Filter,
    /// How many requests it hits; 0 for all that come.
    #[serde(default = "one")]
    times: u32,
    /// How many requests that fit are let through first.
    #[serde(default)]
    skip: u32,
    #[serde(flatten)]
    fault: Fault,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    method: Option<String>,
    /// How the path below the API's base begins.
    path: Option<String>,
    /// The path below the API's base, whole.
    endpoint: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    Delay {
        ms: u64,
        #[serde(default)]
        when: When,
    },
    Status {
        status: u16,
        #[serde(default)]
        body: String,
        content_type: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        act: bool,
    },
    /// No answer for so long, then the connection is closed; nothing is ever carried out.
    Hang {
        ms: u64,
    },
    /// Carried out and answered; whoever comes next is refused the connection.
    ShutDoor,
    Drop,
    ActAndDrop,
    Truncate {
        /// After how many bytes of the body; after half of it where not said.
        at: Option<u64>,
    },
    /// Somebody else's change comes a moment before the request.
    StaleHash {
        /// Merged into the profile; a device registers where not said.
        #[serde(default)]
        change: Value,
    },
    Html {
        #[serde(default = "ok")]
        status: u16,
        #[serde(default = "yes")]
        act: bool,
    },
    WrongTypes,
    Json {
        #[serde(default = "ok")]
        status: u16,
        body: Value,
        #[serde(default = "yes")]
        act: bool,
    },
    SlowBody {
        ms_per_byte: u64,
    },
    RateLimit {
        retry_after: Option<u64>,
    },
    CloseIdle,
    Redirect {
        #[serde(default = "found")]
        status: u16,
        location: String,
    },
    Huge {
        bytes: usize,
    },
    /// A long list or map, in place of the API's answer.
    Repeat(Repeat),
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    #[default]
    Before,
    After,
}

impl Faults {
    pub fn append(&mut self, orders: Vec<Order>) {
        self.queue.extend(orders);
    }

    /// No fault waits any longer. Answers the names of those that requests ran into since the last time.
    pub fn clear(&mut self) -> Vec<&'static str> {
        self.queue.clear();
        std::mem::take(&mut self.hit)
    }

    /// The fault that this request is to run into; it counts as used.
    pub fn take(&mut self, request: &Request) -> Option<Fault> {
        let place = self.queue.iter_mut().position(|order| {
            let hit = order.filter.fits(request);
            if hit && order.skip > 0 {
                order.skip -= 1;
                return false;
            }
            hit
        })?;
        let order = self.queue.get_mut(place)?;
        let fault = order.fault.clone();
        self.hit.push(fault.name());
        match order.times {
            0 => {}
            1 => drop(self.queue.remove(place)),
            _ => order.times -= 1,
        }
        Some(fault)
    }
}

impl Filter {
    fn fits(&self, request: &Request) -> bool {
        let path = request
            .path
            .strip_prefix(Service::of(request).base())
            .unwrap_or(&request.path);
        let name = path.trim_start_matches('/');
        self.method
            .as_ref()
            .is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && self
                .path
                .as_ref()
                .is_none_or(|start| path.starts_with(start) || name.starts_with(start))
            && self
                .endpoint
                .as_ref()
                .is_none_or(|whole| name == whole.trim_start_matches('/'))
    }
}

impl Fault {
    /// The change that somebody else makes before the request, if this is such a fault.
    pub fn take_disturbance(&mut self) -> Option<Value> {
        match self {
            Self::StaleHash { change } => Some(change.take()),
            _ => None,
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::Status { .. } => "status",
            Self::Hang { .. } => "hang",
            Self::ShutDoor => "shut_door",
            Self::Drop => "drop",
            Self::ActAndDrop => "act_and_drop",
            Self::Truncate { .. } => "truncate",
            Self::StaleHash { .. } => "stale_hash",
            Self::Html { .. } => "html",
            Self::WrongTypes => "wrong_types",
            Self::Json { .. } => "json",
            Self::SlowBody { .. } => "slow_body",
            Self::RateLimit { .. } => "rate_limit",
            Self::CloseIdle => "close_idle",
            Self::Redirect { .. } => "redirect",
            Self::Huge { .. } => "huge",
            Self::Repeat(_) => "repeat",
        }
    }
}

fn one() -> u32 {
    1
}

fn ok() -> u16 {
    200
}

fn found() -> u16 {
    302
}

fn yes() -> bool {
    true
}
