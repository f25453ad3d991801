//! The table `mod_cometbackup_notices`: the notices to customers, one for each event.
//!
//! A notice is recorded before it is sent. Where the process dies while it sends one, nobody knows whether it went out:
//! the next daily run sends it again, once.

use mysql::{Row, Value};

use super::accounts_schema;
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, Transaction, column, params};
use crate::service_id::ServiceId;
use crate::whmcs::ServiceStatus;

pub const TABLE: Table = Table {
    name: "mod_cometbackup_notices",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_notices (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account_id BIGINT UNSIGNED NOT NULL,
    kind VARCHAR(8) NOT NULL,
    way VARCHAR(255) NOT NULL,
    fields TEXT NOT NULL,
    state VARCHAR(8) NOT NULL,
    tried_on DATE NULL,
    sent_at DATETIME NULL,
    UNIQUE KEY event (account_id, kind),
    KEY state (state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    columns: &[],
    indexes: &[],
};

const READ: &str = "read the table of notices";
const WRITE: &str = "write the table of notices";

/// What was not sent yet follows the settings and the facts.
const QUEUE: &str =
    "INSERT INTO mod_cometbackup_notices (account_id, kind, way, fields, state) VALUES ";
const QUEUED: &str = "(?, ?, ?, ?, 'waiting')";
const QUEUED_AGAIN: &str = " ON DUPLICATE KEY UPDATE way=IF(state='waiting', VALUES(way), way),
    fields=IF(state='waiting', VALUES(fields), fields)";

/// `sending` is what a process that died left. What was tried today waits for tomorrow, and what was tried before comes
/// after what was not: mails that never can be sent keep nobody else's back.
const WAITING: &str =
    "SELECT n.id AS id, n.way AS way, n.fields AS fields, a.service_id AS service_id,
      a.addon_id AS addon_id, h.userid AS client, COALESCE(c.language, '') AS language
    FROM mod_cometbackup_notices n
    JOIN mod_cometbackup_accounts a ON a.id=n.account_id AND a.state='created'
    JOIN tblhosting h ON h.id=a.service_id
    LEFT JOIN tblclients c ON c.id=h.userid
    LEFT JOIN tblhostingaddons o ON o.id=a.addon_id AND a.addon_id>0
    WHERE n.state IN ('waiting', 'sending') AND (n.tried_on IS NULL OR n.tried_on<>UTC_DATE())
      AND (:only=0 OR n.account_id=:only)
      AND (n.kind='deletion' OR (:backups AND FIND_IN_SET(COALESCE(o.status, h.domainstatus), :in_use)))
    ORDER BY n.kind='deletion' DESC, n.tried_on, n.id LIMIT :most";

const CLAIM: &str = "UPDATE mod_cometbackup_notices
    SET state=IF(state='sending', 'again', 'sending'), tried_on=UTC_DATE(), sent_at=UTC_TIMESTAMP()
    WHERE id=:id AND state IN ('waiting', 'sending') AND (tried_on IS NULL OR tried_on<>UTC_DATE())";

const SENT: &str = "UPDATE mod_cometbackup_notices SET state='sent' WHERE id=:id";

const FAILED: &str =
    "UPDATE mod_cometbackup_notices SET state='waiting', sent_at=NULL WHERE id=:id";

const FORGET_DELETION: &str =
    "DELETE FROM mod_cometbackup_notices WHERE account_id=:account AND kind='deletion'";

const FORGET_ENDED: &str = "DELETE n FROM mod_cometbackup_notices n
    LEFT JOIN mod_cometbackup_accounts a ON a.id=n.account_id AND a.state='created' WHERE a.id IS NULL";

/// The subject of a notice. Its word is of eight letters at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// The account is going to be deleted.
    Deletion,
    /// No good backup for days.
    Overdue,
    /// The storage vault of the plan is nearly full.
    Storage,
    /// The protected items are nearly as large as they may be.
    Protected,
}

impl NoticeKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Deletion => "deletion",
            Self::Overdue => "overdue",
            Self::Storage => "storage",
            Self::Protected => "protect",
        }
    }
}

/// A notice as it is recorded.
pub struct Notice {
    /// The row in the table of accounts.
    pub account: u64,
    pub kind: NoticeKind,
    /// A mail template, or `ticket:` and a department's id.
    pub way: String,
    /// What its text names, as JSON.
    pub fields: String,
}

/// A notice that is to be sent.
pub struct WaitingNotice {
    pub id: u64,
    pub way: String,
    pub fields: String,
    pub service_id: ServiceId,
    pub client: u32,
    /// The client's, as WHMCS names it; empty for the one of WHMCS.
    pub language: String,
}

/// Records notices, each once. One statement where there are any.
pub fn queue(database: &mut Database, notices: &[Notice]) -> Result<(), SqlError> {
    if notices.is_empty() {
        return Ok(());
    }
    let rows = vec![QUEUED; notices.len()].join(", ");
    let statement = format!("{QUEUE}{rows}{QUEUED_AGAIN}");
    let values: Vec<Value> = notices
        .iter()
        .flat_map(|notice| {
            [
                Value::from(notice.account),
                notice.kind.word().into(),
                (&notice.way).into(),
                (&notice.fields).into(),
            ]
        })
        .collect();
    database.with_schema(prepare, |database| {
        database
            .execute(WRITE, &statement, values.clone())
            .map(drop)
    })
}

/// Reads what is to be sent today: before a deletion first, then the oldest; `only` those of one account, 0 for all;
/// `backups` also those about backups, for services in use.
pub fn waiting(
    database: &mut Database,
    (only, backups): (u64, bool),
    most: u32,
) -> Result<Vec<WaitingNotice>, SqlError> {
    let parameters = params! {
        "only" => only, "backups" => backups, "most" => most, "in_use" => ServiceStatus::in_use_words(),
    };
    let found = database.query(READ, WAITING, parameters, |row: &Row| WaitingNotice {
        id: column(row, "id"),
        way: column(row, "way"),
        fields: column(row, "fields"),
        service_id: ServiceId::from_columns(column(row, "service_id"), column(row, "addon_id")),
        client: column(row, "client"),
        language: column(row, "language"),
    });
    nothing_without_table(found)
}

/// Records that it is being sent. False where another process sends it, or it is not wanted any more.
pub fn claim(database: &mut Database, id: u64) -> Result<bool, SqlError> {
    Ok(database.execute(WRITE, CLAIM, params! { "id" => id })? > 0)
}

/// Records what became of it; one that failed is sent on another day.
pub fn ended(database: &mut Database, id: u64, is_sent: bool) -> Result<(), SqlError> {
    let statement = if is_sent { SENT } else { FAILED };
    database.execute(WRITE, statement, params! { "id" => id })?;
    Ok(())
}

/// Records that these events are over; the next is another one. One statement where there are any.
pub fn over(database: &mut Database, events: &[(u64, NoticeKind)]) -> Result<(), SqlError> {
    if events.is_empty() {
        return Ok(());
    }
    let pairs = vec!["(?, ?)"; events.len()].join(", ");
    let statement =
        format!("DELETE FROM mod_cometbackup_notices WHERE (account_id, kind) IN ({pairs})");
    let values: Vec<Value> = events
        .iter()
        .flat_map(|(account, kind)| [Value::from(account), kind.word().into()])
        .collect();
    nothing_without_table(database.execute(WRITE, &statement, values).map(drop))
}

/// Forgets the notice of a deletion that does not come, so that another deletion is another event.
pub fn forget_deletion(transaction: &mut Transaction<'_>, account: u64) -> mysql::Result<()> {
    transaction.execute(FORGET_DELETION, params! { "account" => account })?;
    Ok(())
}

/// Removes the notices of accounts that are gone.
pub fn forget_ended(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(database.execute(WRITE, FORGET_ENDED, ()).map(drop))
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    accounts_schema::prepare(database)?;
    schema::prepare(database, &TABLE).map(drop)
}
