//! A file that passes through a worker to the visitor, as it arrives.

use crate::error::Error;
use crate::pace::PaceLimits;

/// Fills a buffer with the next bytes of the file, and returns how many; 0 is the end. The error says why no more come.
pub type Rest = Box<dyn FnMut(&mut [u8]) -> Result<usize, String> + Send>;

/// A step for when a file has been passed on, or could not be. The error is for PHP's error log.
pub type AtTheEnd = Box<dyn FnOnce() -> Result<(), Error> + Send>;

/// A file for the visitor: what has been read of it, and how the rest is read.
pub struct Attachment {
    pub file_name: String,
    pub length: Option<u64>,
    pub start: Vec<u8>,
    pub rest: Rest,
    pub limits: PaceLimits,
    pub at_the_end: Option<AtTheEnd>,
}
