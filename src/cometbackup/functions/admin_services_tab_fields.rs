//! `cometbackup_AdminServicesTabFields`: the recorded account, what the server last said of it, and the last operation, for
//! the admin's service page. No request.

use crate::cometbackup::MODULE;
use crate::cometbackup::tables::accounts;
use crate::error::Error;
use crate::installation;
use crate::journal;
use crate::reconciliation;
use crate::text::escape_html;
use crate::whmcs::{Host, Service, open_database};

/// Label and HTML, all values escaped.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, String)>, Error> {
    let mut database = open_database(host)?;
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
    if let Some(account) = account.filter(|account| !account.is_planned) {
        let seen = accounts::last_seen(&mut database, account.row)?;
        let shown = seen.map_or_else(
            || "Not checked yet: press Check at Comet".to_owned(),
            |(seen, at)| format!("{at} UTC: {seen}"),
        );
        fields.push(("At the Server", shown));
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
    let found = reconciliation::of_service(&mut database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
}

/// The one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(&'static str, String)> {
    vec![("Comet Account", escape_html(sentence))]
}
