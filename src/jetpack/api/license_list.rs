//! The partner's own list of licenses, `GET /licenses`, as the partner portal reads it. Nobody promises it: what answers
//! otherwise has no list, and everything works without.
//!
//! It changes while it is read, so that a license comes twice or not at all: whoever concludes something from what is *not*
//! on it looks at [`Reading::is_proof`].

mod billing;
mod order;
pub mod page;

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::{Method, StatusCode};

use super::{Api, Call};
use crate::error::{Error, FailedTask};
use crate::hash::sha256;
use crate::http::stream::{self, Stream, Timeouts};
use crate::http::{self, Extent, Repeatable};
use crate::json::stream::{BROKE_OFF, StreamError};
use crate::whmcs::ModuleCall;
use crate::worker::fork_safe::PerProcess;
pub use billing::Bill;
use order::Order;
use page::LicensePage;
pub use page::ListedLicense;

/// `0` switches the list off.
const SETTING: &str = "jetpack_license_list";
const NO_END: &str = "the list broke off";
/// What is asked for; the server may give less.
const PER_PAGE: u64 = 100;
/// A server that gives all at once may.
const PAGE_BYTES: u64 = 256 * 1024 * 1024;
/// How often a list that moved is read in all.
const ATTEMPTS: u32 = 3;
/// How long a token without a list is not asked again.
const AN_HOUR: Duration = Duration::from_secs(3600);
/// Tokens that are remembered; a host has one or two.
const MOST_REMEMBERED: usize = 64;

/// The licenses that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFilter {
    NotRevoked,
    Revoked,
}

impl ListFilter {
    const fn name(self) -> &'static str {
        match self {
            Self::NotRevoked => "not_revoked",
            Self::Revoked => "revoked",
        }
    }
}

/// The limits of a reading.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub pages: u64,
    pub time: Duration,
    /// Read once more where it moved: for a list whose silence counts.
    pub again: bool,
}

/// The result of a reading.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Licenses that were handed over in the last attempt.
    pub licenses: u64,
    /// Requests of all attempts.
    pub pages: u64,
    /// Whether it came as far as whoever read wanted to, or to the end.
    pub is_whole: bool,
    /// Whether the licenses came newest first, without a gap or a repetition that could be seen.
    pub is_steady: bool,
    /// Items that should have been a license and were none.
    pub unreadable: u64,
}

impl Reading {
    /// Whether a license that was not handed over is not there.
    pub const fn is_proof(&self) -> bool {
        self.is_whole && self.is_steady && self.unreadable == 0
    }
}

/// Why there is no page.
enum NoPage {
    /// The token has no list.
    NoList,
    Failed(Error),
}

/// Tokens without a list: a hash of address and token, and since when. For this process alone.
static WITHOUT_LIST: PerProcess<(), Names> = PerProcess::new();

type Names = Arc<Mutex<Vec<(String, Instant)>>>;

impl Api<'_> {
    /// Hands over the licenses of the token, newest first, until `each` breaks; where the list moved, from its beginning
    /// again: `each` may get a license more than once. One request for a page. `None`: this token has no list, which is not
    /// asked again for an hour.
    ///
    /// # Errors
    /// Where Jetpack cannot be reached or is out of order: that says nothing about the list.
    pub fn licenses(
        &self,
        filter: ListFilter,
        bounds: Bounds,
        each: &mut dyn FnMut(ListedLicense) -> ControlFlow<()>,
    ) -> Result<Option<Reading>, Error> {
        let Some(name) = self.list_name().filter(|name| !is_without(name)) else {
            return Ok(None);
        };
        let begun = Instant::now();
        let mut pages = 0;
        for attempt in 1..=ATTEMPTS {
            let mut reading = Reading::default();
            let read = self.attempt(filter, bounds, (begun, pages), &mut reading, each);
            match read {
                Ok(()) => {}
                Err(NoPage::Failed(error)) => return Err(error),
                Err(NoPage::NoList) => {
                    remember(name);
                    return Ok(None);
                }
            }
            pages = reading.pages;
            if reading.is_proof() || !bounds.again || !reading.is_whole || attempt == ATTEMPTS {
                return Ok(Some(reading));
            }
        }
        Ok(None)
    }

    /// Whether there is any use in reading the list: it is not switched off, and not known to be missing.
    pub fn may_have_list(&self) -> bool {
        self.list_name().is_some_and(|name| !is_without(&name))
    }

    fn attempt(
        &self,
        filter: ListFilter,
        bounds: Bounds,
        (begun, before): (Instant, u64),
        reading: &mut Reading,
        each: &mut dyn FnMut(ListedLicense) -> ControlFlow<()>,
    ) -> Result<(), NoPage> {
        let mut order = Order::new();
        let mut total = None;
        reading.pages = before;
        for number in 1.. {
            if reading.pages >= bounds.pages || begun.elapsed() > bounds.time {
                return Ok(());
            }
            let mut is_enough = false;
            let mut take = |license: ListedLicense| {
                order.note(&license);
                reading.licenses += 1;
                // What stands behind the last one that was wanted is not looked at.
                is_enough = is_enough || each(license).is_break();
            };
            let page = self.page(filter, number, &mut take)?;
            reading.pages += 1;
            reading.unreadable += page.unreadable;
            order.end_page();
            let is_other = page.number.is_some_and(|given| given != number);
            if is_other || *total.get_or_insert(page.total) != page.total {
                order.is_right = false;
            }
            let is_last = page.items == 0
                || match page.pages {
                    Some(pages) => number >= pages,
                    None => page.items < page.size.unwrap_or(PER_PAGE),
                };
            if is_enough || is_last || is_other {
                let came = reading.licenses + reading.unreadable;
                let is_short = !is_enough && page.total.is_some_and(|total| came < total);
                reading.is_whole = !is_other;
                reading.is_steady = order.is_right && !is_short;
                return Ok(());
            }
        }
        Ok(())
    }

    fn page(
        &self,
        filter: ListFilter,
        number: u64,
        each: &mut dyn FnMut(ListedLicense),
    ) -> Result<LicensePage, NoPage> {
        let filter = filter.name();
        let call = Call {
            action: "licenses",
            task: "read the list of licenses".into(),
            effect: Repeatable::Yes,
            method: Method::GET,
            path: format!(
                "/licenses?filter={filter}&page={number}&per_page={PER_PAGE}&sort_field=issued_at&sort_direction=desc"
            ),
            key: None,
            body: None,
        };
        let request = self.request(&call);
        let http = self.host.http();
        let end = stream::open(&http, &request, Timeouts::Page)
            .map_err(|failure| NoPage::Failed(failure.read_error(&call.task)))
            .and_then(|stream| self.judged(&call, stream, http.request_timeout, each))
            .map_err(|no_page| match no_page {
                // The first page was there.
                NoPage::NoList if number > 1 => NoPage::Failed(no_answer(&call, NO_END)),
                no_page => no_page,
            });
        // The licenses have keys in them, and are many: the log gets how many there are.
        let said = match &end {
            Ok(page) => format!(
                "HTTP 200\npage {number} of {}: {} licenses, of {} in all",
                page.pages.unwrap_or_default(),
                page.items,
                page.total.unwrap_or_default()
            ),
            Err(NoPage::NoList) => "this token has no list of licenses".to_owned(),
            Err(NoPage::Failed(error)) => error.to_string(),
        };
        self.host.log_call(ModuleCall {
            module: crate::jetpack::MODULE,
            action: call.action.to_owned(),
            request: format!("GET {}", request.url),
            response: said,
            secrets: self.secrets(&call),
        });
        end
    }

    fn judged(
        &self,
        call: &Call<'_>,
        mut stream: Stream,
        patience: Duration,
        each: &mut dyn FnMut(ListedLicense),
    ) -> Result<LicensePage, NoPage> {
        if is_without_list(stream.status) {
            return Err(NoPage::NoList);
        }
        if !stream.status.is_success() {
            let answer = stream.into_answer(Vec::new(), http::ERROR_BYTES);
            return Err(NoPage::Failed(self.refusal_error(call, &answer)));
        }
        self.note_date(stream.date());
        let extent = Extent {
            bytes: PAGE_BYTES,
            time: patience,
        };
        match page::read(&mut extent.of(|piece| stream.read(piece)), each) {
            // A list that does not say how long it is, is none.
            Ok(Ok(page)) if page.has_items && page.total.is_some() => Ok(page),
            Ok(Err(other)) if other.trim_ascii().is_empty() => {
                Err(NoPage::Failed(no_answer(call, BROKE_OFF)))
            }
            Ok(_) | Err(StreamError::Malformed) => Err(NoPage::NoList),
            Err(error) => Err(NoPage::Failed(no_answer(call, &error.reason(NO_END)))),
        }
    }

    /// A name of address and token that holds neither; `None` where the list is not to be read.
    fn list_name(&self) -> Option<String> {
        let is_off = ["", "0", "off", "no", "false"]
            .contains(&self.host.setting(SETTING).to_ascii_lowercase().as_str());
        let token = self.token.as_ref().filter(|_| !is_off)?;
        Some(sha256(&format!(
            "{} {}",
            self.base,
            token.secret().expose()
        )))
    }
}

fn is_without_list(status: StatusCode) -> bool {
    matches!(status.as_u16(), 403 | 404)
}

fn no_answer(call: &Call<'_>, reason: &str) -> Error {
    Error::NoAnswer(FailedTask::new(&call.task, reason.to_owned()))
}

fn is_without(name: &str) -> bool {
    let names = remembered();
    let names = names.lock().unwrap_or_else(PoisonError::into_inner);
    let mut fresh = names.iter().filter(|(_, since)| since.elapsed() < AN_HOUR);
    fresh.any(|(known, _)| known == name)
}

fn remember(name: String) {
    let names = remembered();
    let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
    names.retain(|(known, since)| *known != name && since.elapsed() < AN_HOUR);
    names.truncate(MOST_REMEMBERED - 1);
    names.push((name, Instant::now()));
}

fn remembered() -> Names {
    let kept: Result<Names, Infallible> = WITHOUT_LIST.get(&(), |()| Ok(Names::default()));
    match kept {
        Ok(names) => names,
    }
}

#[cfg(test)]
mod tests;
