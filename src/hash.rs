//! Hashes, made here: a database server may lack the function (MySQL 9.7 has no `SHA1`), and so may PHP.

use std::fmt::Write;

use ring::digest::{SHA256, digest};

/// Returns SHA-256 in 64 small hex digits.
pub fn sha256(text: &str) -> String {
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

/// Writes two small hex digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn it_is_the_hash_that_databases_and_php_have() {
        assert_eq!(
            sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            sha256("ä"),
            "33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc"
        );
    }
}
