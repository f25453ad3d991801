//! The loaders of module settings 1 to 3: policy groups, storage templates, yes or no. One request each, none for the last.

use std::collections::BTreeSet;

use crate::cometbackup::MODULE;
use crate::cometbackup::account::tenant::narrowed_to;
use crate::cometbackup::comet::api::{Api, Call};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::list::{self, MapValues};
use crate::cometbackup::comet::server::CometServer;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::module_settings::{self, InUse};
use crate::whmcs::{self, Host, open_database};

#[derive(Clone, Copy)]
enum Setting {
    Policy,
    Template,
}

/// A page waits for each.
const TENANTS_ASKED: usize = 10;

pub type Choices = Vec<(String, String)>;

/// Returns the choices of setting 1: none, the server's policy groups, and a fresh id for a new one.
pub fn policy_groups(host: &dyn Host, server: &whmcs::Server) -> Result<Choices, Error> {
    let mut choices = listed_policy_groups(host, server, None)?;
    let stored = module_settings::in_use(&mut open_database(host)?, MODULE)?;
    add_stored(stored, Setting::Policy, &mut choices);
    let fresh = fresh_id();
    choices.push((
        fresh.clone(),
        format!("[Create New Policy Group] ({fresh})"),
    ));
    Ok(choices)
}

/// Returns the choices of setting 2: none and the server's storage templates. One more request for each tenant that a
/// product is for, whose templates may not be on the list of all.
pub fn storage_templates(host: &dyn Host, server: &whmcs::Server) -> Result<Choices, Error> {
    let mut choices = listed_templates(host, server, None)?;
    let stored = module_settings::in_use(&mut open_database(host)?, MODULE)?;
    let tenants = stored.iter().map(|one| one.tenth.as_str());
    let tenants: BTreeSet<&str> = tenants.filter(|tenant| is_id(tenant)).collect();
    for tenant in tenants.into_iter().take(TENANTS_ASKED) {
        let of_tenant = match listed_templates(host, server, Some(tenant)) {
            Ok(of_tenant) => of_tenant,
            // A tenant of another server, or not for this administrator.
            Err(Error::Refused { .. }) => continue,
            Err(error) => return Err(error),
        };
        for (id, label) in of_tenant {
            if !choices.iter().any(|(present, _)| *present == id) {
                choices.push((id, format!("{label} (tenant {tenant})")));
            }
        }
    }
    add_stored(stored, Setting::Template, &mut choices);
    Ok(choices)
}

/// Returns none, and the policy groups that the server lists, of a tenant where one is named. One request.
pub fn listed_policy_groups(
    host: &dyn Host,
    server: &whmcs::Server,
    tenant: Option<&str>,
) -> Result<Choices, Error> {
    let task = "read the policy groups of Comet";
    list(host, server, "policies/list", task, tenant)
}

/// Returns none, and the storage templates that the server lists. One request.
pub fn listed_templates(
    host: &dyn Host,
    server: &whmcs::Server,
    tenant: Option<&str>,
) -> Result<Choices, Error> {
    let task = "read the storage templates of Comet";
    list(
        host,
        server,
        "request-storage-vault-providers",
        task,
        tenant,
    )
}

pub fn require_password_change() -> Choices {
    vec![
        ("no".to_owned(), "No".to_owned()),
        ("yes".to_owned(), "Yes".to_owned()),
    ]
}

fn list(
    host: &dyn Host,
    server: &whmcs::Server,
    endpoint: &'static str,
    task: &str,
    tenant: Option<&str>,
) -> Result<Choices, Error> {
    let server = CometServer::new(server)?;
    let call = Call {
        endpoint,
        task: task.to_owned(),
        fields: narrowed_to(tenant),
    };
    let api = Api::new(host, &server);
    let mut choices = vec![(String::new(), "None".to_owned())];
    let mut strange = 0;
    let count = list::entries(&api, &call, MapValues::Texts, |id, name: String| {
        if !is_id(&id) {
            strange += 1;
        } else if choices.len() <= bounds::CHOICES {
            let name = api.said(&name);
            let label = if name.is_empty() { plain(&id) } else { name };
            choices.push((id, label));
        }
    })?;
    if strange > 0 {
        host.log_activity(format!(
            "The Comet Server lists {} with an id that is none of Comet's; the module settings leave that out. Look at the server, {}.",
            match strange {
                1 => "1 choice".to_owned(),
                more => format!("{more} choices"),
            },
            plain(&server.base)
        ));
    }
    if count > bounds::CHOICES as u64 {
        host.log_activity(format!(
            "Comet Backup: of the {count} choices that the server {} lists the first {} are offered.",
            server.base,
            bounds::CHOICES
        ));
    }
    Ok(choices)
}

/// Ids of policy groups and storage templates: Comet's are GUIDs, those of administrators words and numbers. They become the
/// values of a form.
pub fn is_id(text: &str) -> bool {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !text.is_empty() && text.len() <= 191 && text.chars().all(is_legal)
}

/// A stored value that is no longer offered stays selectable, or the next save would change the product.
fn add_stored(stored: Vec<InUse>, setting: Setting, choices: &mut Choices) {
    for one in stored {
        let id = match setting {
            Setting::Policy => one.first,
            Setting::Template => one.second,
        };
        if is_id(&id) && !choices.iter().any(|(present, _)| *present == id) {
            let label = match id.strip_prefix("WHMCS_") {
                Some(_) => format!("{} (created with the first account)", plain(&id)),
                None => format!("{} (not on the server)", plain(&id)),
            };
            choices.push((id, label));
        }
    }
}

/// An id as the PHP module formed them: a prefix, and a part that no other tenant's module forms again.
fn fresh_id() -> String {
    let moment = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    format!("WHMCS_{moment:x}{:x}", std::process::id())
}
