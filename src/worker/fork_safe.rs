//! A value that lives with the PHP worker: created at first use, and never shared over a fork.
//!
//! PHP-FPM and programs of a host fork. A child has a copy of what its parent opened: it must not use it, and must not
//! close it either, because a goodbye on the parent's socket ends the parent's connection. So the child forgets it.

use std::sync::{Mutex, PoisonError};

struct Owned<K, T> {
    process: u32,
    key: K,
    value: T,
}

/// A slot for one value of this process and these settings (`K`).
pub struct PerProcess<K, T> {
    slot: Mutex<Option<Owned<K, T>>>,
}

impl<K: PartialEq + Clone, T: Clone> PerProcess<K, T> {
    /// A clone of the value, which `make` makes where this process has none with these settings; the lock is not held while it is used. A failure of `make` stores nothing.
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

    /// A clone of the value, where this process has one with these settings.
    pub fn kept(&self, key: &K) -> Option<T> {
        self.get(key, |_| Err(())).ok()
    }
}

impl<K: PartialEq, T> PerProcess<K, T> {
    /// Takes the value out, where this process has put one in with these settings; any other one is closed.
    pub fn take(&self, key: &K) -> Option<T> {
        let owned = self.replace(None)?;
        if owned.process == std::process::id() && owned.key == *key {
            return Some(owned.value);
        }
        discard(owned);
        None
    }
}

impl<K, T> PerProcess<K, T> {
    pub const fn new() -> Self {
        Self {
            slot: Mutex::new(None),
        }
    }

    /// Keeps a value that was created elsewhere, in place of the former one.
    pub fn put(&self, key: K, value: T) {
        let process = std::process::id();
        let owned = Owned {
            process,
            key,
            value,
        };
        if let Some(former) = self.replace(Some(owned)) {
            discard(former);
        }
    }

    /// Empties the slot, at the end of the module or of the request.
    pub fn close(&self) {
        if let Some(owned) = self.replace(None) {
            discard(owned);
        }
    }

    fn replace(&self, next: Option<Owned<K, T>>) -> Option<Owned<K, T>> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *slot, next)
    }
}

/// Closes the value of this process, and forgets that of a parent.
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
    fn what_is_taken_out_is_gone_and_what_does_not_fit_is_closed() {
        let slot: PerProcess<u8, std::rc::Rc<()>> = PerProcess::new();
        let value = std::rc::Rc::new(());
        slot.put(1, value.clone());
        assert!(slot.take(&1).is_some());
        assert!(slot.take(&1).is_none());
        slot.put(1, value.clone());
        assert!(slot.take(&2).is_none());
        assert_eq!(std::rc::Rc::strong_count(&value), 1);
    }

    #[test]
    fn what_a_parent_opened_is_neither_used_nor_closed() {
        let slot: PerProcess<u8, std::rc::Rc<()>> = PerProcess::new();
        let value = std::rc::Rc::new(());
        slot.replace(Some(Owned {
            process: std::process::id() + 1,
            key: 1,
            value: value.clone(),
        }));
        assert!(slot.take(&1).is_none());
        assert_eq!(std::rc::Rc::strong_count(&value), 2, "it was not dropped");
    }

    #[test]
    fn a_failure_is_tried_again() {
        let slot: PerProcess<u8, u8> = PerProcess::new();
        assert_eq!(slot.get(&1, |_| Err("no")), Err("no"));
        assert_eq!(slot.get(&1, |_| Ok::<_, &str>(5)), Ok(5));
    }
}
