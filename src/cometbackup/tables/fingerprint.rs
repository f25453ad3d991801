//! A 64-bit fingerprint of a GUID, so that an index over 100,000 accounts stays small. A collision is possible but not to
//! be expected at that size; never store it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU64;

/// Never 0, so that an optional one takes no more room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(NonZeroU64);

impl Fingerprint {
    pub fn of(text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
    }
}
