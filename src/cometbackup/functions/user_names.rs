//! `cometbackup_WriteUserNames` and `cometbackup_PutMarkersBack`: WHMCS finds a service by its user name, for usage metrics
//! and Server Sync, and cannot where the column holds the PHP module's marker. Staff write the real names into it for all
//! services of a server, and the marker back, once they have seen of which. No request.

use std::fmt::Write;

use super::shown_first::{self, ButtonPlan};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::user_name::MARKER;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::user_name_column;
use crate::error::Error;
use crate::reconciliation;
use crate::text::plain;
use crate::whmcs::{Host, Service, open_database};

/// Labels and function suffixes.
const WRITE_BUTTON: (&str, &str) = ("Write User Names", "WriteUserNames");
const BACK_BUTTON: (&str, &str) = ("Put Markers Back", "PutMarkersBack");

/// The kind of the finding that shows what a second press does.
const KIND: &str = "user_names";

/// Returns the button that the page of a service shows, where it held the marker or holds it.
pub fn offered(service: &Service, account: &Account) -> Option<(&'static str, &'static str)> {
    if service.username.trim() == MARKER {
        return Some(WRITE_BUTTON);
    }
    account.had_marker.then_some(BACK_BUTTON)
}

/// Writes the names of accounts in place of the marker.
///
/// # Errors
/// Where there is nothing to write; the first press says what the second one does.
pub fn write(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut database = open_database(host)?;
    let server = service.server.id;
    let marked = user_name_column::marked(&mut database, server, MARKER)?;
    let recorded: Vec<String> = marked
        .iter()
        .filter_map(|(id, name)| Some(line(*id, name.as_deref()?)))
        .collect();
    if recorded.is_empty() {
        return Err(Error::Refusal(match marked.len() {
            0 => format!("No service of this server has {MARKER} as its user name."),
            count => format!(
                "No Comet account is recorded yet for the {count} services of this server with {MARKER} as their user name. Press Check at Comet on their pages, or wait for the daily run."
            ),
        }));
    }
    let mut text = format!(
        "WHMCS cannot tell services apart that have {MARKER} as their user name. For {} of this server the name of the account is written there: {}.",
        services(recorded.len()),
        shown_first::listed(&recorded)
    );
    let left = marked.len().saturating_sub(recorded.len());
    if left > 0 {
        let _ = write!(
            text,
            " Left as they are: {} without a recorded account.",
            services(left)
        );
    }
    text.push_str(" Press Write User Names again to do it; Put Markers Back undoes it.");
    let plan = ButtonPlan {
        kind: KIND,
        what: "write",
        lines: &recorded,
        text,
    };
    shown_first::must_be_shown(&mut database, service, plan)?;
    let written = user_name_column::write_names(&mut database, server, MARKER)?;
    reconciliation::settle(&mut database, MODULE, service.id, KIND)?;
    host.log_activity(format!(
        "Comet Backup: {} have the name of their account as user name now, in place of {MARKER}. - {}",
        services_of(written),
        service.id
    ));
    Ok(())
}

/// Puts the marker back in place of the names.
///
/// # Errors
/// Where there is nothing to put back; the first press says what the second one does.
pub fn put_back(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut database = open_database(host)?;
    let server = service.server.id;
    let written = user_name_column::written(&mut database, server)?;
    let (back, others): (Vec<_>, Vec<_>) =
        written.iter().partition(|(_, _, is_in_field)| *is_in_field);
    let back: Vec<String> = back.iter().map(|(id, name, _)| line(*id, name)).collect();
    if back.is_empty() {
        return Err(Error::Refusal(match others.len() {
            0 => format!("No service of this server had {MARKER} as its user name before."),
            count => format!(
                "Nothing was changed: the custom field Username does not hold the account names of the {} of this server that had {MARKER} as user name, and they would be lost.",
                services(count)
            ),
        }));
    }
    let mut text = format!(
        "The user name of {} of this server, whose custom field Username holds the name, becomes {MARKER} again: {}.",
        services(back.len()),
        shown_first::listed(&back)
    );
    if !others.is_empty() {
        let _ = write!(
            text,
            " Left as they are: {}, because the custom field holds another name or none.",
            services(others.len())
        );
    }
    text.push_str(" Usage metrics and Server Sync do without them then. Press Put Markers Back again to do it.");
    let plan = ButtonPlan {
        kind: KIND,
        what: "back",
        lines: &back,
        text,
    };
    shown_first::must_be_shown(&mut database, service, plan)?;
    let changed = user_name_column::put_back(&mut database, server, MARKER)?;
    reconciliation::settle(&mut database, MODULE, service.id, KIND)?;
    host.log_activity(format!(
        "Comet Backup: {} have {MARKER} as user name again. - {}",
        services_of(changed),
        service.id
    ));
    Ok(())
}

fn line(id: u32, name: &str) -> String {
    format!("{id} {}", plain(name))
}

fn services(count: usize) -> String {
    match count {
        1 => "one service".to_owned(),
        count => format!("{count} services"),
    }
}

fn services_of(count: u64) -> String {
    services(usize::try_from(count).unwrap_or(usize::MAX))
}
