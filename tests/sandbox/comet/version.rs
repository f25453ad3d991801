//! A server's version, and since when what is there.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Major, minor, patch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16, pub u16, pub u16);

/// Since the oldest server that there is.
pub const BASIC: Version = Version(0, 0, 0);

impl Version {
    /// Takes the leading three numbers, so `25.9.8-rc1` is the same as `25.9.8`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(['.', '-']).map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch))) => Some(Self(major, minor, patch)),
            _ => None,
        }
    }

    /// Servers before the SDK fix of September 2020 answered `null` for what is empty.
    pub fn answers_null_for_empty(self) -> bool {
        self < Self(20, 9, 2)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("bad version {text}")))
    }
}
