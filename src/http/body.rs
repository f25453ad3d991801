//! The body of an answer: decompressed, where a server compresses unasked, and without a byte order mark.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use ureq::http::Response;
use ureq::{Body, Error as UreqError};

use super::HttpSettings;
use crate::json::stream::{BROKE_OFF, MARK};

/// The reason why a body could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub reason: String,
    /// The server stopped sending: it counts as one that does not answer.
    pub is_late: bool,
}

impl Broken {
    pub fn new(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            is_late: false,
        }
    }

    pub fn of(error: &io::Error, late: &str) -> Self {
        let is_late = error.kind() == io::ErrorKind::TimedOut
            || error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<UreqError>())
                .is_some_and(|inner| matches!(inner, UreqError::Timeout(_)));
        Self {
            reason: if is_late { late } else { BROKE_OFF }.to_owned(),
            is_late,
        }
    }
}

/// A field of the head, as text.
pub fn header(response: &Response<Body>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Reads the whole body, up to so many bytes as the request or else the setting allows, counted after decompression.
pub fn whole(
    response: Response<Body>,
    settings: &HttpSettings,
    longest: Option<u64>,
) -> Result<Vec<u8>, Broken> {
    let limit = longest.unwrap_or(settings.max_response_bytes);
    let mut bytes = Vec::new();
    reader(response)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| Broken::of(&error, "the answer did not end in time"))?;
    if bytes.len() as u64 > limit {
        let advice = if longest.is_some() {
            ", which no real one is"
        } else {
            "; where that is right, raise whmcs_provisioning.max_response_bytes in the PHP configuration"
        };
        return Err(Broken::new(&format!(
            "the answer is longer than {limit} bytes{advice}"
        )));
    }
    Ok(without_mark(bytes))
}

/// The bytes as they come, decompressed.
pub fn reader(response: Response<Body>) -> Result<Box<dyn Read + Send>, Broken> {
    let encoding = header(&response, "content-encoding").unwrap_or_default();
    let plain = response
        .into_body()
        .into_with_config()
        .limit(u64::MAX)
        .reader();
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Box::new(plain)),
        "gzip" | "x-gzip" => Ok(Box::new(MultiGzDecoder::new(plain))),
        other => Err(Broken::new(&format!(
            "the answer is compressed as {}, which was not asked for",
            crate::text::plain(other)
        ))),
    }
}

/// Removes the byte order mark that some servers write before JSON.
pub fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    bytes
}
