//! `cometbackup_AdminServicesTabFields`: the recorded account, what the server last said of it, and the last operation, for
//! the admin's service page. No request.

use std::fmt::Write;

use super::admin_services_tab_fields_save::{DEVICE, LINK};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::extra_addon;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::accounts_seen::{self, Seen, SeenDevice};
use crate::cometbackup::tables::deletions;
use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::journal;
use crate::reconciliation;
use crate::text::escape_html;
use crate::whmcs::{Host, Service, open_database};

/// Label and HTML, all values escaped.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, String)>, Error> {
    let mut database = open_database(host)?;
    if extra_addon::is_one(&mut database, service)? {
        return Ok(vec![(
            "Comet Account",
            extra_addon::WITHOUT_ACCOUNT.to_owned(),
        )]);
    }
    let mut fields = Vec::new();
    let account = accounts::find(&mut database, service.id)?;
    let shown = match &account {
        Some(account) if account.is_planned => format!("{} (not created yet)", account.username),
        Some(account) => account.username.clone(),
        None => "None recorded; Check at Comet shows the account that the service names".to_owned(),
    };
    fields.push(("Comet Account", shown));
    if let Some(account) = &account {
        let guid = account.creation_guid.clone();
        fields.extend(guid.map(|guid| ("Account Identity", guid)));
        let vault = account.vault_id.clone();
        fields.extend(vault.map(|vault| ("Storage Vault", vault)));
    }
    let has_account = account.is_some();
    let mut forms = Vec::new();
    if let Some(account) = &account {
        fields.extend(pending(&mut database, account)?);
    }
    if let Some(account) = account.filter(|account| !account.is_planned) {
        let seen = accounts_seen::last(&mut database, account.row)?;
        fields.push(("At the Server", at_the_server(&seen)));
        forms.extend(removal(&seen.devices));
    }
    if !has_account && service.status.is_live() {
        forms.push(link());
    }
    if let Some(record) = journal::last(&mut database, MODULE, service.id)? {
        fields.push((
            "Last Operation",
            format!(
                "{}: {}, {} UTC. {}",
                record.operation, record.state, record.at, record.answered
            ),
        ));
    }
    if let Some(asked) = installation::question(&mut database)? {
        fields.push((installation::FIELD, asked));
    }
    for (_, text) in &mut fields {
        *text = escape_html(text);
    }
    fields.extend(forms);
    let found = reconciliation::of_service(&mut database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
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
        ("Pending Deletion", text)
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
        r#"<select name="{DEVICE}" class="form-control"><option value="">None</option>{options}</select> Choose one and save: it can then no longer back up or restore. What it stored stays."#
    );
    (!devices.is_empty()).then_some(("Remove a Device", html))
}

/// The field for the exact name of an account that exists.
fn link() -> (&'static str, String) {
    let html = format!(
        r#"<input type="text" name="{LINK}" class="form-control" size="60" autocomplete="off"> The exact user name of an account that exists at Comet. Save, read what is shown under Reconciliation, and enter it again to link it."#
    );
    ("Link an Account", html)
}

fn at_the_server(seen: &Seen) -> String {
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

/// The one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(&'static str, String)> {
    vec![("Comet Account", escape_html(sentence))]
}
