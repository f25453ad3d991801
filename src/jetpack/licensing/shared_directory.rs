//! Whether every PHP of this WHMCS sees the same private directory: what a page keeps there, the daily run has to find.
//!
//! Each directory has a mark in a file. Who uses a directory, or finds none to use, writes so into a table, once a day.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use mysql::Row;
use nix::unistd::{geteuid, gethostname};

use crate::database::moment::{is_older_than, is_recent};
use crate::database::schema::{self, Table};
use crate::database::{Database, SqlError, column, params};
use crate::error::{Error, plain};
use crate::hash::sha256;
use crate::worker::state_dir::{Location, StateDir, Unread};

const TABLE: Table = Table {
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
/// The file in the directory.
const MARK: &str = "mark";
const MARK_LENGTH: u64 = 64;
const A_DAY: Duration = Duration::from_secs(86_400);

/// When this process last noted that it has no directory: seconds since 1970.
static WITHOUT: AtomicU64 = AtomicU64::new(0);

/// A PHP and its directory.
struct Seen {
    mark: String,
    problem: Option<String>,
}

/// Writes down which directory this PHP uses, where that was not done today. It is no reason for a command to fail:
/// where it cannot be written, the daily run meets the same fault and says so.
pub fn note(location: &Location, database: &mut Database) {
    let seen = match location.open_or_make() {
        Ok(directory) => match mark(&directory) {
            Some((mark, false)) => Seen {
                mark,
                problem: None,
            },
            _ => return,
        },
        Err(problem) if is_due(&WITHOUT, unix_now()) => Seen {
            mark: mark_without(&problem),
            problem: Some(problem),
        },
        Err(_) => return,
    };
    if write(database, location, &seen).is_err_and(|fault| fault.is_missing_schema())
        && schema::prepare(database, &TABLE).is_ok()
    {
        drop(write(database, location, &seen));
    }
}

/// What staff should know of it, as sentences that stay the same until it is corrected.
pub fn remarks(location: &Location, database: &mut Database) -> Result<Vec<String>, Error> {
    let (own, mut remarks) = match location.open() {
        Ok(directory) => match mark(&directory) {
            Some((mark, _)) => (mark, Vec::new()),
            None => return Ok(Vec::new()),
        },
        Err(problem) => (mark_without(&problem), vec![none("This PHP", &problem)]),
    };
    let parameters = params! { "mark" => own };
    let task = "read which private directories there are";
    let others = database.query(task, OTHERS, parameters, |row: &Row| {
        let user: u32 = column(row, 1);
        let php = format!(
            "PHP as the user {user} on {}",
            plain(&column::<String>(row, 0))
        );
        match column::<Option<String>>(row, 3) {
            Some(problem) => none(&php, &plain(&problem)),
            None => format!(
                "{php} keeps licenses that cannot be stored in {}, which is another directory than {} of this PHP: name one that both see in whmcs_provisioning.state_dir.",
                plain(&column::<String>(row, 2)),
                location.path.display()
            ),
        }
    });
    match others {
        Ok(others) => remarks.extend(others),
        // No PHP has noted anything yet.
        Err(fault) if fault.is_missing_schema() => {}
        Err(fault) => return Err(fault.into()),
    }
    Ok(remarks)
}

fn none(php: &str, problem: &str) -> String {
    format!(
        "{php} has no place for a license that cannot be stored: {problem}. Run install.sh, or correct that."
    )
}

/// The directory's mark, and whether it was noted within a day. `None` where it cannot be read or written now.
fn mark(directory: &StateDir) -> Option<(String, bool)> {
    let kept = match directory.read(MARK, MARK_LENGTH) {
        Err(Unread::Missing) => {
            let now = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            let new = sha256(&format!("{} {} {now:?}", host(), std::process::id()));
            directory.write_first(MARK, &new).ok()?;
            let written = directory.read(MARK, MARK_LENGTH).ok()?;
            return is_mark(&written.text).then_some((written.text, false));
        }
        kept => kept.ok()?,
    };
    if !is_mark(&kept.text) {
        return None;
    }
    // A time in the future counts as past.
    let is_fresh = kept.written.elapsed().is_ok_and(|age| age < A_DAY);
    if !is_fresh {
        directory.write_hint(MARK, &kept.text).ok()?;
    }
    Some((kept.text, is_fresh))
}

/// What stands for having none, for one reason.
fn mark_without(problem: &str) -> String {
    sha256(&format!("{} {} {problem}", host(), geteuid()))
}

fn is_mark(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Once a day for a process, because without a directory only the process can remember it.
fn is_due(noted: &AtomicU64, now: u64) -> bool {
    let is_due = now.abs_diff(noted.load(Ordering::Relaxed)) >= A_DAY.as_secs();
    if is_due {
        noted.store(now, Ordering::Relaxed);
    }
    is_due
}

fn unix_now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |age| age.as_secs())
}

fn write(database: &mut Database, location: &Location, seen: &Seen) -> Result<(), SqlError> {
    let short = |text: &str| -> String { text.chars().take(255).collect() };
    let parameters = params! {
        "mark" => &seen.mark, "host" => host(), "user" => geteuid().as_raw(),
        "place" => short(&location.path.display().to_string()),
        "problem" => seen.problem.as_deref().map(short),
    };
    database.execute(WRITE, SEEN, parameters)?;
    database.execute(WRITE, FORGET, ())?;
    Ok(())
}

fn host() -> String {
    let name = gethostname().unwrap_or_default();
    name.to_string_lossy().chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_process_without_a_directory_notes_that_each_day() {
        let noted = AtomicU64::new(0);
        let first = 1_800_000_000;
        let hours = (0..49).filter(|hour| is_due(&noted, first + hour * 3600));
        assert_eq!(hours.collect::<Vec<u64>>(), [0, 24, 48]);
        assert!(is_due(&noted, first - 86_400), "the clock was set back");
    }
}
