//! Random bytes that nobody can guess, from the system: a host may have disabled PHP's functions for them.

use ring::rand::{SecureRandom, SystemRandom};

use crate::error::Error;
use crate::hash;

/// Returns as many random bytes as are wanted.
///
/// # Errors
/// Where the system gives none.
pub fn bytes<const COUNT: usize>() -> Result<[u8; COUNT], Error> {
    let mut bytes = [0_u8; COUNT];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Error::Config(
            "The system gives no random bytes. Look whether PHP may read /dev/urandom.".into(),
        )),
    }
}

/// Returns 128 random bits in 32 small hex digits.
///
/// # Errors
/// Where the system gives no random bytes.
pub fn hex() -> Result<String, Error> {
    let bytes: [u8; 16] = bytes()?;
    Ok(hash::hex(&bytes))
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
