//! The check of whether a list is in the order in which it was asked for.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::page::ListedLicense;

/// A check that licenses come newest first and each once, against those of the page before and no others.
pub struct Order {
    hashes: RandomState,
    before: HashSet<u64>,
    present: HashSet<u64>,
    last: Option<String>,
    pub is_right: bool,
}

impl Order {
    pub fn new() -> Self {
        Self {
            hashes: RandomState::new(),
            before: HashSet::new(),
            present: HashSet::new(),
            last: None,
            is_right: true,
        }
    }

    pub fn note(&mut self, license: &ListedLicense) {
        let hash = self.hashes.hash_one(license.key.expose());
        let is_new = self.present.insert(hash) && !self.before.contains(&hash);
        let is_older =
            license.issued_at.is_none() || self.last.is_none() || license.issued_at <= self.last;
        self.is_right &= is_new && is_older;
        if license.issued_at.is_some() {
            self.last.clone_from(&license.issued_at);
        }
    }

    pub fn end_page(&mut self) {
        self.before = std::mem::take(&mut self.present);
    }
}
