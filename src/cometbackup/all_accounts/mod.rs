//! `list-users-full`: every account of a server, decoded as it arrives. One request, and never more than one account
//! in memory.

mod decode;
mod lenient;

use std::time::{Duration, Instant};

use super::api::{Api, Call};
use super::server::Server;
use super::storage::Limit;
use crate::error::{Error, plain};
use crate::http::stream::{self, Patience, Stream};
use crate::http::{Effect, Failure};
use crate::json_stream::STRANGE;
use crate::whmcs::Host;
use decode::End;

/// For the whole list: cron has time, and a server with 100,000 accounts sends hundreds of megabytes.
const LONGEST_LIST: Duration = Duration::from_secs(15 * 60);
/// Profiles of accounts with hundreds of devices and items have a few hundred kilobytes.
const LONGEST_ACCOUNT: usize = 8 * 1024 * 1024;
/// What is read of an answer that is no list.
const LONGEST_ERROR: u64 = 64 * 1024;

/// An account as the server lists it; what is missing there is empty here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// Empty on servers that have none.
    pub creation_guid: String,
    /// Unix seconds.
    pub created_at: i64,
    pub is_suspended: bool,
    pub policy_id: String,
    /// 0 is no limit.
    pub device_limit: i64,
    /// Bytes; `None` is no limit.
    pub item_quota: Option<i64>,
    pub vaults: Vec<Vault>,
    /// Nothing has been done with the account yet.
    pub is_unused: bool,
    /// How many there are.
    pub devices: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    pub id: String,
    /// Bytes; `None` where they were never measured.
    pub stored: Option<i64>,
    pub limit: Limit,
}

/// Hands over each account of the server, and answers how many there are.
///
/// # Errors
/// Also where the list does not come to its end: what was handed over until then is not all there is.
pub fn read(host: &dyn Host, server: &Server, mut each: impl FnMut(Listed)) -> Result<u64, Error> {
    let call = Call {
        endpoint: "list-users-full",
        task: format!(
            "read the accounts of the Comet Server {}",
            plain(&server.base)
        ),
        fields: Vec::new(),
    };
    // A daily job has no second chance today.
    let api = Api::new(host, server).insisting();
    let request = api.request(&call, Effect::Reads);
    let end = stream::open(&host.http(), &request, Patience::File)
        .map_err(|failure| match failure {
            Failure::NotSent(reason) | Failure::Lost(reason) => {
                no_answer(&call, reason.to_string())
            }
        })
        .and_then(|stream| receive(&api, &call, stream, &mut each));
    let response = match &end {
        Ok(count) => format!("HTTP 200, {count} accounts"),
        Err(error) => error.to_string(),
    };
    api.log(&call, &request.url, response);
    end
}

/// One account, from its profile as the server answers it alone.
pub fn from_profile(name: &str, profile: &str) -> Option<Listed> {
    decode::profile(name, profile).ok()
}

fn receive(
    api: &Api<'_>,
    call: &Call<'_>,
    mut stream: Stream,
    each: &mut dyn FnMut(Listed),
) -> Result<u64, Error> {
    let start = if stream.status.is_success() {
        let read = until(LONGEST_LIST, |piece| stream.read(piece));
        match decode::accounts(read, LONGEST_ACCOUNT, each) {
            Ok(End::All(count)) => return Ok(count),
            Ok(End::Refused(error)) => error.into_bytes(),
            Err(reason) => return Err(no_answer(call, reason)),
        }
    } else {
        Vec::new()
    };
    let judged = api.judge(call, &stream.into_answer(start, LONGEST_ERROR))?;
    Err(no_answer(call, judged.err().unwrap_or(STRANGE.into())))
}

/// `read`, for so long.
fn until(
    longest: Duration,
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
) -> impl FnMut(&mut [u8]) -> Result<usize, String> {
    let began = Instant::now();
    move |piece| {
        if began.elapsed() > longest {
            let minutes = longest.as_secs() / 60;
            return Err(format!("the answer did not end within {minutes} minutes"));
        }
        read(piece)
    }
}

fn no_answer(call: &Call<'_>, reason: String) -> Error {
    Error::NoAnswer {
        task: call.task.clone(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_list_has_an_end_in_time() {
        let read = |piece: &mut [u8]| Ok(piece.len());
        assert_eq!(until(LONGEST_LIST, read)(&mut [0; 7]), Ok(7));
        let late = until(Duration::ZERO, read)(&mut [0; 7]);
        let expected = "the answer did not end within 0 minutes";
        assert_eq!(late, Err(expected.to_owned()));
    }
}
