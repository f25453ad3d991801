//! The loaders of module settings 1 to 3: policy groups, storage templates, yes or no. One request each, none for the last.

use crate::cometbackup::MODULE;
use crate::cometbackup::comet::api::{Api, Call};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::list::{self, Kind};
use crate::cometbackup::comet::server::Server;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{self, Host, module_settings, open_database};

#[derive(Clone, Copy)]
enum Setting {
    Policy,
    Template,
}

pub type Choices = Vec<(String, String)>;

/// None, the server's policy groups, and a fresh id for a new one.
pub fn policy_groups(host: &dyn Host, server: &whmcs::Server) -> Result<Choices, Error> {
    let mut choices = list(
        host,
        server,
        "policies/list",
        "read the policy groups of Comet",
    )?;
    add_stored(host, Setting::Policy, &mut choices)?;
    let fresh = fresh_id();
    choices.push((
        fresh.clone(),
        format!("[Create New Policy Group] ({fresh})"),
    ));
    Ok(choices)
}

/// None and the server's storage templates.
pub fn storage_templates(host: &dyn Host, server: &whmcs::Server) -> Result<Choices, Error> {
    let task = "read the storage templates of Comet";
    let mut choices = list(host, server, "request-storage-vault-providers", task)?;
    add_stored(host, Setting::Template, &mut choices)?;
    Ok(choices)
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
) -> Result<Choices, Error> {
    let server = Server::new(server)?;
    let call = Call::without_fields(endpoint, task);
    let api = Api::new(host, &server);
    let mut choices = vec![(String::new(), "None".to_owned())];
    let mut strange = 0;
    let count = list::entries(&api, &call, Kind::Texts, |id, name: String| {
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
fn add_stored(host: &dyn Host, setting: Setting, choices: &mut Choices) -> Result<(), Error> {
    let stored = module_settings::first_two(&mut open_database(host)?, MODULE)?;
    for (policy, template) in stored {
        let id = match setting {
            Setting::Policy => policy,
            Setting::Template => template,
        };
        if is_id(&id) && !choices.iter().any(|(present, _)| *present == id) {
            let label = match id.strip_prefix("WHMCS_") {
                Some(_) => format!("{} (created with the first account)", plain(&id)),
                None => format!("{} (not on the server)", plain(&id)),
            };
            choices.push((id, label));
        }
    }
    Ok(())
}

/// An id as the PHP module formed them: a prefix, and a part that no other tenant's module forms again.
fn fresh_id() -> String {
    let moment = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    format!("WHMCS_{moment:x}{:x}", std::process::id())
}
