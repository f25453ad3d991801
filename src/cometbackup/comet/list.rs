//! A list that grows with the host, read as it arrives: names of accounts, policy groups, connected devices. However long
//! it is, one entry at a time is in memory.

use super::bounds;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::api::{Api, Call, STRANGE};
use crate::error::Error;
use crate::http::stream::{self, Stream, Timeouts};
use crate::http::{self, Extent, Repeatable};
use crate::json::stream as json_stream;
use crate::json::stream::{StreamEnd, StreamError, value};

/// A list to read: what it is of, how long it may take, and how much of it may come.
#[derive(Clone, Copy)]
pub struct ListSource {
    pub of: &'static str,
    pub patience: Timeouts,
    pub extent: Extent,
}

impl ListSource {
    const LIST: Self = Self {
        of: "entries",
        patience: Timeouts::Page,
        extent: bounds::LIST,
    };
}

/// Fills a buffer, and returns how much of it.
pub type Bytes<'a> = dyn FnMut(&mut [u8]) -> Result<usize, String> + 'a;

/// Hands over each text of an array, and returns how many there are. One request.
///
/// # Errors
/// Also where the list does not come to its end: what was handed over until then is not all there is.
pub fn texts(api: &Api<'_>, call: &Call<'_>, mut each: impl FnMut(String)) -> Result<u64, Error> {
    receive(api, call, ListSource::LIST, |read| {
        json_stream::elements(read, bounds::ENTRY_BYTES, |text: String, _| {
            each(text);
            Ok(())
        })
    })
}

/// Hands over each id and value of a map, and returns how many there are. One request.
///
/// # Errors
/// As those of [`texts`].
pub fn entries<T: DeserializeOwned>(
    api: &Api<'_>,
    call: &Call<'_>,
    kind: MapValues,
    mut each: impl FnMut(String, T),
) -> Result<u64, Error> {
    receive(api, call, ListSource::LIST, |read| {
        map(read, bounds::ENTRY_BYTES, kind, &mut |id, bytes| {
            Ok(value::<T>(bytes)?.map(|(value, length)| {
                each(id, value);
                length
            }))
        })
    })
}

/// The type of a map's values: anything else in it is of the error object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MapValues {
    Texts,
    Objects,
}

impl MapValues {
    fn begins(self, bytes: &[u8]) -> bool {
        bytes.starts_with(match self {
            Self::Texts => b"\"",
            Self::Objects => b"{",
        })
    }
}

/// Reads the entry whose value the bytes begin with, and returns how long that is; `None` where it is not whole.
pub type EntryReader<'a> = dyn FnMut(String, &[u8]) -> Result<Option<usize>, StreamError> + 'a;

/// Reads a map; `each` gets an id and the bytes that begin with its value, and returns how long that is. The error object
/// may stand in place of the map or of its rest, and an entry may be called as one of its fields.
///
/// # Errors
/// The reason of `read`, or why the bytes are no such map.
pub fn map(
    read: &mut Bytes<'_>,
    longest: usize,
    kind: MapValues,
    each: &mut EntryReader<'_>,
) -> Result<StreamEnd, StreamError> {
    let mut error = Map::new();
    let mut message = None;
    let ending = json_stream::entries(read, longest, |id, bytes| {
        let is_entry = kind.begins(bytes);
        if is_entry && kind == MapValues::Texts && id == "Message" {
            message = value::<Value>(bytes)?.map(|(message, _)| message);
        }
        if is_entry {
            return each(id, bytes);
        }
        // A list takes many times its length once it is read.
        if !matches!(id.as_str(), "Status" | "Message") || bytes.starts_with(b"[") {
            return Err(StreamError::Malformed);
        }
        Ok(value(bytes)?.map(|(value, length)| {
            error.insert(id, value);
            length
        }))
    })?;
    Ok(match ending {
        StreamEnd::All(_) if !error.is_empty() => {
            if let Some(message) = message {
                error.insert("Message".to_owned(), message);
            }
            StreamEnd::Other(Value::from(error).to_string().into_bytes())
        }
        list => list,
    })
}

/// Sends a call, and has the answer read as it arrives; the module log gets how many entries there were.
///
/// # Errors
/// As those of [`texts`].
pub fn receive(
    api: &Api<'_>,
    call: &Call<'_>,
    source: ListSource,
    read_list: impl FnOnce(&mut Bytes<'_>) -> Result<StreamEnd, StreamError>,
) -> Result<u64, Error> {
    let request = api.request(call, Repeatable::Yes);
    let end = stream::open(&api.settings(), &request, source.patience)
        .map_err(|failure| failure.read_error(&call.task))
        .and_then(|stream| judged(api, call, stream, source.extent, read_list));
    let response = match &end {
        Ok(count) => format!("HTTP 200, {count} {}", source.of),
        Err(error) => error.to_string(),
    };
    api.log(call, &request.url, response);
    end
}

fn judged(
    api: &Api<'_>,
    call: &Call<'_>,
    mut stream: Stream,
    extent: Extent,
    read_list: impl FnOnce(&mut Bytes<'_>) -> Result<StreamEnd, StreamError>,
) -> Result<u64, Error> {
    let mut start = Vec::new();
    if stream.status.is_success() {
        match read_list(&mut extent.of(|piece| stream.read(piece))) {
            Ok(StreamEnd::All(count)) => return Ok(count),
            Ok(StreamEnd::Other(document)) if document.trim_ascii().is_empty() => {
                return Err(call.no_answer(StreamError::Truncated.reason(STRANGE)));
            }
            Ok(StreamEnd::Other(document)) => start = document,
            Err(error) => return Err(call.no_answer(error.reason(STRANGE))),
        }
    }
    let answer = stream.into_answer(start, http::ERROR_BYTES);
    match api.judge_read(call, answer)?.trim() {
        // Old servers write it for none.
        "null" => Ok(0),
        _ => Err(call.no_answer(STRANGE.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn read(
        document: &str,
        kind: MapValues,
    ) -> (Result<StreamEnd, StreamError>, Vec<(String, String)>) {
        let mut rest = document.as_bytes();
        let mut found = Vec::new();
        let mut bytes = |piece: &mut [u8]| rest.read(&mut piece[..3]).map_err(|e| e.to_string());
        let end = map(&mut bytes, 100, kind, &mut |id, bytes| {
            Ok(value::<Value>(bytes)?.map(|(value, length)| {
                found.push((id, value.to_string()));
                length
            }))
        });
        (end, found)
    }

    #[test]
    fn entries_may_be_called_as_the_fields_of_the_error_object() {
        let (end, found) = read(r#"{"Message":"a","Status":"b"}"#, MapValues::Texts);
        assert_eq!((end.unwrap(), found.len()), (StreamEnd::All(2), 2));
        let (end, found) = read(r#"{"Status":{},"x":{}}"#, MapValues::Objects);
        assert_eq!((end.unwrap(), found.len()), (StreamEnd::All(2), 2));
    }

    #[test]
    fn the_error_object_is_no_list_whatever_comes_first() {
        for error in [
            r#"{"Status":403,"Message":"no"}"#,
            r#"{"Message":"no","Status":403}"#,
        ] {
            for kind in [MapValues::Texts, MapValues::Objects] {
                let (end, _) = read(error, kind);
                let StreamEnd::Other(document) = end.unwrap() else {
                    panic!("{error} is no list");
                };
                let said: Value = serde_json::from_slice(&document).unwrap();
                assert_eq!(
                    (&said["Status"], &said["Message"]),
                    (&403.into(), &"no".into())
                );
            }
        }
    }

    #[test]
    fn a_map_of_anything_else_is_no_list() {
        for wrong in [
            r#"{"a":1}"#,
            r#"{"a":{}}"#,
            r#"{"a":null}"#,
            r#"{"Status":[1]}"#,
        ] {
            assert!(read(wrong, MapValues::Texts).0.is_err(), "{wrong}");
        }
        for other in ["null", "[]", "7"] {
            let expected = StreamEnd::Other(other.into());
            assert_eq!(read(other, MapValues::Texts).0, Ok(expected), "{other}");
        }
    }
}
