//! A reader of JSON arrays and maps that hands over one item at a time, as the bytes arrive: the whole document is never in
//! memory. `serde_json`'s own reader with a visitor took three times the processor time.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Some servers write a byte order mark before JSON, which is no part of it.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The fault of a document that ends before it is whole.
pub const BROKE_OFF: &str = "the answer broke off";

/// The reason why a document was not read to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum StreamError {
    /// The bytes are not what was asked for.
    Malformed,
    /// One item is longer than it may be.
    TooLong,
    /// The bytes end within the document.
    Truncated,
    /// The reason of whoever reads the bytes or takes the items.
    Stopped(String),
}

impl StreamError {
    /// The reason, for a sentence; `malformed` is that of a document of another shape.
    pub fn reason(self, malformed: &str) -> String {
        match self {
            Self::Malformed => malformed.to_owned(),
            Self::TooLong => "one entry of the answer is too long".to_owned(),
            Self::Truncated => BROKE_OFF.to_owned(),
            Self::Stopped(reason) => reason,
        }
    }
}

impl From<String> for StreamError {
    fn from(reason: String) -> Self {
        Self::Stopped(reason)
    }
}

/// The end of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum StreamEnd {
    /// The array or map was closed after so many items, and nothing came after it.
    All(u64),
    /// Another document, as far as it is no longer than one item may be.
    Other(Vec<u8>),
}

/// Hands each element to `each`, read as a `T` and as its bytes. `read` fills a buffer and returns how much of it; 0 is
/// the end.
///
/// # Errors
/// The reason of `read` or `each`, or why the bytes are no array of `T`. An element longer than `longest` bytes is refused unread.
pub fn elements<T: DeserializeOwned>(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    mut each: impl FnMut(T, &[u8]) -> Result<(), StreamError>,
) -> Result<StreamEnd, StreamError> {
    items(&mut read, longest, *b"[]", &mut |bytes| {
        let Some((element, length)) = value(bytes)? else {
            return Ok(None);
        };
        each(element, bytes.get(..length).unwrap_or_default())?;
        Ok(Some(length))
    })
}

/// Hands each entry of a map to `each`, and else is as [`elements`]. `each` gets a name and the bytes that begin with its
/// value, and returns how long that is, or `None` to be called again with more of them.
///
/// # Errors
/// As those of [`elements`], or that of `each`.
pub fn entries(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    mut each: impl FnMut(String, &[u8]) -> Result<Option<usize>, StreamError>,
) -> Result<StreamEnd, StreamError> {
    items(&mut read, longest, *b"{}", &mut |bytes| {
        entry(bytes, &mut each)
    })
}

/// Reads the entry that the bytes begin with.
fn entry(
    bytes: &[u8],
    mut each: impl FnMut(String, &[u8]) -> Result<Option<usize>, StreamError>,
) -> Result<Option<usize>, StreamError> {
    let Some((name, length)) = value(bytes)? else {
        return Ok(None);
    };
    let colon = bytes.get(length..).unwrap_or_default().trim_ascii_start();
    let behind = match colon.split_first() {
        Some((b':', behind)) => behind.trim_ascii_start(),
        Some(_) => return Err(StreamError::Malformed),
        None => return Ok(None),
    };
    if behind.is_empty() {
        return Ok(None);
    }
    let before = bytes.len() - behind.len();
    Ok(each(name, behind)?.map(|length| before + length))
}

/// Hands on a map of which one entry is a long list: its elements come one at a time to `each_element`, and `each` gets
/// the other entries, and that one where it is no list. Returns whether the list was there, too.
///
/// # Errors
/// As those of [`entries`], or that of `each_element`.
pub fn entries_around_list(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    list: &str,
    mut each: impl FnMut(String, &[u8]) -> Result<Option<usize>, StreamError>,
    mut each_element: impl FnMut(&[u8]) -> Result<(), StreamError>,
) -> Result<(StreamEnd, bool), StreamError> {
    let (mut inside, mut is_there): (Option<Place>, _) = (None, false);
    let ending = items_by(&mut read, longest, &mut |place, bytes| {
        if let Some(at) = inside {
            let step = at.step(bytes, *b"[]", &mut |bytes| {
                let Some((_, length)) = value::<IgnoredAny>(bytes)? else {
                    return Ok(None);
                };
                each_element(bytes.get(..length).unwrap_or_default())?;
                Ok(Some(length))
            })?;
            return Ok(step.map(|(next, rest)| {
                inside = (next != Place::After).then_some(next);
                (place, bytes.len() - rest.len())
            }));
        }
        let step = place.step(bytes, *b"{}", &mut |bytes| {
            entry(bytes, |name, behind| {
                if name == list && behind.starts_with(b"[") {
                    (inside, is_there) = (Some(Place::Bracket), true);
                    return Ok(Some(1));
                }
                each(name, behind)
            })
        })?;
        Ok(step.map(|(next, rest)| (next, bytes.len() - rest.len())))
    })?;
    Ok((ending, is_there))
}

/// The value that the bytes begin with, and how long it is; `None` where it is not whole.
///
/// # Errors
/// [`StreamError::Malformed`] where it is no `T`.
pub fn value<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<(T, usize)>, StreamError> {
    first(bytes).or_else(|error| {
        // For the library a number that ends in these is none, also where the bytes end and its next digit is to come.
        let last = bytes.iter().rposition(|byte| !b"-+.eE".contains(byte));
        let before = bytes.get(..last.map_or(0, |at| at + 1));
        match before.filter(|before| before.len() < bytes.len()) {
            Some(before) => first::<T>(before).map(|_| None),
            None => Err(error),
        }
    })
}

fn first<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<(T, usize)>, StreamError> {
    let mut values = Deserializer::from_slice(bytes).into_iter();
    match values.next() {
        // At the end of the bytes a number may go on.
        Some(Ok(value)) if values.byte_offset() < bytes.len() => {
            Ok(Some((value, values.byte_offset())))
        }
        Some(Err(error)) if !error.is_eof() => Err(StreamError::Malformed),
        _ => Ok(None),
    }
}

/// Reads the item that the bytes begin with, and returns how long it is; `None` where it is not whole.
type Item<'a> = dyn FnMut(&[u8]) -> Result<Option<usize>, StreamError> + 'a;

fn items(
    read: &mut dyn FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    brackets: [u8; 2],
    item: &mut Item<'_>,
) -> Result<StreamEnd, StreamError> {
    items_by(read, longest, &mut |place, bytes| {
        let step = place.step(bytes, brackets, item)?;
        Ok(step.map(|(next, rest)| (next, bytes.len() - rest.len())))
    })
}

/// Goes on by one item or sign, and returns how many bytes that took; `None` where more have to come first.
type Step<'a> = dyn FnMut(Place, &[u8]) -> Result<Option<(Place, usize)>, StreamError> + 'a;

fn items_by(
    read: &mut dyn FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    step: &mut Step<'_>,
) -> Result<StreamEnd, StreamError> {
    let mut place = Place::Before;
    let mut kept: Vec<u8> = Vec::new();
    let mut piece = vec![0; PIECE];
    let (mut enough, mut count) = (0, 0);
    loop {
        let length = read(&mut piece)?;
        kept.extend_from_slice(piece.get(..length).unwrap_or_default());
        if length > 0 && kept.len() < enough {
            continue;
        }
        let mut rest = kept.as_slice();
        while let Some((next, length)) = step(place, rest)? {
            (place, rest) = (next, rest.get(length..).unwrap_or_default());
            count += u64::from(place == Place::Item);
        }
        let is_too_long = rest.len() > longest;
        match place {
            Place::Before if length == 0 || is_too_long => return Ok(StreamEnd::Other(kept)),
            Place::After if length == 0 => return Ok(StreamEnd::All(count)),
            _ if length == 0 => return Err(StreamError::Truncated),
            _ if is_too_long => return Err(StreamError::TooLong),
            _ => {}
        }
        // A long item is tried at each doubling, not with each piece.
        enough = longest.min(2 * rest.len());
        let done = kept.len() - rest.len();
        kept.drain(..done);
    }
}

/// Which part of the document comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Bracket,
    Comma,
    Item,
    After,
}

impl Place {
    /// Goes on by one item or sign. `None` where more bytes have to come first.
    fn step<'a>(
        self,
        bytes: &'a [u8],
        [open, close]: [u8; 2],
        item: &mut Item<'_>,
    ) -> Result<Option<(Self, &'a [u8])>, StreamError> {
        let bytes = match self {
            Self::Before => bytes.strip_prefix(MARK).unwrap_or(bytes),
            _ => bytes,
        };
        let bytes = bytes.trim_ascii_start();
        let Some((&sign, after)) = bytes.split_first() else {
            return Ok(None);
        };
        match self {
            Self::Before => Ok((sign == open).then_some((Self::Bracket, after))),
            Self::Item if sign == b',' => Ok(Some((Self::Comma, after))),
            Self::Bracket | Self::Item if sign == close => Ok(Some((Self::After, after))),
            Self::Bracket | Self::Comma => {
                let after = item(bytes)?.and_then(|length| bytes.get(length..));
                Ok(after.map(|after| (Self::Item, after)))
            }
            Self::Item | Self::After => Err(StreamError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests;
