//! The control interface of the Comet Server: set up, look inside, change behind everybody's back.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::random;
use super::sessions::Owner;
use super::state::{Account, Comet};
use super::text;
use crate::World;
use crate::latency::Latency;
use crate::request::Request;
use crate::service::Service;
use crate::transcript::{Details, Entry};

/// Form fields that carry JSON.
const JSON_FIELDS: [&str; 6] = [
    "ProfileData",
    "Policy",
    "Query",
    "UninstallConfig",
    "AdminOptions",
    "Options",
];

pub fn answer(world: &mut World, method: &str, name: &str, body: &[u8]) -> Result<Value, String> {
    match (method, name) {
        ("POST", "reset") => {
            world.comet = Comet::from_setup(body).map_err(|error| format!("{error:#}"))?;
            world.transcript.clear();
            world.faults.clear();
            world.latency = Latency::default();
            Ok(json!({"ok": true}))
        }
        ("GET", "state") => Ok(state(world)),
        ("POST", "accounts") => change_account(&mut world.comet, body),
        _ => Err("no such control".to_owned()),
    }
}

/// The form as it came, decoded; of the caller's own secrets only whether they are right.
pub fn details(comet: &Comet, request: &Request) -> Details {
    let mut form = Map::new();
    let mut texts = BTreeMap::new();
    for (name, value) in request.form() {
        let shown = match name.as_str() {
            "Password" | "SessionKey" => {
                let right = is_right(comet, request, &name, &value);
                Value::from(if right { "correct" } else { "wrong" })
            }
            field if JSON_FIELDS.contains(&field) => {
                let parsed = text::read(&value);
                texts.insert(name.clone(), value.clone());
                parsed.unwrap_or(Value::String(value))
            }
            _ => Value::String(value),
        };
        form.insert(name, shown);
    }
    Details {
        form: Value::Object(form),
        texts,
    }
}

/// Changes the profile that the request is about, as a device or another admin might.
pub fn disturb(comet: &mut Comet, request: &Request, change: &Value) {
    let form = request.form();
    let Some(name) = form.get("TargetUser") else {
        return;
    };
    let Some(account) = comet.accounts.get(name) else {
        return;
    };
    let change = if change.is_null() {
        let device = random::digest(&random::guid());
        json!({"Devices": {device: {"FriendlyName": "Registered meanwhile"}}})
    } else {
        change.clone()
    };
    let changed = text::merge(account.profile(), &change.to_string());
    comet.store(name, changed);
}

fn is_right(comet: &Comet, request: &Request, field: &str, value: &str) -> bool {
    let form = request.form();
    let name = form.get("Username").map_or("", String::as_str);
    if field == "SessionKey" {
        return comet
            .sessions
            .get(value)
            .is_some_and(|session| session.name == name);
    }
    let of_admin = comet
        .admins
        .iter()
        .any(|admin| admin.username == name && admin.password == value);
    let account = comet.accounts.get(name);
    of_admin || account.is_some_and(|account| account.password.as_deref() == Some(value))
}

fn state(world: &World) -> Value {
    let comet = &world.comet;
    let accounts: Map<String, Value> = comet
        .accounts
        .iter()
        .map(|(name, account)| (name.clone(), shown_account(account)))
        .collect();
    let sessions: Map<String, Value> = comet
        .sessions
        .iter()
        .map(|(key, session)| {
            let kind = if session.owner == Owner::Admin {
                "admin"
            } else {
                "user"
            };
            (key.clone(), json!({"type": kind, "name": session.name}))
        })
        .collect();
    let requests: Vec<Value> = world
        .transcript
        .entries(Service::Comet)
        .into_iter()
        .map(shown_request)
        .collect();
    let policies: Map<String, Value> = comet
        .policies
        .iter()
        .map(|policy| (policy.id.clone(), parsed(&policy.document)))
        .collect();
    let live: Map<String, Value> = comet
        .live
        .iter()
        .map(|(id, connection)| (id.clone(), parsed(connection)))
        .collect();
    json!({
        "accounts": accounts,
        "policies": policies,
        "jobs": comet.jobs.iter().map(|job| &job.value).collect::<Vec<_>>(),
        "live": live,
        "device_calls": comet.device_calls,
        "sessions": sessions,
        "connections": world.transcript.connections(),
        "requests": requests,
    })
}

/// Accounts and policies as they are kept.
pub fn contents(comet: &Comet) -> Value {
    let accounts: Map<String, Value> = comet
        .accounts
        .iter()
        .map(|(name, account)| {
            let kept = json!({"text": account.profile(), "password": account.password});
            (name.clone(), kept)
        })
        .collect();
    let policies: Map<String, Value> = comet
        .policies
        .iter()
        .map(|policy| (policy.id.clone(), json!(policy.document)))
        .collect();
    json!({"accounts": accounts, "policies": policies})
}

fn shown_account(account: &Account) -> Value {
    json!({
        "profile": parsed(account.profile()),
        "text": account.profile(),
        "password": account.password,
        "hash": account.hash(),
    })
}

/// Without the body, which has the caller's password in it.
fn shown_request(entry: &Entry) -> Value {
    let mut shown = json!(entry);
    if let (Some(shown), Some(details)) = (shown.as_object_mut(), &entry.details) {
        shown.shift_remove("body");
        shown.insert("form".to_owned(), details.form.clone());
        shown.insert("texts".to_owned(), json!(details.texts));
    }
    shown
}

fn change_account(comet: &mut Comet, body: &[u8]) -> Result<Value, String> {
    let entry = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    if !text::is_object(entry) {
        return Err("not a JSON object".to_owned());
    }
    let name = text::get_string(entry, "Username");
    comet
        .change_account(&name, entry)
        .map_err(|error| format!("account {name}: {error:#}"))?;
    let account = comet.accounts.get(&name);
    Ok(account.map(shown_account).unwrap_or_default())
}

fn parsed(document: &str) -> Value {
    text::read(document).unwrap_or_default()
}
