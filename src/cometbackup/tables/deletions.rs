//! Deletions that are pending: three columns of `mod_cometbackup_accounts`, and the table `mod_cometbackup_deletion_days`
//! with the days on which a daily run saw the service terminated.
//!
//! Days are rows and no counter: a run that comes twice on a day, or on one that a clock brought back, counts nothing
//! twice, and a day that lies in the future, written before a clock was set back, does not count until it comes.

use mysql::{Row, Value};

use super::notices;
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::service_id::ServiceId;

pub const DAYS: Table = Table {
    name: "mod_cometbackup_deletion_days",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_deletion_days (
    account_id BIGINT UNSIGNED NOT NULL,
    day DATE NOT NULL,
    PRIMARY KEY (account_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin",
    columns: &[],
    indexes: &[],
};

/// Accounts in one statement.
const PIECE: usize = 500;

const READ: &str = "read the pending deletions";
const WRITE: &str = "write the pending deletions";

const BEGIN: &str = "UPDATE mod_cometbackup_accounts
    SET delete_days=:days, delete_asked_at=UTC_TIMESTAMP(), delete_state=NULL,
      client_id=COALESCE(client_id, NULLIF(:client, 0))
    WHERE id=:id AND state='created'";

const CANCEL: &str = "UPDATE mod_cometbackup_accounts
    SET delete_days=NULL, delete_asked_at=NULL, delete_state=NULL WHERE id=:id";

const FORGET_DAYS: &str = "DELETE FROM mod_cometbackup_deletion_days WHERE account_id=:id";

/// The day of the termination itself does not count.
const COUNT: &str = "INSERT IGNORE INTO mod_cometbackup_deletion_days (account_id, day)
    SELECT id, UTC_DATE() FROM mod_cometbackup_accounts
    WHERE state='created' AND delete_days IS NOT NULL AND delete_asked_at<UTC_DATE() AND id IN ";

const PROGRESS: &str =
    "SELECT a.id AS row_id, DATE_FORMAT(a.delete_asked_at, '%Y-%m-%d %H:%i:%s') AS asked_at, n.state AS notice,
      DATE_FORMAT(UTC_DATE(), '%Y-%m-%d %H:%i:%s') AS today,
      (SELECT COUNT(*) FROM mod_cometbackup_deletion_days d
        WHERE d.account_id=a.id AND d.day<=UTC_DATE()) AS counted,
      (SELECT COUNT(*) FROM mod_cometbackup_deletion_days d
        WHERE d.account_id=a.id AND d.day<=UTC_DATE() AND d.day>DATE(n.sent_at)) AS since_notice
    FROM mod_cometbackup_accounts a
    LEFT JOIN mod_cometbackup_notices n ON n.account_id=a.id AND n.kind='deletion'
    WHERE a.state='created' AND a.delete_days IS NOT NULL AND a.id IN ";

const HOLD: &str = "UPDATE mod_cometbackup_accounts SET delete_state='held'
    WHERE id=:id AND delete_days IS NOT NULL AND delete_state IS NULL";

const CONFIRM: &str = "UPDATE mod_cometbackup_accounts SET delete_state='confirmed'
    WHERE id=:id AND delete_days IS NOT NULL AND delete_state='held'";

/// Of accounts that are gone, or are kept.
const FORGET_OLD: &str = "DELETE d FROM mod_cometbackup_deletion_days d
    LEFT JOIN mod_cometbackup_accounts a ON a.id=d.account_id AND a.state='created' AND a.delete_days IS NOT NULL
    WHERE a.id IS NULL";

const PENDING: &str =
    "SELECT a.service_id AS service_id, a.addon_id AS addon_id, a.username AS username,
      DATE_FORMAT(UTC_DATE() + INTERVAL GREATEST(1, LEAST(3660, CAST(a.delete_days AS SIGNED)
        - (SELECT COUNT(*) FROM mod_cometbackup_deletion_days d
          WHERE d.account_id=a.id AND d.day<=UTC_DATE()))) DAY, '%Y-%m-%d') AS earliest
    FROM mod_cometbackup_accounts a
    WHERE a.state='created' AND a.delete_days IS NOT NULL";

/// A deletion that is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// The days that were promised when the service was terminated.
    pub days: u32,
    pub consent: Consent,
}

/// Whether staff have to agree to a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    NotNeeded,
    /// Too many were due in one run, or the account cannot be identified.
    Awaited,
    Given,
}

/// The progress of a pending deletion.
#[derive(Debug)]
pub struct Progress {
    pub row: u64,
    pub asked_at: String,
    /// Days on which a daily run saw the service terminated.
    pub counted: u32,
    /// Such days after the notice went out; `None` where it has not.
    pub since_notice: Option<u32>,
    /// The day of the database, as a stored time.
    pub today: String,
}

/// A pending deletion as people see it.
pub struct Pending {
    pub service_id: ServiceId,
    pub username: String,
    /// A day, by the database's clock.
    pub earliest: String,
}

impl Deletion {
    /// Reads the columns `delete_days` and `delete_state`.
    pub fn of(days: Option<u32>, state: &str) -> Option<Self> {
        let consent = match state {
            "held" => Consent::Awaited,
            "confirmed" => Consent::Given,
            _ => Consent::NotNeeded,
        };
        days.map(|days| Self { days, consent })
    }
}

/// Records that the account is to be deleted, and counts from now on. Whom it was created for is recorded where that was
/// not known.
pub fn begin(database: &mut Database, row: u64, days: u32, client: u32) -> Result<(), SqlError> {
    let begun = params! { "id" => row, "days" => days, "client" => client };
    write(database, row, (BEGIN, begun))
}

/// Takes a deletion back: the account is kept.
pub fn cancel(database: &mut Database, row: u64) -> Result<(), SqlError> {
    write(database, row, (CANCEL, params! { "id" => row }))
}

/// Together with what was counted and announced before.
fn write(
    database: &mut Database,
    row: u64,
    (statement, parameters): (&str, mysql::Params),
) -> Result<(), SqlError> {
    database.with_schema(prepare, |database| {
        database.transaction(WRITE, |transaction| {
            transaction.execute(statement, parameters.clone())?;
            transaction.execute(FORGET_DAYS, params! { "id" => row })?;
            notices::forget_deletion(transaction, row)
        })
    })
}

/// Counts that a daily run saw these terminated today, on a later day than that of their termination. One statement for five
/// hundred.
pub fn count_today(database: &mut Database, rows: &[u64]) -> Result<(), SqlError> {
    for rows in rows.chunks(PIECE) {
        let statement = format!("{COUNT}{}", placeholders(rows.len()));
        let rows: Vec<Value> = rows.iter().map(Value::from).collect();
        database.with_schema(prepare, |database| {
            database.execute(WRITE, &statement, rows.clone()).map(drop)
        })?;
    }
    Ok(())
}

/// Reads how far these are, the oldest first. One statement for five hundred.
pub fn progress(database: &mut Database, rows: &[u64]) -> Result<Vec<Progress>, SqlError> {
    let mut found = Vec::new();
    for rows in rows.chunks(PIECE) {
        let statement = format!("{PROGRESS}{}", placeholders(rows.len()));
        let rows: Vec<Value> = rows.iter().map(Value::from).collect();
        found.extend(database.with_schema(prepare, |database| {
            database.query(READ, &statement, rows.clone(), read)
        })?);
    }
    found.sort_by(|a, b| (&a.asked_at, a.row).cmp(&(&b.asked_at, b.row)));
    Ok(found)
}

fn read(row: &Row) -> Progress {
    let notice: Option<String> = column(row, "notice");
    let is_out = notice.as_ref().is_some_and(|state| state != "waiting");
    Progress {
        row: column(row, "row_id"),
        asked_at: column::<Option<String>>(row, "asked_at").unwrap_or_default(),
        counted: column(row, "counted"),
        since_notice: is_out.then(|| column(row, "since_notice")),
        today: column(row, "today"),
    }
}

/// Holds a deletion: from here on staff have to agree.
pub fn hold(database: &mut Database, row: u64) -> Result<(), SqlError> {
    database.execute(WRITE, HOLD, params! { "id" => row })?;
    Ok(())
}

/// Records that staff agree. False where nothing waits for that.
pub fn confirm(database: &mut Database, row: u64) -> Result<bool, SqlError> {
    Ok(database.execute(WRITE, CONFIRM, params! { "id" => row })? > 0)
}

/// Removes the days of accounts that are gone, or are kept.
pub fn forget_old(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(database.execute(WRITE, FORGET_OLD, ()).map(drop))
}

/// Returns the pending deletion of an account.
pub fn pending_of(database: &mut Database, row: u64) -> Result<Option<Pending>, SqlError> {
    let statement = format!("{PENDING} AND a.id=:id");
    let found = database.with_schema(prepare, |database| {
        database.query(READ, &statement, params! { "id" => row }, read_pending)
    })?;
    Ok(found.into_iter().next())
}

/// Returns how many deletions are pending, and the next of them.
pub fn all_pending(database: &mut Database, most: u32) -> Result<(u64, Vec<Pending>), SqlError> {
    let count = "SELECT COUNT(*) FROM mod_cometbackup_accounts WHERE state='created' AND delete_days IS NOT NULL";
    let counted = database.query(READ, count, (), |row| column::<u64>(row, 0));
    let count = nothing_without_table(counted)?.into_iter().next();
    let Some(count) = count.filter(|count| *count > 0) else {
        return Ok((0, Vec::new()));
    };
    let statement = format!("{PENDING} ORDER BY earliest, a.id LIMIT :most");
    let next = database.query(READ, &statement, params! { "most" => most }, read_pending);
    Ok((count, nothing_without_table(next)?))
}

fn read_pending(row: &Row) -> Pending {
    Pending {
        service_id: ServiceId::from_columns(column(row, "service_id"), column(row, "addon_id")),
        username: column(row, "username"),
        earliest: column(row, "earliest"),
    }
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    super::accounts_schema::prepare(database)?;
    notices::prepare(database)?;
    schema::prepare(database, &DAYS).map(drop)
}
