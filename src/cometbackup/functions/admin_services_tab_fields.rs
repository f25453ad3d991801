//! `cometbackup_AdminServicesTabFields`: the recorded account, what the server last said of it, and the last operation, for
//! the admin's service page. No request.

use std::fmt::Write;

use super::admin_services_tab_fields_save::{DEVICE, LINK};
use super::waiting::{self, Waits};
use super::{compared, resume_creation};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::{extra_addon, extras};
use crate::cometbackup::comet::limits::Quotas;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::accounts_seen::{self, SeenAccount, SeenDevice};
use crate::cometbackup::tables::deletions;
use crate::cometbackup::tables::extras::Extra;
use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::journal;
use crate::reconciliation;
use crate::service_page::{self, SHOWN_OPERATIONS};
use crate::text::escape_html;
use crate::whmcs::{Host, Service, open_database};

/// Returns label and HTML of each field, all values escaped.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, String)>, Error> {
    let Some(read) = recorded(host, service)? else {
        return Ok(vec![(
            "Comet Account",
            extra_addon::WITHOUT_ACCOUNT.to_owned(),
        )]);
    };
    let Recorded {
        mut database,
        account,
        extras,
    } = read;
    let created = account.as_ref().filter(|account| !account.is_planned);
    let seen = match created {
        Some(account) => Some(accounts_seen::last(&mut database, account.row)?),
        None => None,
    };
    let operations = journal::last_operations(&mut database, MODULE, service.id, SHOWN_OPERATIONS)?;
    let asked = installation::question(&mut database)?;
    let waits = Waits {
        account: account.as_ref(),
        operations: &operations,
        is_copy_asked: asked.is_some(),
        is_half_made: match created {
            Some(account) => resume_creation::is_half_made(&mut database, service, account)?,
            None => account.is_some() && service.status.is_live(),
        },
    };
    let mut fields = of_account(account.as_ref());
    let waiting = service_page::decisions(&waiting::of(service, &waits));
    fields.extend(waiting.map(|html| (service_page::DECISIONS, html)));
    if let Some(seen) = &seen {
        let sold = Quotas::read(&service.configurable_options)
            .and_then(|base| extras::together(base, &extras));
        let html = compared::html(service, &sold, seen, &operations);
        fields.push((service_page::COMPARED, html));
    }
    if let Some(account) = &account {
        fields.extend(pending(&mut database, account)?);
    }
    let mut forms = Vec::new();
    if let Some(seen) = &seen {
        fields.push(("At the Server", escape_html(&at_the_server(seen))));
        forms.extend(removal(&seen.devices));
    }
    if account.is_none() && service.status.is_live() {
        forms.push(link());
    }
    let operations = service_page::operations(&operations);
    fields.extend(operations.map(|html| (service_page::OPERATIONS, html)));
    fields.extend(asked.map(|asked| (installation::FIELD, escape_html(&asked))));
    fields.extend(forms);
    let found = reconciliation::of_service(&mut database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
}

/// What the tables say of the service.
struct Recorded {
    database: Database,
    account: Option<Account>,
    /// The product addons that add to its limits.
    extras: Vec<Extra>,
}

/// `None` for a product addon that adds to the account of its service. An account is shown also where the service has no
/// server that could be used, or another one than it was recorded on.
fn recorded(host: &dyn Host, service: &Service) -> Result<Option<Recorded>, Error> {
    let mut session = match AccountSession::open(host, service) {
        Ok(session) => session,
        Err(error @ Error::Database(_)) => return Err(error),
        Err(_) => {
            let mut database = open_database(host)?;
            if extra_addon::is_one(&mut database, service)? {
                return Ok(None);
            }
            let account = accounts::find(&mut database, service.id)?;
            return Ok(Some(Recorded {
                database,
                account,
                extras: Vec::new(),
            }));
        }
    };
    let account = match session.recorded() {
        Ok(account) => account,
        Err(error @ Error::Database(_)) => return Err(error),
        // Planned for another Comet Server: the commands say so.
        Err(_) => accounts::find(&mut session.database, service.id)?,
    };
    Ok(Some(Recorded {
        account,
        extras: std::mem::take(session.extras_mut()),
        database: session.database,
    }))
}

fn of_account(account: Option<&Account>) -> Vec<(&'static str, String)> {
    let Some(account) = account else {
        let none = "None recorded; Check at Comet shows the account that the service names";
        return vec![("Comet Account", none.to_owned())];
    };
    let note = if account.is_planned {
        " (not created yet)"
    } else {
        ""
    };
    let name = escape_html(&format!("{}{note}", account.username));
    let guid = account.creation_guid.as_deref().map(escape_html);
    let vault = account.vault_id.as_deref().map(escape_html);
    let mut fields = vec![("Comet Account", name)];
    fields.extend(guid.map(|guid| ("Account Identity", guid)));
    fields.extend(vault.map(|vault| ("Storage Vault", vault)));
    fields
}

/// When the account is deleted, where it waits for that.
fn pending(
    database: &mut Database,
    account: &Account,
) -> Result<Option<(&'static str, String)>, Error> {
    if account.deletion.is_none() {
        return Ok(None);
    }
    let pending = deletions::pending_of(database, account.row)?;
    Ok(pending.map(|pending| {
        let text = format!(
            "Suspended; the daily run deletes it on {} at the earliest. Unsuspend keeps it, as does Create for the same client.",
            pending.earliest
        );
        ("Pending Deletion", escape_html(&text))
    }))
}

/// The choice among the devices that were last seen; `None` where there were none.
fn removal(devices: &[SeenDevice]) -> Option<(&'static str, String)> {
    let option = |device: &SeenDevice| {
        let name = match device.name.as_str() {
            "" => "Unnamed device",
            name => name,
        };
        let since = match device.since.as_str() {
            "" => String::new(),
            since => format!(", registered {since} UTC"),
        };
        format!(
            r#"<option value="{}">{}</option>"#,
            escape_html(&device.id),
            escape_html(&format!("{name}{since}"))
        )
    };
    let options: String = devices.iter().map(option).collect();
    let html = format!(
        r#"<select name="{DEVICE}" aria-label="Device to remove" class="form-control" style="max-width:100%"><option value="">None</option>{options}</select> Choose one and save: it can then no longer back up or restore. What it stored stays."#
    );
    (!devices.is_empty()).then_some(("Remove a Device", html))
}

/// The field for the exact name of an account that exists.
fn link() -> (&'static str, String) {
    let html = format!(
        r#"<input type="text" name="{LINK}" aria-label="User name of the account to link" class="form-control" style="max-width:100%" size="60" autocomplete="off"> The exact user name of an account that exists at Comet. Save, read what is shown under Reconciliation, and enter it again to link it."#
    );
    ("Link an Account", html)
}

fn at_the_server(seen: &SeenAccount) -> String {
    let mut shown = match &seen.checked {
        Some((seen, at)) => format!("{at} UTC: {seen}"),
        None => "Not checked yet: press Check at Comet".to_owned(),
    };
    if let Some(at) = &seen.good_backup_at {
        let _ = write!(shown, "; last good backup {at} UTC");
    }
    if let Some((words, at)) = &seen.failed_backup {
        let _ = write!(shown, "; last failure {at} UTC: {words}");
    }
    shown
}

/// Returns the one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(&'static str, String)> {
    vec![("Comet Account", escape_html(sentence))]
}
