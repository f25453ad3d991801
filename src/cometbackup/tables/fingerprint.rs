//! An id of 36 letters in 8 bytes, for jobs that hold those of all accounts: two are as good as never the same.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;

/// Never 0, so that an optional one takes no more room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(NonZeroU64);

impl Fingerprint {
    pub fn of(text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
    }
}
