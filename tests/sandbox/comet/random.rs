//! Ids, keys and hashes.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub fn guid() -> String {
    let (high, low) = (number(), number());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// Letters, digits, `+` and `/`, as in the server's keys.
pub fn key(length: usize) -> String {
    (0..length)
        .filter_map(|_| usize::try_from(number() % 64).ok())
        .filter_map(|place| BASE64.get(place).copied().map(char::from))
        .collect()
}

/// 64 hexadecimal digits, the same for the same content.
pub fn digest(content: &impl Hash) -> String {
    let part = |part: u8| {
        let mut hasher = DefaultHasher::new();
        (part, content).hash(&mut hasher);
        hasher.finish()
    };
    format!(
        "{:016x}{:016x}{:016x}{:016x}",
        part(0),
        part(1),
        part(2),
        part(3)
    )
}

fn number() -> u64 {
    RandomState::new().hash_one(0)
}
