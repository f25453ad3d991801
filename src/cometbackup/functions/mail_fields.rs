//! `cometbackup_MailFieldNames` and `cometbackup_MailFields`, for the hooks of mails: merge fields of a service's account, from
//! what is stored. No request, and no password.

use crate::cometbackup::MODULE;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::usage::gigabytes;
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::accounts_seen::{self, SeenAccount};
use crate::error::Error;
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::whmcs::mail::{self, MailedService};
use crate::whmcs::{Host, open_database, servers};

/// Name and description, for WHMCS's list beside the editor.
const FIELDS: [mail::MailField; 6] = [
    ("comet_user_name", "User name of the Comet account"),
    (
        "comet_server_address",
        "Server address for the backup software",
    ),
    ("comet_storage_used", "Storage used, as last known"),
    ("comet_storage_limit", "Storage sold"),
    ("comet_devices", "Number of devices, as last seen"),
    ("comet_last_backup", "Last good backup (UTC), as last known"),
];

const MEGABYTE: i64 = 1024 * 1024;

pub fn names(given: &Value) -> Value {
    mail::field_names(&FIELDS, given)
}

/// Returns the values for the mail that WHMCS is about to send; none where it is not about a service of the module. One
/// statement for other mails, four for these. What is not known is empty.
pub fn run(host: &dyn Host, given: &Value) -> Result<Value, Error> {
    let mut database = open_database(host)?;
    let about = mail::about(&mut database, MODULE, given)?;
    let Some(about) = about.filter(|about| about.is_of_module) else {
        return Ok(Value::Array(Vec::new()));
    };
    let account = accounts::find(&mut database, ServiceId::Service(about.service))?;
    let account = account.filter(|account| !account.is_planned);
    let seen = match &account {
        Some(account) => accounts_seen::last(&mut database, account.row)?,
        None => SeenAccount::default(),
    };
    let server = servers::find(&mut database, about.server)?;
    let address = server.and_then(|server| CometServer::address_of(server.entry()).ok());
    let values = [
        account.map(|account| account.username),
        address,
        used(&about, &seen),
        limit(&about),
        devices(&seen),
        seen.good_backup_at.map(|at| format!("{at} UTC")),
    ];
    Ok(mail::field_values(
        &FIELDS,
        values.map(Option::unwrap_or_default),
    ))
}

/// What the daily job wrote, else what staff saw.
fn used(about: &MailedService, seen: &SeenAccount) -> Option<String> {
    let written = about.used_at.as_ref().map(|_| bytes(about.used));
    let seen = seen.facts.as_ref().and_then(|facts| facts.stored);
    written.or(seen).map(gigabytes)
}

fn limit(about: &MailedService) -> Option<String> {
    about.used_at.as_ref()?;
    (about.limit > 0).then(|| gigabytes(bytes(about.limit)))
}

const fn bytes(megabytes: i64) -> i64 {
    megabytes.saturating_mul(MEGABYTE)
}

fn devices(seen: &SeenAccount) -> Option<String> {
    let counted = seen.facts.as_ref().map(|facts| facts.devices);
    counted.map(|count| count.to_string())
}
