//! The body of an answer: bytes at hand, or as many as wished of a pattern that is never held whole.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// The length after which the pattern repeats itself.
const PERIOD: usize = 251;
const BLOCK: usize = PERIOD * 256;
const PIECES_PER_SECOND: u64 = 20;

pub enum Body {
    Bytes(Vec<u8>),
    /// Made once for many answers.
    Shared(Arc<Vec<u8>>),
    Pattern(Pattern),
}

/// Byte number i is (i * 31 + 7) mod 251.
#[derive(Clone, Copy)]
pub struct Pattern {
    pub length: u64,
    pub chunked: bool,
    pub bytes_per_second: Option<u64>,
}

impl Body {
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Shared(bytes) => bytes.len() as u64,
            Self::Pattern(pattern) => pattern.length,
        }
    }

    pub fn is_chunked(&self) -> bool {
        matches!(self, Self::Pattern(pattern) if pattern.chunked)
    }

    /// JSON allows white space after the value.
    pub fn pad(&mut self, bytes: usize) {
        match self {
            Self::Bytes(held) => held.resize(bytes.max(held.len()), b' '),
            Self::Shared(_) => {}
            Self::Pattern(pattern) => pattern.length = pattern.length.max(bytes as u64),
        }
    }

    /// Writes the first bytes, up to the limit.
    pub fn write(&self, stream: &mut impl Write, limit: u64) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => {
                stream.write_all(bytes.get(..whole(limit)).unwrap_or(bytes))?;
                stream.flush()
            }
            Self::Shared(bytes) => {
                stream.write_all(bytes.get(..whole(limit)).unwrap_or(bytes))?;
                stream.flush()
            }
            Self::Pattern(pattern) => pattern.write(stream, limit),
        }
    }

    pub fn write_byte_by_byte(&self, stream: &mut impl Write, pause: Duration) -> io::Result<()> {
        for place in 0..self.len() {
            let byte = match self {
                Self::Bytes(bytes) => bytes.get(whole(place)).copied().unwrap_or_default(),
                Self::Shared(bytes) => bytes.get(whole(place)).copied().unwrap_or_default(),
                Self::Pattern(_) => pattern_byte(place),
            };
            thread::sleep(pause);
            write_piece(stream, &[byte], self.is_chunked())?;
        }
        self.finish(stream)
    }

    fn finish(&self, stream: &mut impl Write) -> io::Result<()> {
        if self.is_chunked() {
            stream.write_all(b"0\r\n\r\n")?;
        }
        stream.flush()
    }
}

impl Pattern {
    fn write(self, stream: &mut impl Write, limit: u64) -> io::Result<()> {
        let block: Vec<u8> = (0..BLOCK as u64).map(pattern_byte).collect();
        let piece = self.piece();
        let begun = Instant::now();
        let all = self.length.min(limit);
        let mut left = all;
        while left > 0 {
            let length = left.min(piece);
            // Pieces but the last are whole periods, so each starts where the block does.
            write_piece(
                stream,
                block.get(..whole(length)).unwrap_or(&block),
                self.chunked,
            )?;
            left -= length;
            if let Some(speed) = self.bytes_per_second {
                // As a link with this speed: what a busy moment cost is caught up.
                let due = Duration::from_micros((all - left) * 1_000_000 / speed.max(1));
                thread::sleep(due.saturating_sub(begun.elapsed()));
            }
        }
        if limit < self.length {
            return stream.flush();
        }
        Body::Pattern(self).finish(stream)
    }

    fn piece(self) -> u64 {
        let period = PERIOD as u64;
        let wanted = self
            .bytes_per_second
            .map_or(BLOCK as u64, |speed| speed / PIECES_PER_SECOND);
        (wanted / period * period).clamp(period, BLOCK as u64)
    }
}

fn pattern_byte(place: u64) -> u8 {
    let period = PERIOD as u64;
    u8::try_from((place % period * 31 + 7) % period).unwrap_or_default()
}

fn write_piece(stream: &mut impl Write, piece: &[u8], chunked: bool) -> io::Result<()> {
    if chunked {
        let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
        chunk.extend_from_slice(piece);
        chunk.extend_from_slice(b"\r\n");
        stream.write_all(&chunk)?;
    } else {
        stream.write_all(piece)?;
    }
    stream.flush()
}

fn whole(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
