//! Policy groups: created once where the product asks for a new one, never overwritten.

use serde::de::IgnoredAny;
use serde_json::json;

use super::session::AccountSession;
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::list::{self, Kind};
use crate::error::Error;
use crate::journal::End;
use crate::text::plain;

const CREATE: &str = "create policy";

/// Makes sure that the policy group exists. One request, two where it is created.
///
/// A list that names it is the only proof that it is there, and a list that lacks it the only proof that it is
/// not: an answer that cannot be read proves nothing, and the policy groups of other customers stay as they are.
pub fn ensure(session: &mut AccountSession<'_>, id: &str) -> Result<(), Error> {
    let call = Call::without_fields("policies/list", "read the policy groups of Comet");
    let mut known = false;
    // Ids and names: a map of anything else is not the list.
    list::entries(
        &session.api(),
        &call,
        Kind::Texts,
        |found, _: IgnoredAny| {
            known |= found == id;
        },
    )?;
    let task = format!("create the policy group {}", plain(id));
    if known {
        return session.settle(CREATE, &task, End::Done);
    }
    let call = Call {
        endpoint: "policies/set",
        task,
        fields: vec![
            ("PolicyID", field(id)),
            ("Policy", Field::Document(fresh(id))),
        ],
    };
    session.carry_out(CREATE, &call, |_| Some(()))
}

/// What the PHP module put into a new policy group: the password belongs to WHMCS, the vault to the plan.
fn fresh(id: &str) -> String {
    json!({
        "Description": id,
        "Policy": {
            "PreventChangeAccountPassword": true,
            "PreventDeleteStorageVault": true,
            "PreventAddCustomStorageVault": true,
            "PreventRequestStorageVault": true,
            // Table 4.5 of the API: enforced on.
            "ModeAdminResetPassword": 3,
            "StorageVaultProviders": {
                "ShouldRestrictProviderList": true,
                // Table 4.3: storage of a Comet Server.
                "AllowedProvidersWhenRestricted": [1003],
            },
            "ProtectedItemEngineTypes": {
                "ShouldRestrictEngineTypeList": false,
                "AllowedEngineTypeWhenRestricted": [],
            },
        },
    })
    .to_string()
}
