//! Live devices and what they are told.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::router::{Call, Done, Reply};
use super::state::Comet;
use super::text;
use super::version::Version;

/// Older servers do not know the filter and answer with everything.
const FILTER_SINCE: Version = Version(22, 6, 7);

pub fn list_active(comet: &mut Comet, call: &Call) -> Done {
    let filter = call.optional("UserNameFilter");
    let all = filter.is_empty() || !comet.has(FILTER_SINCE);
    let connections: Vec<(&str, String)> = comet
        .live
        .iter()
        .filter(|(_, connection)| {
            visible(comet, call, connection)
                && (all || text::get_string(connection, "Username") == filter)
        })
        .map(|(id, connection)| (id.as_str(), connection.clone()))
        .collect();
    Done::document(comet.or_null(text::object(connections)))
}

pub fn refetch_profile(comet: &mut Comet, call: &Call) -> Reply {
    tell(comet, call, json!({"call": "refetch-profile"}))
}

pub fn drop_connection(comet: &mut Comet, call: &Call) -> Reply {
    let done = tell(comet, call, json!({"call": "drop-connection"}))?;
    comet.live.remove(call.optional("TargetID"));
    Ok(done)
}

pub fn uninstall(comet: &mut Comet, call: &Call) -> Reply {
    let order = json!({
        "call": "uninstall-software",
        "RemoveConfigFile": call.flag("RemoveConfigFile"),
    });
    let done = tell(comet, call, order)?;
    comet.live.remove(call.optional("TargetID"));
    Ok(done)
}

pub fn update_password(comet: &mut Comet, call: &Call) -> Reply {
    let new = call.required("NewPassword")?;
    tell(
        comet,
        call,
        json!({"call": "update-login-password", "NewPassword": new}),
    )
}

impl Comet {
    /// Ends connections, with an order to uninstall if the configuration has one.
    pub fn disconnect(&mut self, uninstall: &Value, which: impl Fn(&str) -> bool) {
        let asked = uninstall.get("UninstallFlag").and_then(Value::as_bool) == Some(true);
        let calls = &mut self.device_calls;
        self.live.retain(|id, connection| {
            let ends = which(connection);
            if ends && asked {
                let remove = uninstall.get("RemoveConfigFile");
                calls.push(json!({
                    "call": "uninstall-software", "RemoveConfigFile": remove, "TargetID": id,
                    "Username": text::get_string(connection, "Username"),
                }));
            }
            !ends
        });
    }
}

fn tell(comet: &mut Comet, call: &Call, mut order: Value) -> Reply {
    let id = call.required("TargetID")?;
    let connection = comet
        .live
        .get(id)
        .filter(|connection| visible(comet, call, connection))
        .ok_or(Refusal::UnknownConnection)?;
    if let Some(order) = order.as_object_mut() {
        order.insert("TargetID".to_owned(), id.into());
        let name = text::get_string(connection, "Username");
        order.insert("Username".to_owned(), name.into());
    }
    comet.device_calls.push(order);
    Ok(Done::ok())
}

fn visible(comet: &Comet, call: &Call, connection: &str) -> bool {
    let name = text::get_string(connection, "Username");
    let organization = comet
        .accounts
        .get(&name)
        .map(super::state::Account::organization)
        .unwrap_or_default();
    call.caller.sees(&organization)
}
