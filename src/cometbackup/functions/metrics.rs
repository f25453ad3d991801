//! `cometbackup_MetricUsage` and `cometbackup_MetricTenantUsage`: the figures that WHMCS bills by, for the class
//! `MetricProvider`. A tenant is what stands in the user name column of a service; it has figures where that is the name
//! of the account that is the service's, by the rule of the daily import. What is not known is left out.

use std::collections::HashSet;
use std::sync::Arc;

use super::usage_update::open;
use super::usage_update::server_list::{self, Reader, ServerList};
use super::usage_update::services::{self, Column, Entry};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::user_name::{self, MARKER};
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::list_users::{self, Measures};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::CometServer;
use crate::error::Error;
use crate::installation;
use crate::php_value::{Rows, Value};
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::{self, Host, user_names};

const GB: f64 = 1_073_741_824.0;

/// Services that a line of the Activity Log names.
const NAMED: usize = 5;

/// Returns the figures of all tenants of a server. One request, none where the daily import has just read the list.
///
/// # Errors
/// Then there are no figures at all.
pub fn usage(host: &dyn Host, given: &whmcs::Server, _: &str) -> Result<Rows, Error> {
    let list = server_list::read(host, given, Reader::Metrics).map_err(without_figures)?;
    let Some(list) = list else {
        return Ok(none());
    };
    list.keep(Reader::Metrics);
    let shared = user_names::shared(&mut open(host)?, list.server.id)?;
    log_left_out(host, &list, &shared);
    let index = Arc::clone(&list.index);
    let rows = (0..index.entries().len()).filter_map(move |at| {
        let entry = index.entries().get(at)?;
        let is_shared = shared.contains(&entry.service_id.number());
        row(entry).filter(|_| is_tenant(entry) && !is_shared)
    });
    Ok(Box::new(rows))
}

/// Returns the figures of one tenant. One request; none where no account of the module can have the name, or is the tenant's.
///
/// # Errors
/// Then there are no figures.
pub fn of_tenant(host: &dyn Host, given: &whmcs::Server, tenant: &str) -> Result<Rows, Error> {
    if given.id == 0 || !user_name::is_possible(tenant) {
        return Ok(none());
    }
    let server = CometServer::new(given)?;
    let mut database = open(host)?;
    match installation::may_run_unattended(host, &mut database) {
        // Said already.
        Err(Error::Refusal(_)) => return Ok(none()),
        end => end?,
    }
    let service_id = user_names::service_named(&mut database, MODULE, server.id, tenant)?;
    let Some(service_id) = service_id else {
        return Ok(none());
    };
    let mut index = services::read(&mut database, server.id, Some(service_id))?;
    drop(database);
    if !index.entries().iter().any(is_tenant) {
        return Ok(none());
    }
    let profile = Profile::read(&Api::new(host, &server), tenant).map_err(without_figures)?;
    let Some(account) = list_users::from_profile(tenant, profile.text()) else {
        return Ok(none());
    };
    let is_the_tenants = services::entry_of(&mut index, &account).is_some_and(|it| is_tenant(it));
    let row = is_the_tenants.then(|| (tenant.to_owned(), values(&account.measures)));
    Ok(Box::new(row.into_iter()))
}

fn none() -> Rows {
    Box::new(std::iter::empty())
}

/// WHMCS can tell it by its user name, which is that of its account.
fn is_tenant(entry: &Entry) -> bool {
    is_sold(entry) && entry.service.column == Column::Name && !entry.is_disputed
}

/// A service in use: a product addon has no user name column.
fn is_sold(entry: &Entry) -> bool {
    entry.service.is_live && matches!(entry.service_id, ServiceId::Service(_))
}

fn row(entry: &Entry) -> Option<(String, Vec<(&'static str, Value)>)> {
    let observed = entry.observed.as_ref()?;
    Some((entry.name.to_string(), values(&observed.measures())))
}

/// By the names of the metrics, in their units.
fn values(measures: &Measures) -> Vec<(&'static str, Value)> {
    // Exact below 8 PB.
    #[allow(clippy::cast_precision_loss)]
    let gigabytes = |bytes: Option<i64>| bytes.map(|bytes| Value::Float(bytes as f64 / GB));
    let count = |count: Option<i64>| count.map(Value::Int);
    let all = [
        ("stored_data", gigabytes(measures.stored)),
        ("protected_data", gigabytes(measures.protected)),
        ("devices", count(measures.devices)),
        ("storage_vaults", count(measures.vaults)),
        (
            "microsoft365_accounts",
            count(measures.microsoft365_accounts),
        ),
        ("hyperv_guests", count(measures.hyperv_guests)),
        ("vmware_guests", count(measures.vmware_guests)),
        ("proxmox_guests", count(measures.proxmox_guests)),
    ];
    let known = all.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// Writes into the Activity Log which services get no figures because WHMCS cannot tell them by their user names.
fn log_left_out(host: &dyn Host, list: &ServerList, shared: &HashSet<u32>) {
    let sold = || list.index.entries().iter().filter(|entry| is_sold(entry));
    let server = plain(&list.server.base);
    let marked = sold().filter(|entry| entry.service.column == Column::Marker);
    let marked: Vec<ServiceId> = marked.map(|entry| entry.service_id).collect();
    if !marked.is_empty() {
        host.log_activity(format!(
            "Comet Backup: no usage metrics for {} of the server {server}, because WHMCS finds a service by its user name, and theirs is {MARKER}. Press Write User Names on the page of one of them.",
            in_words(&marked)
        ));
    }
    let is_another = |entry: &&Entry| {
        entry.service.column == Column::Other
            || entry.is_disputed
            || shared.contains(&entry.service_id.number())
    };
    let others = sold().filter(|entry| entry.service.column != Column::Marker);
    let others: Vec<ServiceId> = others
        .filter(is_another)
        .map(|entry| entry.service_id)
        .collect();
    if !others.is_empty() {
        host.log_activity(format!(
            "Comet Backup: no usage metrics for {} of the server {server}, because their user name in WHMCS is not that of their account, or another service has it as well. Correct it on their pages.",
            in_words(&others)
        ));
    }
}

/// "2 services (Service ID: 200) (Service ID: 201)".
fn in_words(services: &[ServiceId]) -> String {
    let named = services.iter().take(NAMED);
    let named: Vec<String> = named.map(|id| format!("({id})")).collect();
    let named = named.join(" ");
    let more = services.len().saturating_sub(NAMED);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match services.len() {
        1 => format!("one service {named}"),
        count => format!("{count} services {named}{more}"),
    }
}

fn without_figures(error: Error) -> Error {
    match error {
        Error::Database(_) => error,
        error => Error::Refusal(format!(
            "Comet Backup: no usage metrics were taken over. {error}"
        )),
    }
}
