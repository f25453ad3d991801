//! Policy groups: created once where the product asks for a new one, never overwritten.

use serde::de::IgnoredAny;
use serde_json::json;

use super::session::AccountSession;
use super::tenant::narrowed_to;
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::list::{self, MapValues};
use crate::error::Error;
use crate::journal::End;
use crate::text::plain;

const CREATE: &str = "create policy";

/// Makes sure that the policy group exists, in the tenant where one is named. One request, two where it is created, and
/// another one for a tenant: under an id of another tenant it would be overwritten.
///
/// A list that names it is the only proof that it is there, and a list that lacks it the only proof that it is
/// not: an answer that cannot be read proves nothing, and the policy groups of other customers stay as they are.
pub fn ensure(
    session: &mut AccountSession<'_>,
    id: &str,
    tenant: Option<&str>,
) -> Result<(), Error> {
    let known = is_listed(session, id, tenant)?;
    if let Some(tenant) = tenant.filter(|_| !known)
        && is_listed(session, id, None)?
    {
        return Err(Error::Refusal(format!(
            "The policy group {} is not one of the tenant {}, which the product is for. Nothing was changed: choose one of the tenant in the module settings, or a new one.",
            plain(id),
            plain(tenant)
        )));
    }
    let task = format!("create the policy group {}", plain(id));
    if known {
        return session.settle(CREATE, &task, End::Done);
    }
    let call = Call {
        endpoint: "policies/set",
        task,
        fields: vec![
            ("PolicyID", field(id)),
            ("Policy", Field::Document(fresh(id, tenant))),
        ],
    };
    session.carry_out(CREATE, &call, |_| Some(()))
}

fn is_listed(session: &AccountSession<'_>, id: &str, tenant: Option<&str>) -> Result<bool, Error> {
    let call = Call {
        endpoint: "policies/list",
        task: "read the policy groups of Comet".to_owned(),
        fields: narrowed_to(tenant),
    };
    let mut known = false;
    // Ids and names: a map of anything else is not the list.
    list::entries(
        &session.api(),
        &call,
        MapValues::Texts,
        |found, _: IgnoredAny| {
            known |= found == id;
        },
    )?;
    Ok(known)
}

/// What the PHP module put into a new policy group: the password belongs to WHMCS, the vault to the plan.
fn fresh(id: &str, tenant: Option<&str>) -> String {
    let mut policy = json!({
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
    });
    if let (Some(tenant), Some(policy)) = (tenant, policy.as_object_mut()) {
        policy.insert("OrganizationID".to_owned(), tenant.into());
    }
    policy.to_string()
}
