//! A value that lives with the PHP worker: made at first use, never shared over a fork.

use std::sync::{Mutex, PoisonError};

struct Owned<K, T> {
    process: u32,
    key: K,
    value: T,
}

/// One slot. The value is made anew after a fork, and when its settings (`K`) change.
pub struct PerProcess<K, T> {
    slot: Mutex<Option<Owned<K, T>>>,
}

impl<K: PartialEq + Clone, T: Clone> PerProcess<K, T> {
    pub const fn new() -> Self {
        Self {
            slot: Mutex::new(None),
        }
    }

    /// A clone of the value; the lock is not held while it is used. A failure of `make` stores nothing.
    pub fn get<E>(&self, key: &K, make: impl FnOnce(&K) -> Result<T, E>) -> Result<T, E> {
        let process = std::process::id();
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.take() {
            Some(owned) if owned.process == process && owned.key == *key => {
                return Ok(slot.insert(owned).value.clone());
            }
            Some(owned) => discard(owned),
            None => {}
        }
        let value = make(key)?;
        let owned = Owned {
            process,
            key: key.clone(),
            value,
        };
        Ok(slot.insert(owned).value.clone())
    }

    /// A clone of the value, where this process has made one with these settings.
    pub fn kept(&self, key: &K) -> Option<T> {
        self.get(key, |_| Err(())).ok()
    }

    /// A value that was made elsewhere, in place of the former one.
    pub fn put(&self, key: K, value: T) {
        self.close();
        let owned = Owned {
            process: std::process::id(),
            key,
            value,
        };
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(owned);
    }
}

impl<K, T> PerProcess<K, T> {
    /// For the end of the module or of the request.
    pub fn close(&self) {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owned) = slot.take() {
            discard(owned);
        }
    }
}

/// Dropping what a parent process opened would speak on the parent's sockets; forgetting it does not.
fn discard<K, T>(owned: Owned<K, T>) {
    if owned.process != std::process::id() {
        std::mem::forget(owned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_kept_until_its_settings_change() {
        let slot: PerProcess<u8, u8> = PerProcess::new();
        let calls = std::cell::Cell::new(0_u8);
        let make = |_: &u8| {
            calls.set(calls.get() + 1);
            Ok::<_, ()>(calls.get())
        };
        assert_eq!(slot.get(&1, make), Ok(1));
        assert_eq!(slot.get(&1, make), Ok(1));
        assert_eq!(slot.get(&2, make), Ok(2));
        slot.close();
        assert_eq!(slot.get(&2, make), Ok(3));
    }

    #[test]
    fn a_failure_is_tried_again() {
        let slot: PerProcess<u8, u8> = PerProcess::new();
        assert_eq!(slot.get(&1, |_| Err("no")), Err("no"));
        assert_eq!(slot.get(&1, |_| Ok::<_, &str>(5)), Ok(5));
    }
}
