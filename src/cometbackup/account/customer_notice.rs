//! Notices to customers: recorded first, sent by WHMCS afterwards, when no connection is in use.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

use super::settings::ModuleSettings;
use crate::cometbackup::TEXTS;
use crate::cometbackup::tables::notices::{self, Notice, NoticeKind, WaitingNotice};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::mail::{self, SupportTicket};
use crate::whmcs::services::Settings;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, open_database};

/// Sent in one daily run; what is left is the next day's.
const MOST: u32 = 200;

/// Goes before the id of a department, in a setting and in a notice.
pub const TICKET: &str = "ticket:";

/// Fields of a recorded notice that its mail does not have: the key of the sentence, and how the last backup ended.
const PROBLEM: &str = "problem";
const WORD: &str = "word";

/// Keys for how a backup ended.
const ENDINGS: [(&str, &str); 8] = [
    ("Timeout", "status.timeout"),
    ("Warning", "status.warnings"),
    ("Error", "status.error"),
    ("Quota Exceeded", "status.quota"),
    ("Missed", "status.missed"),
    ("Cancelled", "status.canceled"),
    ("Skipped", "status.skipped"),
    ("Abandoned", "status.broken_off"),
];

type Fields = BTreeMap<String, String>;

/// Returns the mail before a deletion.
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
        kind: NoticeKind::Deletion,
        way: template.to_owned(),
        fields: written(&fields),
    }
}

/// A trouble with the backups of an account. All texts are plain.
pub struct Trouble {
    pub kind: NoticeKind,
    pub username: String,
    /// Whether there ever was one.
    pub has_backup: bool,
    /// The day of the last good backup, or of the account's creation.
    pub since: String,
    /// The last failure, where it is why: Comet's word, the item and its device. Empty where that is not known.
    pub word: &'static str,
    pub item: String,
    pub device: String,
    /// The used part of a quota.
    pub percent: Option<u64>,
}

/// Returns the notice of failing backups, or of a quota.
pub fn of_backups(account: u64, way: &str, trouble: &Trouble) -> Notice {
    let percent = trouble.percent.map(|percent| percent.to_string());
    let fields = [
        ("backup_username", trouble.username.as_str()),
        (PROBLEM, trouble.problem()),
        (WORD, trouble.word),
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

/// Returns in words how a backup failed: "Error, item Documents, device LAPTOP".
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
            NoticeKind::Overdue => &self.since,
            _ => "",
        }
    }

    /// The key of its sentence.
    const fn problem(&self) -> &'static str {
        match self.kind {
            NoticeKind::Storage => "mail.storage",
            NoticeKind::Protected => "mail.protected",
            NoticeKind::Overdue | NoticeKind::Deletion if self.has_backup => "mail.overdue",
            NoticeKind::Overdue | NoticeKind::Deletion => "mail.never",
        }
    }
}

fn written(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    Value::Object(fields.collect()).to_string()
}

/// The kinds of notices that any product sends.
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

    /// Whether any is sent: else none is looked for.
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

fn deliver(host: &dyn Host, notice: &WaitingNotice) -> Result<(), String> {
    let texts = Texts::for_mail(host, &TEXTS, &notice.language);
    let fields = mail_fields(&notice.fields, &texts);
    if let Some(department) = notice.way.strip_prefix(TICKET) {
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let (username, problem) = (field("backup_username"), field("backup_problem"));
        let ticket = SupportTicket {
            department: department.to_owned(),
            client: notice.client,
            service: notice.service_id.service(),
            subject: texts.fill("ticket.subject", &[("name", username)]),
            message: texts.fill(
                "ticket.message",
                &[("name", username), ("problem", problem)],
            ),
        };
        return mail::open_ticket(host, ticket);
    }
    let fields: Vec<(String, String)> = fields.into_iter().collect();
    // The mail of a product addon is about its service: WHMCS knows no other.
    mail::send(host, &notice.way, notice.service_id.service(), &fields)
}

/// What the mail's text may name, with the sentence in the customer's language.
fn mail_fields(recorded: &str, texts: &Texts) -> Fields {
    let recorded: Map<String, Value> = serde_json::from_str(recorded).unwrap_or_default();
    let mut fields: Fields = recorded
        .into_iter()
        .map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()))
        .collect();
    let word = fields.remove(WORD).unwrap_or_default();
    // What an earlier version recorded has its sentence.
    if let Some(problem) = fields.remove(PROBLEM) {
        let sentence = sentence(&problem, &word, &fields, texts);
        fields.insert("backup_problem".to_owned(), sentence);
    }
    fields
}

fn sentence(problem: &str, word: &str, fields: &Fields, texts: &Texts) -> String {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let what = match problem {
        "mail.storage" => texts.fill("mail.storage", &[("percent", field("backup_percent"))]),
        "mail.protected" => texts.fill("mail.protected", &[("percent", field("backup_percent"))]),
        "mail.never" => texts.fill("mail.never", &[("since", field("backup_since"))]),
        _ => texts.fill("mail.overdue", &[("since", field("backup_since"))]),
    };
    if word.is_empty() {
        return what;
    }
    let key = ENDINGS.iter().find(|(ending, _)| *ending == word);
    let mut ending = texts
        .text(key.map_or("status.unknown", |(_, key)| key))
        .to_owned();
    for (key, name) in [
        ("mail.of_item", field("backup_item")),
        ("mail.on_device", field("backup_device")),
    ] {
        if !name.is_empty() {
            ending = texts.fill(key, &[("ending", &ending), ("name", name)]);
        }
    }
    texts.fill("mail.last", &[("what", &what), ("ending", &ending)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whmcs::fake_host::FakeHost;

    fn mail(kind: NoticeKind, has_backup: bool, word: &'static str) -> String {
        let trouble = Trouble {
            kind,
            username: "ada".to_owned(),
            has_backup,
            since: "2026-01-10".to_owned(),
            word,
            item: "Documents".to_owned(),
            device: if word == "Error" { "LAPTOP" } else { "" }.to_owned(),
            percent: Some(93),
        };
        let texts = Texts::for_mail(&FakeHost::new(""), &TEXTS, "");
        let mut fields = mail_fields(&of_backups(1, "", &trouble).fields, &texts);
        assert!(!fields.contains_key(PROBLEM) && !fields.contains_key(WORD));
        fields.remove("backup_problem").unwrap()
    }

    #[test]
    fn each_trouble_has_its_sentence() {
        for (kind, has_backup, word, expected) in [
            (NoticeKind::Storage, true, "", "93 % of the storage is used"),
            (
                NoticeKind::Protected,
                true,
                "",
                "93 % of the data that may be protected is selected",
            ),
            (
                NoticeKind::Overdue,
                true,
                "",
                "no backup was completed since 2026-01-10",
            ),
            (
                NoticeKind::Overdue,
                false,
                "Missed",
                "no backup was completed yet, since 2026-01-10; the last one ended with Missed, item Documents",
            ),
            (
                NoticeKind::Overdue,
                true,
                "Error",
                "no backup was completed since 2026-01-10; the last one ended with Error, item Documents, device LAPTOP",
            ),
        ] {
            assert_eq!(mail(kind, has_backup, word), expected);
        }
    }

    #[test]
    fn a_sentence_that_an_earlier_version_recorded_stays() {
        let texts = Texts::for_mail(&FakeHost::new(""), &TEXTS, "");
        let fields = mail_fields(
            r#"{"backup_problem": "as it was", "backup_item": 7}"#,
            &texts,
        );
        assert_eq!(fields.get("backup_problem").unwrap(), "as it was");
        assert_eq!(fields.get("backup_item").unwrap(), "");
    }
}
