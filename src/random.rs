//! Random text that nobody can guess. The extension's own: a host may have disabled PHP's functions for it.

use std::fmt::Write;

use ring::rand::{SecureRandom, SystemRandom};

use crate::error::Error;

const BYTES: usize = 16;

/// 128 bits in 32 small hex digits.
///
/// # Errors
/// Where the system gives no random bytes.
pub fn hex() -> Result<String, Error> {
    let mut bytes = [0_u8; BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| {
        Error::Config("The system gives no random bytes, so nobody can be signed on. Look whether PHP may read /dev/urandom.".into())
    })?;
    let mut hex = String::with_capacity(2 * BYTES);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(hex)
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn no_two_are_alike() {
        let (one, other) = (hex().unwrap(), hex().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
