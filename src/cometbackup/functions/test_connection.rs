//! `cometbackup_TestConnection`: checks login, permissions, tenant, version, roles and clock of a server. Two requests,
//! one where the login does not work.

use crate::clock;
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::administrator::{Administrator, Permissions};
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::server::{CometServer, IN_THE_CLEAR};
use crate::cometbackup::comet::server_info::ServerInfo;
use crate::cometbackup::comet::version::{OLDEST, Version};
use crate::cometbackup::tables::server_facts::{self, Known};
use crate::database::Database;
use crate::error::Error;
use crate::php_value::Value;
use crate::text::plain;
use crate::whmcs::module_settings::{self, InUse};
use crate::whmcs::{self, Host, open_database};

/// Seconds; more makes job times and sessions wrong.
const CLOCKS: i64 = 300;

/// Returns success, or the first thing that keeps the module from working. What it works without is written to the Activity
/// Log.
pub fn run(host: &dyn Host, given: &whmcs::Server) -> Result<Value, Error> {
    let works = check(host, given)?;
    host.log_activity(format!("Comet Backup: the {works}"));
    Ok(verdict(true, ""))
}

/// Tests a server, and returns a sentence that begins with "server" where it works.
pub fn check(host: &dyn Host, given: &whmcs::Server) -> Result<String, Error> {
    let server = CometServer::new(given)?;
    let api = Api::new(host, &server).insisting();
    let was_down = api.failure().is_some();
    ask(host, &api, was_down).map_err(|error| match api.failure() {
        Some(_) => Error::Refusal(format!(
            "{error} Until it answers, pages and commands do not wait for it: it is asked again every {} seconds at most.",
            host.http().breaker.pause.as_secs()
        )),
        None => error,
    })
}

/// Returns a failed test, in the shape that WHMCS expects.
pub fn failure(sentence: &str) -> Value {
    verdict(false, sentence)
}

fn verdict(success: bool, error: &str) -> Value {
    Value::Array(vec![
        ("success".into(), Value::Bool(success)),
        ("error".into(), error.into()),
    ])
}

fn ask(host: &dyn Host, api: &Api<'_>, was_down: bool) -> Result<String, Error> {
    let server = api.server;
    // First: a wrong password is sent once only, because servers count failures.
    let login = Administrator::read(api)?;
    let permissions = login.permissions.unwrap_or_default();
    let mut database = open_database(host)?;
    let (sold, mut known) = sold_and_known(&mut database, server)?;
    let missing = missing_permission(sold, &permissions);
    let mut notes = vec![match plain(&login.tenant) {
        top if top.is_empty() => "for the whole server".to_owned(),
        tenant => format!("for the tenant {tenant}"),
    }];
    let info = match ServerInfo::read(api) {
        Ok(info) => Some(info),
        Err(Error::Refused { status: 403, .. }) if permissions.deny_view_server_info => None,
        Err(error) => return Err(error),
    };
    match &info {
        Some(info) => {
            usable(info)?;
            server_facts::keep_info(&mut database, api, info);
            notes.insert(0, format!("version {}", plain(&info.version)));
            let version = &info.version;
            let holes = server_facts::holes_once(&mut database, server, &mut known, version)?;
            notes.extend(holes.map(|holes| format!("it {holes}")));
        }
        None => notes.push("it may not see version, roles and clock of the server".to_owned()),
    }
    if let Err(reason) = host.state_dir().open_or_make() {
        notes.push(format!(
            "{reason}, so every page waits anew for a server that is down"
        ));
    }
    if was_down {
        notes.push(
            "it could not be reached a moment ago, and pages ask it again from now on".to_owned(),
        );
    }
    if let Some(missing) = missing {
        return Err(missing);
    }
    let builds = info.is_none_or(|info| info.software_build_role);
    if !builds || permissions.deny_software_build_role {
        notes.push("customers get no installers, because the Software Build Role is off or not for this administrator".to_owned());
    }
    if server.is_in_the_clear() {
        notes.push(IN_THE_CLEAR.to_owned());
    }
    Ok(format!(
        "server {} works with the administrator {}: {}.",
        server.base,
        plain(&server.username),
        notes.join("; ")
    ))
}

fn usable(info: &ServerInfo) -> Result<(), Error> {
    let unusable = |sentence: String| Err(Error::Config(sentence));
    if Version::read(&info.version) < OLDEST {
        return unusable(format!(
            "The Comet Server is version {}, and 18.9.2 is the oldest that works. Update it.",
            plain(&info.version)
        ));
    }
    if !info.authentication_role {
        return unusable("The Auth Role of the Comet Server is off, so it has no accounts. Switch it on in Comet.".into());
    }
    let ahead = info.current_time - clock::unix_now();
    if info.current_time > 0 && ahead.abs() > CLOCKS {
        return unusable(format!(
            "The clocks of the Comet Server and of this server differ by {} seconds. Set them, for example with NTP.",
            ahead.abs()
        ));
    }
    Ok(())
}

/// Settings of all that is sold, and what is remembered of the server: one round trip.
fn sold_and_known(
    database: &mut Database,
    server: &CometServer,
) -> Result<(Vec<InUse>, Known), Error> {
    let readings = [
        module_settings::of_in_use(MODULE),
        server_facts::finding(server),
    ];
    let found = database.query_all("read the module settings", &readings);
    match found {
        // Nothing is remembered yet.
        Err(fault) if fault.is_missing_schema() => {
            Ok((module_settings::in_use(database, MODULE)?, Known::default()))
        }
        found => {
            let [sold, known] = found?;
            let sold = sold.iter().map(module_settings::read_in_use).collect();
            let known = known.first().map(server_facts::read);
            Ok((sold, known.unwrap_or_default()))
        }
    }
}

/// A permission without which a product cannot be delivered.
fn missing_permission(sold: Vec<InUse>, permissions: &Permissions) -> Option<Error> {
    let sells_vaults = sold.iter().any(|one| !one.second.trim().is_empty());
    if permissions.prevent_request_storage_vault && sells_vaults {
        return Some(Error::Config("This administrator may not request storage vaults, which a product of the module sells. Allow it in Comet, under the permissions of the administrator.".into()));
    }
    let allowed = permissions.allowed_user_policies.as_deref().unwrap_or(&[]);
    let refused = sold.into_iter().map(|one| one.first).find(|policy| {
        !policy.trim().is_empty() && !allowed.is_empty() && !allowed.contains(policy)
    });
    refused.map(|policy| {
        Error::Config(format!(
            "This administrator may not assign the policy group {}, which a product of the module sells. Allow it in Comet, under the permissions of the administrator.",
            plain(&policy)
        ))
    })
}
