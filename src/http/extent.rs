//! A limit on an answer that is read as it arrives. Each limit is far above what real servers send: only an answer
//! that is broken, or meant to harm, comes to one.

use std::time::{Duration, Instant};

/// A limit in bytes and in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub bytes: u64,
    pub time: Duration,
}

/// Bytes that are read of an answer that is not the expected one.
pub const ERROR_BYTES: u64 = 64 * 1024;

impl Extent {
    /// Limits `read` to so many bytes and so long. `read` fills a buffer and returns how much of it.
    pub fn of(
        self,
        mut read: impl FnMut(&mut [u8]) -> Result<usize, String>,
    ) -> impl FnMut(&mut [u8]) -> Result<usize, String> {
        let began = Instant::now();
        let mut came = 0;
        move |piece| {
            if began.elapsed() > self.time {
                let seconds = self.time.as_secs();
                return Err(format!("the answer did not end within {seconds} seconds"));
            }
            let length = read(piece)?;
            came += length as u64;
            if came > self.bytes {
                let bytes = self.bytes;
                return Err(format!(
                    "the answer is longer than {bytes} bytes, which no list is"
                ));
            }
            Ok(length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_an_end_in_bytes_and_in_time() {
        let read = |piece: &mut [u8]| Ok(piece.len());
        let extent = |bytes, seconds| Extent {
            bytes,
            time: Duration::from_secs(seconds),
        };
        let mut short = extent(10, 60).of(read);
        assert_eq!(short(&mut [0; 7]), Ok(7));
        let sentence = "the answer is longer than 10 bytes, which no list is";
        assert_eq!(short(&mut [0; 7]), Err(sentence.to_owned()));
        let late = extent(10, 0).of(read)(&mut [0; 7]);
        let sentence = "the answer did not end within 0 seconds";
        assert_eq!(late, Err(sentence.to_owned()));
    }
}
