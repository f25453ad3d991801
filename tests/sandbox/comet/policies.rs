//! Policy groups.

use super::random;
use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::schema;
use super::state::{Comet, Policy};
use super::text;
use super::version::Version;

pub fn list(comet: &mut Comet, call: &Call) -> Reply {
    let narrowed = call.target_organization(comet)?;
    let names = listed(comet, narrowed).map(|policy| (policy.id.as_str(), name_of(policy)));
    let map = text::object(names);
    Ok(Done::document(comet.or_null(map)))
}

pub fn list_full(comet: &mut Comet, call: &Call) -> Reply {
    let narrowed = call.target_organization(comet)?;
    let documents =
        listed(comet, narrowed).map(|policy| (policy.id.as_str(), policy.document.clone()));
    let map = text::object(documents);
    Ok(Done::document(comet.or_null(map)))
}

pub fn get(comet: &mut Comet, call: &Call) -> Reply {
    let id = call.required("PolicyID")?;
    let policy = comet
        .policies
        .iter()
        .find(|policy| policy.id == id && call.caller.sees(&policy.organization()))
        .ok_or(Refusal::UnknownPolicy)?;
    Ok(Done::found([
        ("Policy", policy.document.clone()),
        ("PolicyHash", text::quoted(&policy.hash())),
    ]))
}

/// Overwrites, or makes one under an id of the caller's choice.
pub fn set(comet: &mut Comet, call: &Call) -> Reply {
    let id = call.required("PolicyID")?;
    let document = written(comet, call)?;
    let existing = comet.policies.iter().position(|policy| policy.id == id);
    let policy = existing.and_then(|place| comet.policies.get_mut(place));
    match (call.optional("CheckPolicyHash"), policy) {
        (_, Some(policy)) if !call.caller.sees(&policy.organization()) => {
            return Err(Refusal::NotPermitted);
        }
        (hash, Some(policy)) if hash.is_empty() || hash == policy.hash() => {
            policy.document = document;
        }
        ("", None) => comet.policies.push(Policy {
            id: id.to_owned(),
            document,
        }),
        _ => return Err(Refusal::StalePolicyHash),
    }
    comet.spread_policy(id);
    Ok(Done::ok())
}

/// Makes one under an id that the answer does not tell.
pub fn new(comet: &mut Comet, call: &Call) -> Reply {
    let document = written(comet, call)?;
    let hash = random::digest(&document);
    let id = comet.next_guid();
    comet.policies.push(Policy { id, document });
    Ok(Done::ok_with([("PolicyHash", text::quoted(&hash))]))
}

/// All that there are, or those of one tenant.
fn listed<'a>(comet: &'a Comet, organization: &'a str) -> impl Iterator<Item = &'a Policy> {
    comet
        .policies
        .iter()
        .filter(move |policy| organization.is_empty() || policy.organization() == organization)
}

fn name_of(policy: &Policy) -> String {
    text::quoted(&text::get_string(&policy.document, "Description"))
}

/// The document from the request; what a tenant's admin writes belongs to the tenant.
fn written(comet: &Comet, call: &Call) -> Result<String, Refusal> {
    let document = call.required("Policy")?;
    if !schema::fits("group policy", document) {
        return Err(Refusal::BadDocument);
    }
    let document = schema::prune("group policy", document, comet.version);
    if call.caller.organization.is_empty() || !comet.has(Version(20, 9, 1)) {
        return Ok(document);
    }
    Ok(text::set_string(
        &document,
        "OrganizationID",
        &call.caller.organization,
    ))
}
