//! A value that no log, page or message can show by accident.

use std::fmt;

/// Holds a secret. It has no `Display`, and `Debug` shows only that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: only for sending it where it belongs.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?}", Some(Secret::new("tok_test".to_owned())));
        assert_eq!(shown, "Some([secret])");
    }
}
