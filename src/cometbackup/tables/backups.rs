//! The last good backup and the last failure of each account, in `mod_cometbackup_accounts`, as the daily run saw them.

use mysql::Value;

use crate::clock;
use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column};
use crate::text::first_characters;

const WRITE: &str = "write the table of accounts";

/// A row for each account. Texts of two columns are of two collations, unless it is said.
const BACKUPS: &str = "UPDATE mod_cometbackup_accounts a JOIN (";
const FIRST: &str = "SELECT ? AS id, ? AS good, ? AS failed, ? AS words";
const NEXT: &str = " UNION ALL SELECT ?, ?, ?, ?";
const KEPT: &str = ") n ON n.id=a.id
    SET a.good_backup_at=COALESCE(n.good, a.good_backup_at),
      a.failed_backup=COALESCE(CONVERT(n.words USING utf8mb4) COLLATE utf8mb4_bin, a.failed_backup COLLATE utf8mb4_bin),
      a.failed_backup_at=COALESCE(n.failed, a.failed_backup_at)";

const FAILING: &str = "SELECT COUNT(*) FROM mod_cometbackup_accounts
    WHERE state='created' AND failed_backup_at>COALESCE(good_backup_at, '1970-01-01')";

/// Longest words of a failure, as the column has them.
const LONGEST_WORDS: usize = 255;

/// News of an account's backups. Times are unix seconds; `None` keeps what is recorded.
pub struct BackupNews {
    /// The row in the table of accounts.
    pub row: u64,
    pub good_at: Option<i64>,
    pub failed: Option<(i64, String)>,
}

/// Writes the news. One statement where there is any.
pub fn keep(database: &mut Database, news: &[BackupNews]) -> Result<(), SqlError> {
    if news.is_empty() {
        return Ok(());
    }
    let statement = format!("{BACKUPS}{FIRST}{}{KEPT}", NEXT.repeat(news.len() - 1));
    let values = news.iter().flat_map(|one| {
        let failed = one.failed.as_ref();
        [
            Value::from(one.row),
            one.good_at.map(clock::stored).into(),
            failed.map(|(at, _)| clock::stored(*at)).into(),
            failed
                .map(|(_, words)| first_characters(words, LONGEST_WORDS))
                .into(),
        ]
    });
    let values: Vec<Value> = values.collect();
    database.execute(WRITE, &statement, values)?;
    Ok(())
}

/// Returns how many accounts have had no good backup since a failure, as the last daily run saw them.
pub fn failing(database: &mut Database) -> Result<u64, SqlError> {
    let found = database.query("read the table of accounts", FAILING, (), |row| {
        column(row, 0)
    });
    Ok(nothing_without_table(found)?
        .into_iter()
        .next()
        .unwrap_or_default())
}
