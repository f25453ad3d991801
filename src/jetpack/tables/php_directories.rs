//! The table `mod_whmcs_provisioning_php`: which private directory each PHP of this WHMCS uses, or why it has none.

use crate::database::moment::{is_older_than, is_recent};
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, column, params};
use crate::text::first_characters;

pub const TABLE: Table = Table {
    name: "mod_whmcs_provisioning_php",
    create: "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_php (
    mark CHAR(64) NOT NULL PRIMARY KEY,
    host VARCHAR(64) NOT NULL,
    user_id INT UNSIGNED NOT NULL,
    place VARCHAR(255) NOT NULL,
    problem VARCHAR(255) NULL,
    seen_at DATETIME NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    columns: &[],
    indexes: &[],
};

const SEEN: &str = "INSERT INTO mod_whmcs_provisioning_php (mark, host, user_id, place, problem, seen_at)
    VALUES (:mark, :host, :user, :place, :problem, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE host=VALUES(host), user_id=VALUES(user_id), place=VALUES(place), problem=VALUES(problem),
      seen_at=VALUES(seen_at)";

const FORGET: &str = concat!(
    "DELETE FROM mod_whmcs_provisioning_php WHERE ",
    is_older_than!("seen_at", "30 DAY")
);

/// A PHP that has not been seen for days may have been corrected since.
const OTHERS: &str = concat!(
    "SELECT host, user_id, place, problem FROM mod_whmcs_provisioning_php
    WHERE mark<>:mark AND ",
    is_recent!("seen_at", "3 DAY"),
    " ORDER BY host, user_id, place LIMIT 3"
);

const WRITE: &str = "note which private directory this PHP uses";

/// Characters of a text column.
const LONGEST: usize = 255;

/// A PHP, and the private directory that it uses.
pub struct Directory {
    pub host: String,
    pub user_id: u32,
    pub path: String,
    /// The reason why it has none.
    pub problem: Option<String>,
}

/// Records the directory that has this mark, as seen now.
pub fn keep(database: &mut Database, mark: &str, seen: &Directory) -> Result<(), SqlError> {
    let prepare = |database: &mut Database| schema::prepare(database, &TABLE).map(drop);
    database.with_schema(prepare, |database| write(database, mark, seen))
}

fn write(database: &mut Database, mark: &str, seen: &Directory) -> Result<(), SqlError> {
    let short = |text: &String| first_characters(text, LONGEST);
    let parameters = params! {
        "mark" => mark, "host" => &seen.host, "user" => seen.user_id,
        "place" => short(&seen.path), "problem" => seen.problem.as_ref().map(short),
    };
    database.execute(WRITE, SEEN, parameters)?;
    database.execute(WRITE, FORGET, ())?;
    Ok(())
}

/// Returns directories with another mark that were seen in the last days, three at most; none where no PHP has noted one yet.
pub fn others(database: &mut Database, mark: &str) -> Result<Vec<Directory>, SqlError> {
    let parameters = params! { "mark" => mark };
    let task = "read which private directories there are";
    let others = database.query(task, OTHERS, parameters, |row| Directory {
        host: column(row, 0),
        user_id: column(row, 1),
        path: column(row, 2),
        problem: column(row, 3),
    });
    nothing_without_table(others)
}
