//! The control interface: how a test sets the sandbox up and looks inside.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::faults::Order;
use crate::latency::Latency;
use crate::request::Request;
use crate::service::Service;
use crate::sites;
use crate::state::{Setup, State};
use crate::{Sandbox, World, api, comet};

/// A change to a license behind everybody's back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    license_key: String,
    revoked_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Doorway {
    open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Earlier {
    seconds: i64,
}

pub fn is_control(request: &Request) -> bool {
    request
        .segments
        .first()
        .is_some_and(|first| first == "_control")
}

pub fn answer(sandbox: &Sandbox, request: &Request) -> Answer {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    // A client on its way out takes the world with it: the door is not moved under its lock.
    if let Err(error) = move_door(sandbox, request, &segments) {
        return Answer::json(400, &json!({"error": error}));
    }
    let mut world = sandbox.world();
    let result = match (request.method.as_str(), segments.as_slice()) {
        ("POST", ["_control", "reset"]) => reset(&mut world, &request.body),
        ("GET", ["_control", "state"]) => Ok(state(&world)),
        ("GET", ["_control", "endpoints"]) => Ok(endpoints()),
        ("GET", ["_control", "contents"]) => Ok(contents(&world)),
        ("DELETE", ["_control", "faults"]) => Ok(json!({"hit": world.faults.clear()})),
        ("POST", ["_control", "licenses"]) => change_license(&mut world, &request.body),
        ("POST", ["_control", "sites"]) => parse::<sites::Listed>(&request.body).map(|change| {
            world.state.sites.set(&change);
            json!({"ok": true})
        }),
        ("POST", ["_control", "faults"]) => parse::<Vec<Order>>(&request.body).map(|orders| {
            world.faults.append(orders);
            json!({"ok": true})
        }),
        ("POST", ["_control", "list"]) => parse(&request.body).map(|switches| {
            world.state.list = switches;
            world.state.order = None;
            json!({"ok": true})
        }),
        ("POST", ["_control", "issued-elsewhere"]) => parse(&request.body).map(|order| {
            world.state.issue_elsewhere(&order);
            json!({"ok": true})
        }),
        ("POST", ["_control", "earlier"]) => parse::<Earlier>(&request.body).map(|by| {
            world.state.move_back(by.seconds);
            json!({"ok": true})
        }),
        ("POST", ["_control", "door"]) => Ok(json!({"ok": true})),
        ("POST", ["_control", "latency"]) => parse::<Latency>(&request.body).map(|latency| {
            world.latency = latency;
            json!({"ok": true})
        }),
        ("GET", ["_control", "traffic"]) => Ok(world.transcript.traffic()),
        (method, ["_control", "comet", name]) => {
            comet::control::answer(&mut world, method, name, &request.body)
        }
        _ => Err("no such control".to_owned()),
    };
    match result {
        Ok(body) => Answer::json(200, &body),
        Err(error) => Answer::json(400, &json!({"error": error})),
    }
}

/// A reset finds the door open.
fn move_door(sandbox: &Sandbox, request: &Request, segments: &[&str]) -> Result<(), String> {
    let open = match (request.method.as_str(), segments) {
        ("POST", ["_control", "door"]) => parse::<Doorway>(&request.body)?.open,
        ("POST", [.., "reset"]) => true,
        _ => return Ok(()),
    };
    if open {
        return sandbox.open_door().map_err(|error| error.to_string());
    }
    sandbox.shut_door(None);
    Ok(())
}

fn reset(world: &mut World, body: &[u8]) -> Result<Value, String> {
    let setup = if body.is_empty() {
        Setup::default()
    } else {
        parse(body)?
    };
    world.state = State::new(setup).map_err(|error| format!("{error:#}"))?;
    world.transcript.clear();
    world.faults.clear();
    world.latency = Latency::default();
    Ok(json!({"ok": true}))
}

fn state(world: &World) -> Value {
    json!({
        "licenses": world.state.licenses,
        "sites": world.state.sites.known(),
        "connections": world.transcript.connections(),
        "requests": world.transcript.entries(Service::Licensing),
    })
}

/// Every remote call there is, as a fault's filter names it.
fn endpoints() -> Value {
    let licensing: Vec<Value> = api::ENDPOINTS
        .iter()
        .map(|(method, path)| {
            // What goes on behind a slash or in pages is known by how it begins.
            let name = if path.ends_with('/') || *path == "licenses" {
                "path"
            } else {
                "endpoint"
            };
            json!({"name": format!("{method} {path}"), "match": {"method": method, name: path}})
        })
        .collect();
    let comet: Vec<Value> = comet::endpoints::paths()
        .map(|path| json!({"name": path, "match": {"method": "POST", "endpoint": path}}))
        .chain([
            json!({"name": "branding/generate-client/…", "match": {"path": "branding/generate-client/"}}),
            json!({"name": "gen/branding.props", "match": {"path": "/gen/branding.props"}}),
        ])
        .collect();
    json!({"licensing": licensing, "comet": comet})
}

/// What both services hold, without what was asked of them.
fn contents(world: &World) -> Value {
    json!({
        "licenses": world.state.licenses,
        "comet": comet::control::contents(&world.comet),
        "under_way": world.under_way,
    })
}

fn change_license(world: &mut World, body: &[u8]) -> Result<Value, String> {
    let change: Change = parse(body)?;
    let license = world
        .state
        .any_license(&change.license_key)
        .ok_or_else(|| format!("no license {}", change.license_key))?;
    license.revoked_at = change.revoked_at;
    Ok(license.public())
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}
