//! `list-users-full`: every account of a server, decoded as it arrives. One request, and never more than one account
//! in memory.

mod decode;
mod lenient;
mod source;

use std::time::Duration;

use serde_json::error::Category;
use serde_json::json;

use super::api::{Api, Call, judge};
use super::server::Server;
use super::storage::Limit;
use crate::error::{Error, plain};
use crate::http::stream::{self, Patience, Stream};
use crate::http::{Effect, Failure};
use crate::whmcs::Host;
use decode::End;
use source::Source;

/// For the whole list: cron has time, and a server with 100,000 accounts sends hundreds of megabytes.
const LONGEST_LIST: Duration = Duration::from_secs(15 * 60);
/// Profiles of accounts with hundreds of devices and items have a few hundred kilobytes.
const LONGEST_ACCOUNT: u64 = 8 * 1024 * 1024;
/// What is read of an answer that is no list.
const LONGEST_ERROR: u64 = 64 * 1024;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

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
            Failure::NotSent(reason) | Failure::Lost(reason) => no_answer(&call, reason),
        })
        .and_then(|stream| receive(&call, stream, &mut each));
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
    call: &Call<'_>,
    mut stream: Stream,
    each: &mut dyn FnMut(Listed),
) -> Result<u64, Error> {
    if !stream.status.is_success() {
        let answer = stream.into_answer(Vec::new(), LONGEST_ERROR);
        return match judge(call, &answer)? {
            Err(reason) => Err(no_answer(call, reason)),
            Ok(_) => Err(strange(call)),
        };
    }
    let status = stream.status;
    let source = Source::new(
        |piece: &mut [u8]| stream.read(piece),
        LONGEST_LIST,
        LONGEST_ACCOUNT,
    );
    match decode::accounts(&source, PIECE, each) {
        Ok(End::All(count)) => Ok(count),
        Ok(End::Refused {
            status: code,
            message,
        }) => {
            let answer = crate::http::Answer {
                status,
                request_id: None,
                retry_after: None,
                location: None,
                body: Ok(json!({"Status": code, "Message": message})
                    .to_string()
                    .into_bytes()),
            };
            judge(call, &answer)?.map_or_else(
                |reason| Err(no_answer(call, reason)),
                |_| Err(strange(call)),
            )
        }
        Err(error) => Err(match (source.broken(), error.classify()) {
            (Some(reason), _) => no_answer(call, reason),
            (None, Category::Eof | Category::Io) => no_answer(call, "the answer broke off".into()),
            (None, Category::Syntax | Category::Data) => strange(call),
        }),
    }
}

fn no_answer(call: &Call<'_>, reason: String) -> Error {
    Error::NoAnswer {
        task: call.task.clone(),
        reason,
    }
}

fn strange(call: &Call<'_>) -> Error {
    no_answer(call, "the answer is not what a Comet Server sends".into())
}
