//! The loader of module setting 10: the tenants of a server. One request for the administrator of a tenant, else two, and
//! one where the server's version is not known.

use serde::Deserialize;

use super::config_options::{Choices, is_id};
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::administrator::Administrator;
use crate::cometbackup::comet::api::{Api, Call};
use crate::cometbackup::comet::bounds;
use crate::cometbackup::comet::list::{self, MapValues};
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::version::TENANTS;
use crate::cometbackup::tables::server_facts;
use crate::database::Database;
use crate::error::Error;
use crate::json::lenient;
use crate::text::plain;
use crate::whmcs::{self, Host, module_settings, open_database};

/// The field of a tenant that is looked at: others hold keys and passwords.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Organization {
    #[serde(deserialize_with = "lenient::text")]
    name: String,
}

/// Returns the tenant of the administrator, and all tenants where he may choose one.
pub fn run(host: &dyn Host, server: &whmcs::Server) -> Result<Choices, Error> {
    let mut choices = vec![(String::new(), "That of the administrator".to_owned())];
    let mut database = listed(host, server, &mut choices)?;
    for stored in module_settings::in_use(&mut database, MODULE)? {
        let id = stored.tenth;
        // What is stored stays selectable, or the next save would change the product.
        if is_id(&id) && !choices.iter().any(|(present, _)| *present == id) {
            let label = format!(
                "{} (not on the server, or not for this administrator)",
                plain(&id)
            );
            choices.push((id, label));
        }
    }
    Ok(choices)
}

/// Adds the tenants that the administrator may choose. Returns the database, which is open for that.
pub fn listed(
    host: &dyn Host,
    server: &whmcs::Server,
    choices: &mut Choices,
) -> Result<Database, Error> {
    let server = CometServer::new(server)?;
    let api = Api::new(host, &server);
    let administrator = Administrator::read(&api)?;
    let mut database = open_database(host)?;
    // An older server would create the accounts at the top level.
    if administrator.tenant.is_empty() && !server_facts::is_older(&mut database, &api, TENANTS) {
        tenants(&api, choices)?;
    }
    Ok(database)
}

fn tenants(api: &Api<'_>, choices: &mut Choices) -> Result<(), Error> {
    let call = Call::without_fields("organization/list", "read the tenants of Comet");
    list::entries(
        api,
        &call,
        MapValues::Objects,
        |id, tenant: Organization| {
            if is_id(&id) && choices.len() <= bounds::CHOICES {
                let name = api.said(&tenant.name);
                let label = if name.is_empty() { plain(&id) } else { name };
                choices.push((id, label));
            }
        },
    )
    .map(drop)
}
