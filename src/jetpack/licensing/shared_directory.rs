//! The check that every PHP of this WHMCS sees the same private directory: what a page keeps there, the daily run has to find.
//!
//! Each directory has a mark in a file. Who uses a directory, or finds none to use, writes so into a table, once a day.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use nix::unistd::{geteuid, gethostname};

use crate::clock;
use crate::database::Database;
use crate::error::Error;
use crate::hash::sha256;
use crate::jetpack::tables::php_directories::{self, Directory};
use crate::text::{first_characters, plain};
use crate::worker::state_dir::{Location, StateDir, Unread};

/// The file in the directory.
const MARK: &str = "mark";
const MARK_LENGTH: u64 = 64;
const A_DAY: Duration = Duration::from_secs(86_400);

/// When this process last noted that it has no directory: seconds since 1970.
static WITHOUT: AtomicI64 = AtomicI64::new(0);

/// Records which directory this PHP uses, where that was not done today.
pub fn note(location: &Location, database: &mut Database) {
    let (mark, problem) = match location.open_or_make() {
        Ok(directory) => match mark(&directory) {
            Some((mark, false)) => (mark, None),
            _ => return,
        },
        Err(problem) if is_due(&WITHOUT, clock::unix_now()) => {
            (mark_without(&problem), Some(problem))
        }
        Err(_) => return,
    };
    let seen = Directory {
        host: host(),
        user_id: geteuid().as_raw(),
        path: location.path.display().to_string(),
        problem,
    };
    // It is no reason for a command to fail: the daily run meets the same fault and says so.
    drop(php_directories::keep(database, &mark, &seen));
}

/// Returns what staff should know of it, as sentences that stay the same until it is corrected.
pub fn remarks(location: &Location, database: &mut Database) -> Result<Vec<String>, Error> {
    let (own, mut remarks) = match location.open() {
        Ok(directory) => match mark(&directory) {
            Some((mark, _)) => (mark, Vec::new()),
            None => return Ok(Vec::new()),
        },
        Err(problem) => (mark_without(&problem), vec![none("This PHP", &problem)]),
    };
    for other in php_directories::others(database, &own)? {
        let php = format!(
            "PHP as the user {} on {}",
            other.user_id,
            plain(&other.host)
        );
        remarks.push(match &other.problem {
            Some(problem) => none(&php, &plain(problem)),
            None => format!(
                "{php} keeps licenses that cannot be stored in {}, which is another directory than {} of this PHP: name one that both see in whmcs_provisioning.state_dir.",
                plain(&other.path),
                location.path.display()
            ),
        });
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
fn is_due(noted: &AtomicI64, now: i64) -> bool {
    let is_due = now.abs_diff(noted.load(Ordering::Relaxed)) >= A_DAY.as_secs();
    if is_due {
        noted.store(now, Ordering::Relaxed);
    }
    is_due
}

fn host() -> String {
    let name = gethostname().unwrap_or_default();
    first_characters(&name.to_string_lossy(), 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_process_without_a_directory_notes_that_each_day() {
        let noted = AtomicI64::new(0);
        let first = 1_800_000_000;
        let hours = (0..49).filter(|hour| is_due(&noted, first + hour * 3600));
        assert_eq!(hours.collect::<Vec<i64>>(), [0, 24, 48]);
        assert!(is_due(&noted, first - 86_400), "the clock was set back");
    }
}
