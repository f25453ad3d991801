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
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(String, String)>, Error> {
    let mut database = open_database(host)?;
    let mut fields = Vec::new();
    let account = accounts::find(&mut database, service.id)?;
    let shown = match &account {
        Some(account) if account.is_planned => format!("{} (not created yet)", account.username),
        Some(account) => account.username.clone(),
        None => "None recorded; Check at Comet shows the account that the service names".to_owned(),
    };
    fields.push(("Comet Account", shown));
    if let Some(guid) = account
        .as_ref()
        .and_then(|account| account.creation_guid.clone())
    {
        fields.push(("Account Identity", guid));
    }
    if let Some(vault) = account
        .as_ref()
        .and_then(|account| account.vault_id.clone())
    {
        fields.push(("Storage Vault", vault));
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
    let mut fields: Vec<(String, String)> = fields
        .into_iter()
        .map(|(label, text)| (label.to_owned(), escape_html(&text)))
        .collect();
    let found = reconciliation::of_service(&mut database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
}

/// The one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(String, String)> {
    vec![("Comet Account".to_owned(), escape_html(sentence))]
}
