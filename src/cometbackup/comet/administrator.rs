//! The administrator whose login WHMCS has: his tenant, and what he may not do. The call `account/properties`.

use serde::Deserialize;

use super::api::{Api, Call};
use crate::error::Error;
use crate::json::object;

/// The rights of the administrator who asks, as the server says them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Administrator {
    /// Empty for the top level.
    #[serde(default, rename = "OrganizationID")]
    pub tenant: String,
    #[serde(default)]
    pub permissions: Option<Permissions>,
}

/// Absent is false, and an empty list no limit.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub struct Permissions {
    pub prevent_request_storage_vault: bool,
    pub deny_view_server_info: bool,
    pub deny_software_build_role: bool,
    pub allowed_user_policies: Option<Vec<String>>,
}

impl Administrator {
    /// Reads it. One request.
    pub fn read(api: &Api<'_>) -> Result<Self, Error> {
        let call = Call::without_fields("account/properties", "log in to the Comet Server");
        api.read(&call, |answer| {
            let administrator: Self = object::from_str(answer).ok()?;
            Some(Self {
                tenant: api.said(&administrator.tenant),
                ..administrator
            })
        })
    }
}
