//! Client installers, passed on to the customer as they arrive. One request, which changes nothing.

use crate::attachment::{AtTheEnd, Attachment};
use crate::cometbackup::TEXTS;
use crate::cometbackup::comet::api::{Api, Call, field};
use crate::cometbackup::comet::content_disposition;
use crate::cometbackup::comet::installers::{self, Download};
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::tables::{downloads, server_facts};
use crate::database::{self, Database};
use crate::error::Error;
use crate::http::stream::{self, Timeouts};
use crate::http::{self, Repeatable, Request};
use crate::json::stream::MARK;
use crate::php_value::Value;
use crate::random;
use crate::whmcs::{CustomerPage, Host, Service, database_opener, open_database};

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;
/// Seconds that a download counts longer than it may take: for the request before it, and for its last piece.
const SLACK: u64 = 360;

/// Returns the page, or the installer that the page's query asks for. Where there is none, the page has the sentence that
/// `shown` makes of the failure for who reads it.
pub fn page_or_installer(
    host: &dyn Host,
    service: &Service,
    query: &Value,
    agent: Option<&str>,
    shown: impl Fn(&Error) -> String,
) -> Result<CustomerPage, Error> {
    let page = || super::run(host, service, agent);
    let Some(download) = installers::asked_for(query) else {
        return page().map(CustomerPage::Part);
    };
    if !host.can_send_file() {
        host.log_activity(format!(
            "An installer cannot be sent: other code has sent output before the headers. - {}",
            service.id
        ));
        return page().map(CustomerPage::Part);
    }
    open(host, service, &download).or_else(|error| {
        let sentence = shown(&error);
        Ok(CustomerPage::Part(with_error(page()?, sentence)))
    })
}

/// The installer: at an address of the Comet Server's own, so that no worker is used, or through this worker, which has
/// its first bytes already. One request. A client has two of the latter at a time.
///
/// # Errors
/// Where the service is not active, where two downloads of the client are under way, and where the server sends anything
/// else than an installer.
fn open(host: &dyn Host, service: &Service, download: &Download) -> Result<CustomerPage, Error> {
    if !service.status.is_in_use() {
        return Err(TEXTS.error("download.not_active", &[]));
    }
    let server = CometServer::new(&service.server)?;
    let mut database = open_database(host)?;
    let public = server_facts::public_downloads(&mut database, &Api::new(host, &server));
    if let Some(public) = public {
        return Ok(CustomerPage::Elsewhere(public.address(download.id)));
    }
    let at_the_end = take_slot(host, database, service.client_id)?;
    match through_worker(host, &server, download) {
        Ok(mut file) => {
            file.at_the_end = Some(at_the_end);
            Ok(CustomerPage::File(Box::new(file)))
        }
        Err(error) => {
            // The slot is free again after its time, too.
            if let Err(left) = at_the_end() {
                host.log_activity(left.to_string());
            }
            Err(error)
        }
    }
}

/// Counts the download, and returns what ends it. No connection to the database is held while the file passes through.
fn take_slot(host: &dyn Host, mut database: Database, client_id: u32) -> Result<AtTheEnd, Error> {
    let seconds = host.download_limits().longest_time.as_secs();
    let holder = random::hex()?;
    let slot = downloads::take(&mut database, client_id, &holder, seconds + SLACK)?;
    drop(database);
    database::close();
    let slot = slot.ok_or_else(|| TEXTS.error("download.two_under_way", &[]))?;
    let open = database_opener(host)?;
    Ok(Box::new(move || {
        let mut database = open()?;
        Ok(downloads::give_back(&mut database, &slot)?)
    }))
}

fn through_worker(
    host: &dyn Host,
    server: &CometServer,
    download: &Download,
) -> Result<Attachment, Error> {
    let endpoint = format!("branding/generate-client/{}", download.endpoint);
    let mut fields = vec![("SelfAddress", field(&server.base))];
    if let Some(platform) = download.platform {
        fields.push(("Platform", field(platform.to_string())));
    }
    let call = Call {
        endpoint: &endpoint,
        task: format!("get the installer {}", download.label),
        fields,
    };
    let api = Api::new(host, server);
    let request = api.request(&call, Repeatable::Yes);
    let end = begin(host, &api, &call, &request, download);
    let response = match &end {
        Ok(file) => format!("HTTP 200, the file {}, passed on", file.file_name),
        Err(error) => error.to_string(),
    };
    api.log(&call, &request.url, response);
    end
}

fn begin(
    host: &dyn Host,
    api: &Api<'_>,
    call: &Call<'_>,
    request: &Request<'_>,
    download: &Download,
) -> Result<Attachment, Error> {
    let no_answer = |reason: String| call.no_answer(reason);
    let mut stream = stream::open(
        &host.http(),
        request,
        Timeouts::Download(host.still_awaited()),
    )
    .map_err(|failure| no_answer(failure.reason()))?;
    let mut start = vec![0; PIECE];
    let read = stream.read(&mut start).map_err(no_answer)?;
    start.truncate(read);
    if !stream.status.is_success() || !is_installer(&stream.content_type, &start) {
        let answer = stream.into_answer(start, http::ERROR_BYTES);
        let judged = api.judge_read(call, answer);
        return Err(judged.map_or_else(
            |error| error,
            |_| no_answer("the answer is no installer".into()),
        ));
    }
    let name = stream
        .disposition
        .as_deref()
        .and_then(content_disposition::read);
    // The name goes to the customer, whose browser shows it.
    let name = name.filter(|name| !api.holds_secret(name));
    let length = stream.length;
    Ok(Attachment {
        file_name: name.unwrap_or_else(|| download.fallback_file.clone()),
        length,
        start,
        rest: Box::new(move |piece| stream.read(piece)),
        limits: host.download_limits(),
        at_the_end: None,
    })
}

/// Errors come as JSON with HTTP 200, and from a proxy before the server as a page.
fn is_installer(content_type: &str, start: &[u8]) -> bool {
    let said = content_type.ends_with("json") || matches!(content_type, "text/html" | "text/plain");
    let start = start.strip_prefix(MARK).unwrap_or(start);
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    !said && !matches!(first, None | Some(b'{' | b'<'))
}

/// The customer's page with a sentence in place of the file.
fn with_error(mut page: Value, sentence: String) -> Value {
    if let Value::Array(parts) = &mut page
        && let Some((_, Value::Array(variables))) =
            parts.iter_mut().find(|(name, _)| name == "vars")
        && let Some((_, Value::Array(errors))) =
            variables.iter_mut().find(|(name, _)| name == "errors")
    {
        errors.push((errors.len().to_string(), sentence.into()));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_no_installer_whatever_its_type() {
        let octets = "application/octet-stream";
        assert!(is_installer(octets, b"#!/bin/sh"));
        assert!(is_installer("application/zip", b"PK"));
        assert!(is_installer("", b"PK"));
        assert!(!is_installer(octets, b" {\"Status\":403}"));
        assert!(!is_installer(octets, b"\xef\xbb\xbf{\"Status\":403}"));
        assert!(!is_installer(octets, b"<html>"));
        assert!(!is_installer(octets, b""));
        assert!(!is_installer("application/json", b"PK"));
        assert!(!is_installer("text/html", b"PK"));
    }
}
