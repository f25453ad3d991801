//! What the server tells of itself and of the caller.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::schema;
use super::state::Comet;
use super::text;

const VERSION: &str = include_str!("version.json");
const BRANDING: &str = include_str!("branding.json");

pub fn version(comet: &mut Comet, _: &Call) -> Done {
    let mut answer = schema::prune("version", &text::compact(VERSION), comet.version);
    answer = text::set_string(&answer, "Version", &comet.version.to_string());
    answer = text::set(&answer, "CurrentTime", &comet.now().to_string());
    for role in &comet.settings.roles_off {
        answer = text::set(&answer, role, "false");
    }
    Done::document(with(answer, &comet.settings.meta))
}

pub fn account_properties(comet: &mut Comet, call: &Call) -> Done {
    let permissions = match &call.caller.permissions {
        Value::Object(flags) => json!(flags),
        _ => json!({}),
    };
    let answer = text::object([
        ("OrganizationID", text::quoted(&call.caller.organization)),
        ("Permissions", permissions.to_string()),
        ("Security", "{}".to_owned()),
    ]);
    Done::document(schema::prune("admin properties", &answer, comet.version))
}

/// The tenants, for admins of the top level.
pub fn organizations(comet: &mut Comet, call: &Call) -> Reply {
    if !call.caller.organization.is_empty() {
        return Err(Refusal::NotPermitted);
    }
    let tenants = comet.organizations.iter();
    let map = text::object(tenants.map(|(id, name)| {
        let tenant =
            json!({ "Name": name, "Hosts": [], "RemoteStorage": [{ "S3SecretKey": "key" }] });
        (id.as_str(), tenant.to_string())
    }));
    Ok(Done::document(comet.or_null(map)))
}

/// Open to everybody.
pub fn branding(comet: &Comet) -> Done {
    Done::document(branding_properties(comet).to_string())
}

pub fn branding_properties(comet: &Comet) -> Value {
    text::read(&with(text::compact(BRANDING), &comet.settings.branding)).unwrap_or_default()
}

fn with(document: String, wishes: &Value) -> String {
    if wishes.is_object() {
        text::merge(&document, &wishes.to_string())
    } else {
        document
    }
}
