//! The self-description of a Comet Server: version, roles, license and clock. The call `meta/version`.

use serde::Deserialize;

use super::api::{Api, Call};
use crate::error::Error;
use crate::json::object;

/// Characters of a license hash at most.
const LONGEST_HASH: usize = 64;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerInfo {
    pub version: String,
    /// Whether the server has accounts at all.
    #[serde(default)]
    pub authentication_role: bool,
    /// Whether the server builds client installers.
    #[serde(default)]
    pub software_build_role: bool,
    /// The server's clock, unix seconds.
    #[serde(default)]
    pub current_time: i64,
    #[serde(default)]
    server_license_hash: Option<String>,
}

impl ServerInfo {
    /// Reads it. One request.
    pub fn read(api: &Api<'_>) -> Result<Self, Error> {
        let call = Call::without_fields("meta/version", "reach the Comet Server");
        api.read(&call, |answer| {
            let info: Self = object::from_str(answer).ok()?;
            Some(Self {
                version: api.said(&info.version),
                ..info
            })
        })
    }

    /// Returns which server it is; empty where it does not say.
    pub fn license_hash(&self) -> String {
        let hash = self.server_license_hash.as_deref().unwrap_or_default();
        let hash = hash.trim();
        let is_legal = hash.len() <= LONGEST_HASH && hash.chars().all(|c| c.is_ascii_graphic());
        if is_legal {
            hash.to_owned()
        } else {
            String::new()
        }
    }
}
