//! The table `mod_cometbackup_pages`: what the customer's page of an account last showed, without secrets. It ends with the
//! account.

use mysql::Value;

use crate::clock;
use crate::database::moment::{is_older_than, is_recent};
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, Query, SqlError, column, params, placeholders};
use crate::journal;
use crate::service_id::ServiceId;

pub const TABLE: Table = Table {
    name: "mod_cometbackup_pages",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_pages (
    owner_key VARCHAR(32) NOT NULL PRIMARY KEY,
    account_id BIGINT UNSIGNED NOT NULL,
    identity CHAR(64) NOT NULL,
    shape SMALLINT UNSIGNED NOT NULL,
    mark VARCHAR(40) NOT NULL,
    page MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
    read_at DATETIME NOT NULL,
    KEY account_id (account_id),
    KEY read_at (read_at)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin",
    columns: &[],
    indexes: &[],
};

const FIND: &str = concat!(
    "SELECT page, mark, DATE_FORMAT(read_at, '%Y-%m-%d %H:%i:%s'), ",
    is_recent!("read_at", "1 MINUTE"),
    " FROM mod_cometbackup_pages
    WHERE owner_key=:owner_key AND identity=:identity AND shape=:shape AND ",
    is_recent!("read_at", "30 DAY")
);

/// Nothing is kept of an account that has ended in the meantime.
const KEEP: &str = "INSERT INTO mod_cometbackup_pages (owner_key, account_id, identity, shape, mark, page, read_at)
    SELECT :owner_key, a.id, :identity, :shape, :mark, :page, DATE_SUB(UTC_TIMESTAMP(), INTERVAL :age SECOND)
    FROM mod_cometbackup_accounts a WHERE a.id=:account AND a.state='created'
    ON DUPLICATE KEY UPDATE account_id=VALUES(account_id), identity=VALUES(identity), shape=VALUES(shape),
      mark=VALUES(mark), page=VALUES(page), read_at=VALUES(read_at)";

const END: &str = "DELETE FROM mod_cometbackup_pages WHERE account_id=:id";

const END_ALL: &str = "DELETE FROM mod_cometbackup_pages WHERE account_id IN ";

const FORGET: &str = "DELETE FROM mod_cometbackup_pages WHERE owner_key=:owner_key";

const FORGET_OLD: &str = concat!(
    "DELETE FROM mod_cometbackup_pages WHERE ",
    is_older_than!("read_at", "30 DAY"),
    " LIMIT 10000"
);

const READ: &str = "read the table of customers' pages";
const WRITE: &str = "write the table of customers' pages";

/// The key of a page: whose it is, and which version of this module can read it.
pub struct PageKey<'a> {
    pub service_id: ServiceId,
    /// The row in the table of accounts.
    pub account: u64,
    /// A hash of all that makes it this account of this customer on this server.
    pub identity: &'a str,
    /// Which fields a page has: one that another version has written is not read.
    pub shape: u16,
}

/// A page that is kept.
pub struct KeptPage {
    pub document: String,
    /// Unix seconds.
    pub read_at: i64,
    /// It was read in the last minute.
    pub is_recent: bool,
}

/// Finds what is kept, where no operation on the service has begun or ended since, and the mark under which the next page is
/// kept. One round trip; nothing where it cannot be read, which costs a request.
pub fn find(
    database: &mut Database,
    module: &'static str,
    key: &PageKey<'_>,
) -> Option<(String, Option<KeptPage>)> {
    let parameters = params! {
        "owner_key" => key.service_id.key(), "identity" => key.identity, "shape" => key.shape,
    };
    let readings: [Query; 2] = [(FIND, parameters), journal::mark_of(module, key.service_id)];
    let found = database.with_schema(prepare, |database| database.query_all(READ, &readings));
    let [pages, marks] = found.ok()?;
    let mark = marks.first().map(journal::mark).unwrap_or_default();
    let page = pages.first().filter(|row| column::<String>(row, 1) == mark);
    let page = page.and_then(|row| {
        Some(KeptPage {
            document: column(row, 0),
            read_at: clock::unix(&column::<String>(row, 2))?,
            is_recent: column(row, 3),
        })
    });
    Some((mark, page))
}

/// Keeps a page that was begun to be read so many seconds ago, under the mark of that moment. A cache: where it cannot be
/// written the next page sends its requests again.
pub fn keep(database: &mut Database, key: &PageKey<'_>, mark: &str, document: &str, age: u64) {
    let parameters = params! {
        "owner_key" => key.service_id.key(), "account" => key.account, "identity" => key.identity,
        "shape" => key.shape, "mark" => mark, "page" => document, "age" => age,
    };
    drop(database.execute(WRITE, KEEP, parameters));
}

/// Returns the statement that removes what is kept of an account, to be sent behind the one that ends it.
pub fn ending(account: u64) -> Query {
    (END, params! { "id" => account })
}

/// Removes what is kept of accounts. One statement.
pub fn end(database: &mut Database, accounts: &[u64]) -> Result<(), SqlError> {
    let statement = format!("{END_ALL}{}", placeholders(accounts.len()));
    let accounts: Vec<Value> = accounts.iter().map(Value::from).collect();
    nothing_without_table(database.execute(WRITE, &statement, accounts)).map(drop)
}

/// Removes what is kept of a service.
pub fn forget(database: &mut Database, service_id: ServiceId) -> Result<(), SqlError> {
    let parameters = params! { "owner_key" => service_id.key() };
    nothing_without_table(database.execute(WRITE, FORGET, parameters)).map(drop)
}

/// Removes what nobody has looked at for a month.
pub fn forget_old(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(database.execute(WRITE, FORGET_OLD, ())).map(drop)
}

fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}
