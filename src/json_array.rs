//! The elements of a JSON array, one at a time, as they arrive: never the whole document.

use serde::de::DeserializeOwned;
use serde_json::Deserializer;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// Why bytes are not what was asked for.
pub const STRANGE: &str = "the answer is not what a Comet Server sends";

/// How the bytes ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// The array was closed, and nothing came after it.
    All,
    /// No array; what was read of it so far.
    Other(Vec<u8>),
}

/// Hands each element to `each`, read as a `T` and as its bytes. `read` fills a buffer and answers how much of it; 0 is
/// the end.
///
/// # Errors
/// The reason of `read`, or why the bytes are no array of `T`. An element longer than `longest` bytes is refused unread.
pub fn elements<T: DeserializeOwned>(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    mut each: impl FnMut(T, &[u8]),
) -> Result<Ending, String> {
    let mut place = Place::Before;
    let mut kept: Vec<u8> = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        let length = read(&mut piece)?;
        if length == 0 {
            return match place {
                Place::Before => Ok(Ending::Other(kept)),
                Place::After => Ok(Ending::All),
                _ => Err("the answer broke off".into()),
            };
        }
        kept.extend_from_slice(piece.get(..length).unwrap_or_default());
        let mut rest = kept.as_slice();
        while let Some((next, after)) = place.step(rest, &mut each)? {
            (place, rest) = (next, after);
        }
        if place == Place::Before && !rest.trim_ascii_start().is_empty() {
            return Ok(Ending::Other(kept));
        }
        if rest.len() > longest {
            return Err("one entry of the answer is too long".into());
        }
        let done = kept.len() - rest.len();
        kept.drain(..done);
    }
}

/// What stands before the next byte of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Bracket,
    Comma,
    Element,
    After,
}

impl Place {
    /// Goes on by one element or sign. `None` where more bytes have to come first.
    fn step<'a, T: DeserializeOwned>(
        self,
        bytes: &'a [u8],
        each: &mut impl FnMut(T, &[u8]),
    ) -> Result<Option<(Self, &'a [u8])>, String> {
        let bytes = bytes.trim_ascii_start();
        let Some((sign, after)) = bytes.split_first() else {
            return Ok(None);
        };
        match (self, sign) {
            (Self::Before, b'[') => Ok(Some((Self::Bracket, after))),
            (Self::Before, _) => Ok(None),
            (Self::Element, b',') => Ok(Some((Self::Comma, after))),
            (Self::Bracket | Self::Element, b']') => Ok(Some((Self::After, after))),
            (Self::Bracket | Self::Comma, _) => {
                Ok(element(bytes, each)?.map(|after| (Self::Element, after)))
            }
            (Self::Element | Self::After, _) => Err(STRANGE.to_owned()),
        }
    }
}

/// What comes behind the element; `None` where it is not whole.
fn element<'a, T: DeserializeOwned>(
    bytes: &'a [u8],
    each: &mut impl FnMut(T, &[u8]),
) -> Result<Option<&'a [u8]>, String> {
    let mut values = Deserializer::from_slice(bytes).into_iter::<T>();
    let value = match values.next() {
        Some(Ok(value)) => value,
        Some(Err(error)) if error.is_eof() => return Ok(None),
        _ => return Err(STRANGE.to_owned()),
    };
    let (element, after) = bytes.split_at(values.byte_offset());
    // A number may go on.
    if after.is_empty() {
        return Ok(None);
    }
    each(value, element);
    Ok(Some(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &str, step: usize) -> Result<(Ending, Vec<String>), String> {
        let mut rest = document.as_bytes();
        let mut found = Vec::new();
        let ending = elements(
            |buffer| {
                let (now, later) = rest.split_at(step.min(rest.len()));
                buffer.get_mut(..now.len()).unwrap().copy_from_slice(now);
                rest = later;
                Ok(now.len())
            },
            40,
            |_: serde::de::IgnoredAny, element| {
                found.push(String::from_utf8_lossy(element).into_owned());
            },
        )?;
        Ok((ending, found))
    }

    #[test]
    fn elements_come_whole_however_the_bytes_are_cut() {
        let document = " [ {\"a\":\"]},\\\"[\"} ,[1,[2]],null,\n\"x\\\\\",7] \n";
        for step in 1..=document.len() {
            let (ending, found) = read(document, step).unwrap();
            assert_eq!(ending, Ending::All);
            let expected = ["{\"a\":\"]},\\\"[\"}", "[1,[2]]", "null", "\"x\\\\\"", "7"];
            assert_eq!(found, expected, "{step}");
        }
        assert_eq!(read("[]", 1).unwrap(), (Ending::All, Vec::new()));
    }

    #[test]
    fn what_is_no_array_is_given_back_and_what_is_broken_is_told() {
        for other in ["null", "{\"Status\":403}", "<html>", ""] {
            let expected = Ending::Other(other.as_bytes().to_vec());
            assert_eq!(read(other, 1000).unwrap(), (expected, Vec::new()));
        }
        for wrong in [
            "[1", "[1,", "[{]", "[1}", "[1]2", "[,]", "[1,]", "[1 2]", "[\"a",
        ] {
            assert!(read(wrong, 1000).is_err(), "{wrong}");
        }
        let long = format!("[\"{}\"]", "x".repeat(100));
        assert!(read(&long, 10).unwrap_err().contains("too long"));
    }
}
