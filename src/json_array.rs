//! The elements of a JSON array, one at a time, as they arrive: never the whole document.

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// How the bytes ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// The array was closed, and nothing came after it.
    All,
    /// No array; what was read of it so far.
    Other(Vec<u8>),
}

/// What stands where in the document, so far.
#[derive(Default)]
struct Scanner {
    depth: usize,
    text: Text,
    has_elements: bool,
    is_closed: bool,
}

#[derive(Default, PartialEq)]
enum Text {
    #[default]
    Outside,
    Inside,
    /// Behind a backslash.
    Escaped,
}

/// Hands each element to `each`, which answers whether it can be understood. `read` fills a buffer and answers how much
/// of it; 0 is the end.
///
/// # Errors
/// The reason of `read`, or why the bytes are no array. An element longer than `longest` bytes is refused unread.
pub fn elements(
    mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    longest: usize,
    mut each: impl FnMut(&[u8]) -> bool,
) -> Result<Ending, String> {
    let mut scanner = Scanner::default();
    let mut kept: Vec<u8> = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        let length = read(&mut piece)?;
        if length == 0 {
            return end(&scanner, kept);
        }
        kept.extend_from_slice(piece.get(..length).unwrap_or_default());
        if scanner.depth == 0 && !scanner.is_closed {
            let Some(first) = kept.iter().position(|byte| !byte.is_ascii_whitespace()) else {
                continue;
            };
            if kept.get(first) != Some(&b'[') {
                return Ok(Ending::Other(kept));
            }
            kept.drain(..=first);
            scanner.depth = 1;
        }
        let done = scanner.scan(&kept, &mut each)?;
        kept.drain(..done);
        if kept.len() > longest {
            return Err("one entry of the answer is too long".into());
        }
        scanner.restart();
    }
}

fn end(scanner: &Scanner, kept: Vec<u8>) -> Result<Ending, String> {
    if scanner.is_closed {
        return Ok(Ending::All);
    }
    if scanner.depth == 0 {
        return Ok(Ending::Other(kept));
    }
    Err("the answer broke off".into())
}

impl Scanner {
    /// Hands over the elements that are whole; answers how many bytes are done with.
    fn scan(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&[u8]) -> bool,
    ) -> Result<usize, String> {
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_closed {
                if byte.is_ascii_whitespace() {
                    continue;
                }
                return Err(strange());
            }
            if self.text != Text::Outside {
                self.text = match (&self.text, byte) {
                    (Text::Inside, b'\\') => Text::Escaped,
                    (Text::Inside, b'"') => Text::Outside,
                    _ => Text::Inside,
                };
                continue;
            }
            match byte {
                b'"' => self.text = Text::Inside,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' if self.depth > 1 => self.depth -= 1,
                b',' | b']' if self.depth == 1 => {
                    let element = bytes.get(start..at).unwrap_or_default().trim_ascii();
                    let is_empty = element.is_empty() && *byte == b']' && !self.has_elements;
                    if !is_empty && !each(element) {
                        return Err(strange());
                    }
                    self.has_elements = true;
                    start = at + 1;
                    self.is_closed = *byte == b']';
                }
                b'}' => return Err(strange()),
                _ => {}
            }
        }
        Ok(if self.is_closed { bytes.len() } else { start })
    }

    /// The rest of an element is scanned again together with what comes next.
    fn restart(&mut self) {
        if !self.is_closed {
            self.depth = 1;
            self.text = Text::Outside;
        }
    }
}

fn strange() -> String {
    "the answer is not what a Comet Server sends".into()
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
            |element| {
                found.push(String::from_utf8_lossy(element).into_owned());
                serde_json::from_slice::<serde::de::IgnoredAny>(element).is_ok()
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
