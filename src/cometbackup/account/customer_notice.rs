//! What customers are told: recorded first, sent by WHMCS afterwards, when no connection is in use.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::settings::ModuleSettings;
use crate::cometbackup::tables::notices::{self, Kind, Notice, Waiting};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::mail::{self, Ticket};
use crate::whmcs::services::Settings;
use crate::whmcs::{Host, open_database};

/// Sent in one daily run; what is left is the next day's.
const MOST: u32 = 200;

/// Goes before the id of a department, in a setting and in a notice.
pub const TICKET: &str = "ticket:";

/// The mail before a deletion.
pub fn of_deletion(
    (account, username): (u64, &str),
    template: &str,
    (days, date): (u32, &str),
) -> Notice {
    let days = days.to_string();
    let fields = [
        ("backup_username", username),
        ("deletion_days", &days),
        ("deletion_date", date),
    ];
    Notice {
        account,
        kind: Kind::Deletion,
        way: template.to_owned(),
        fields: written(&fields),
    }
}

/// What is wrong with the backups of an account. All texts are plain.
pub struct Trouble {
    pub kind: Kind,
    pub username: String,
    /// Whether there ever was one.
    pub has_backup: bool,
    /// The day of the last good backup, or of the account's creation.
    pub since: String,
    /// Of the last failure, where it is why: Comet's word, the item and its device. Empty where that is not known.
    pub word: &'static str,
    pub item: String,
    pub device: String,
    /// Of a quota.
    pub percent: Option<u64>,
}

/// The notice of failing backups, or of a quota.
pub fn of_backups(account: u64, way: &str, trouble: &Trouble) -> Notice {
    let percent = trouble.percent.map(|percent| percent.to_string());
    let fields = [
        ("backup_username", trouble.username.as_str()),
        ("backup_problem", &trouble.sentence()),
        ("backup_since", trouble.day()),
        ("backup_item", &trouble.item),
        ("backup_device", &trouble.device),
        ("backup_percent", percent.as_deref().unwrap_or_default()),
    ];
    Notice {
        account,
        kind: trouble.kind,
        way: way.to_owned(),
        fields: written(&fields),
    }
}

/// How a backup failed, in words: "Error, item Documents, device LAPTOP".
pub fn failed(word: &str, item: &str, device: &str) -> String {
    let mut words = word.to_owned();
    for (what, name) in [("item", item), ("device", device)] {
        if !name.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(words, ", {what} {name}");
        }
    }
    words
}

impl Trouble {
    /// For a quota there is none.
    fn day(&self) -> &str {
        match self.kind {
            Kind::Overdue => &self.since,
            _ => "",
        }
    }

    fn sentence(&self) -> String {
        let percent = self.percent.unwrap_or_default();
        match self.kind {
            Kind::Storage => format!("{percent} % of the storage is used"),
            Kind::Protected => {
                format!("{percent} % of the data that may be protected is selected")
            }
            Kind::Overdue | Kind::Deletion => {
                let since = if self.has_backup {
                    format!("no backup was completed since {}", self.since)
                } else {
                    format!("no backup was completed yet, since {}", self.since)
                };
                match self.word {
                    "" => since,
                    word => format!(
                        "{since}; the last one ended with {}",
                        failed(word, &self.item, &self.device)
                    ),
                }
            }
        }
    }
}

fn written(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    Value::Object(fields.collect()).to_string()
}

/// Which notices any product sends.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub of_deletions: bool,
    pub of_backups: bool,
}

impl Wanted {
    pub fn by(settings: &Settings) -> Self {
        let mut wanted = Self::default();
        for settings in settings.values().map(ModuleSettings::read) {
            wanted.of_deletions |= settings.deletion_notice.is_some();
            wanted.of_backups |=
                settings.backup_overdue.is_some() && settings.backup_notice.is_some();
        }
        wanted
    }

    /// What decides that none is looked for.
    pub const fn is_any(self) -> bool {
        self.of_deletions || self.of_backups
    }
}

/// Sends what waits, for all accounts or one. What fails is logged, and sent on another day.
pub fn send(host: &dyn Host, only: Option<u64>, wanted: Wanted) -> Result<(), Error> {
    let which = (only.unwrap_or(0), wanted.of_backups);
    let waiting = notices::waiting(&mut open_database(host)?, which, MOST)?;
    for notice in waiting {
        // WHMCS's code runs in between: no connection is held.
        if !notices::claim(&mut open_database(host)?, notice.id)? {
            continue;
        }
        let sent = deliver(host, &notice);
        notices::ended(&mut open_database(host)?, notice.id, sent.is_ok())?;
        if let Err(reason) = sent {
            host.log_activity(format!(
                "The notice {} to the customer could not be sent ({reason}). It is tried again with the next daily run. - {}",
                plain(&notice.way),
                notice.service_id
            ));
        }
    }
    Ok(())
}

fn deliver(host: &dyn Host, notice: &Waiting) -> Result<(), String> {
    let fields: Map<String, Value> = serde_json::from_str(&notice.fields).unwrap_or_default();
    let fields: Vec<(String, String)> = fields
        .into_iter()
        .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
        .collect();
    if let Some(department) = notice.way.strip_prefix(TICKET) {
        let field = |name: &str| {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (username, problem) = (field("backup_username"), field("backup_problem"));
        let ticket = Ticket {
            department: department.to_owned(),
            client: notice.client,
            service: notice.service_id.service(),
            subject: format!("Backup of {username}"),
            message: format!("The backup account {username}: {problem}."),
        };
        return mail::open_ticket(host, ticket);
    }
    // The mail of a product addon is about its service: WHMCS knows no other.
    mail::send(host, &notice.way, notice.service_id.service(), &fields)
}
