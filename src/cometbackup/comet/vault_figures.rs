//! The size and the limit of one storage vault, as a profile has them: read once for lists, pages and comparisons.

use serde::Deserialize;
use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;

use super::limits::{self, Limit};
use crate::json::lenient::{self, FromEntries};

/// The fields of a vault that are looked at; the others are passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VaultFigures {
    #[serde(rename = "StorageLimitID", deserialize_with = "lenient::text")]
    storage_limit_id: String,
    #[serde(deserialize_with = "lenient::yes")]
    storage_limit_enabled: bool,
    #[serde(deserialize_with = "lenient::whole")]
    storage_limit_bytes: i64,
    #[serde(deserialize_with = "lenient::entries")]
    statistics: Statistics,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Statistics {
    #[serde(deserialize_with = "lenient::entries")]
    client_provided_size: Measurement,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Measurement {
    #[serde(deserialize_with = "lenient::whole")]
    size: i64,
    #[serde(deserialize_with = "lenient::whole")]
    measure_completed: i64,
}

impl VaultFigures {
    /// Reads a profile's value for the vault.
    pub fn of(vault: &serde_json::Value) -> Self {
        Self::deserialize(vault).unwrap_or_default()
    }

    pub const fn limit(&self) -> Limit {
        Limit::new(
            self.storage_limit_id.as_str(),
            self.storage_limit_enabled,
            self.storage_limit_bytes,
        )
    }

    /// Returns the bytes stored; `None` where they were never measured.
    pub const fn stored(&self) -> Option<i64> {
        limits::measured(
            self.statistics.client_provided_size.size,
            self.measured_at(),
        )
    }

    /// Returns when it was measured, in unix seconds; 0 for never.
    pub const fn measured_at(&self) -> i64 {
        self.statistics.client_provided_size.measure_completed
    }
}

impl FromEntries for VaultFigures {
    fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
        Self::deserialize(MapAccessDeserializer::new(entries))
    }
}

impl FromEntries for Statistics {
    fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
        Self::deserialize(MapAccessDeserializer::new(entries))
    }
}

impl FromEntries for Measurement {
    fn from_entries<'de, M: MapAccess<'de>>(entries: M) -> Result<Self, M::Error> {
        Self::deserialize(MapAccessDeserializer::new(entries))
    }
}
