//! The comparison with Jetpack: the state of licenses there against that in our table.

use std::collections::HashSet;

use super::budget::{Budget, LicenseReply, MOST_REQUESTS};
use super::by_list::ListResult;
use super::{about, open_sites, repair};
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::tables::licenses_listing::{self, Surveyed};
use crate::reconciliation::{Finding, Run};
use crate::whmcs::Host;
use crate::whmcs::services::Settings;

/// Share of the budget for licenses revoked here: each is checked until Jetpack has it as revoked, too.
const MOST_REVOKED: usize = 100;
/// Replies that are recorded together.
const BATCH: usize = 50;

/// Kinds of findings.
const ALIVE: &str = "alive";
const NOT_KNOWN: &str = "not known";

/// What the replies amount to.
#[derive(Default)]
struct Replies {
    /// Subjects that Jetpack replied about.
    alive: HashSet<String>,
    not_known: HashSet<String>,
    /// Rows to record: active at Jetpack as well; and checked, with another end.
    checked: Vec<u64>,
    asked: Vec<u64>,
}

/// Checks, repairs and reports what no list has answered. Returns how many requests that took.
pub fn ask(
    host: &dyn Host,
    run: &mut Run,
    database: &mut Database,
    settings: &Settings,
    listed: &ListResult,
) -> Result<usize, Error> {
    let mut budget = Budget::new(host, database, settings)?;
    let mut replies = Replies::default();
    repair::lost_revocations(&mut budget, run, database)?;
    revoked(&mut budget, &mut replies, run, database, listed)?;
    open_sites::go_on(&mut budget, run, database)?;
    active(&mut budget, &mut replies, run, database, listed)?;
    replies.write_down(run, database)?;
    let asked = budget.asked;
    let (refused, remarks) = budget.finish();
    for finding in refused {
        run.report(database, finding)?;
    }
    for remark in remarks {
        run.remark(remark);
    }
    run.keep_kind(database, ALIVE, &replies.alive)?;
    let earlier = run.earlier(database, NOT_KNOWN)?;
    let over = licenses_listing::no_longer_active(database, &earlier)?;
    replies.not_known.extend(over);
    let is_seen = |subject: &String| listed.has_seen(licenses_listing::row_of(subject));
    replies
        .not_known
        .extend(earlier.into_iter().filter(is_seen));
    run.keep_kind(database, NOT_KNOWN, &replies.not_known)?;
    Ok(asked)
}

fn active(
    budget: &mut Budget<'_>,
    replies: &mut Replies,
    run: &mut Run,
    database: &mut Database,
    listed: &ListResult,
) -> Result<(), Error> {
    let most = MOST_REQUESTS.saturating_sub(budget.asked);
    for row in licenses_listing::longest_unchecked(database, run.scope(), most)? {
        if listed.has_seen(row.license.row) {
            continue;
        }
        match budget.license(&row)? {
            LicenseReply::License(license) => {
                replies.not_known.insert(row.subject());
                match license.revoked_at {
                    None => replies.checked.push(row.license.row),
                    Some(at) => repair::revoked_there(run, database, &row, &at)?,
                }
            }
            LicenseReply::Unknown(error) => {
                replies.not_known.insert(row.subject());
                replies.asked.push(row.license.row);
                run.report(database, not_known(&row, &error))?;
            }
            LicenseReply::Refused(error) => {
                replies.asked.push(row.license.row);
                budget.doubt(&row, not_known(&row, &error));
            }
            LicenseReply::Nothing => {}
        }
        replies.write_down_some(run, database)?;
    }
    Ok(())
}

fn revoked(
    budget: &mut Budget<'_>,
    replies: &mut Replies,
    run: &mut Run,
    database: &mut Database,
    listed: &ListResult,
) -> Result<(), Error> {
    let mut known = listed.alive.clone();
    if listed.pages > 0 {
        let earlier = run.earlier(database, ALIVE)?;
        let rows = earlier
            .iter()
            .map(|subject| licenses_listing::row_of(subject));
        known.extend(rows.filter_map(|row| u32::try_from(row).ok()));
        known.sort_unstable();
        known.dedup();
        known.truncate(MOST_REVOKED);
    }
    let mut rows = licenses_listing::revoked_rows(database, run.scope(), &known)?;
    let rest = MOST_REVOKED.saturating_sub(rows.len());
    for row in licenses_listing::revoked_unseen(database, run.scope(), rest)? {
        if !known
            .iter()
            .any(|known| u64::from(*known) == row.license.row)
        {
            rows.push(row);
        }
    }
    for row in rows {
        match budget.license(&row)? {
            LicenseReply::License(license) if license.revoked_at.is_none() => {
                replies.alive.insert(row.subject());
                let text = format!(
                    "The license {} is revoked here and active at Jetpack, which may bill it. Revoke it in the Jetpack partner portal.",
                    row.license.key.hint()
                );
                run.report(database, about(&row, ALIVE, text))?;
            }
            // What is revoked here and unknown there is no harm.
            LicenseReply::License(_) | LicenseReply::Unknown(_) => {
                replies.alive.insert(row.subject());
                replies.asked.push(row.license.row);
            }
            LicenseReply::Refused(error) => budget.doubt(&row, not_known(&row, &error)),
            LicenseReply::Nothing => {}
        }
        replies.write_down_some(run, database)?;
    }
    Ok(())
}

impl Replies {
    fn write_down_some(&mut self, run: &Run, database: &mut Database) -> Result<(), Error> {
        if self.checked.len() + self.asked.len() < BATCH {
            return Ok(());
        }
        self.write_down(run, database)
    }

    fn write_down(&mut self, run: &Run, database: &mut Database) -> Result<(), Error> {
        run.alive(database)?;
        licenses_listing::record_checked(database, &self.checked)?;
        licenses_listing::record_asked(database, &self.asked)?;
        self.checked.clear();
        self.asked.clear();
        Ok(())
    }
}

fn not_known(row: &Surveyed, error: &Error) -> Finding {
    let text = format!(
        "The license {} is active here, and Jetpack did not confirm that. A license that was issued with another API Token is known to that one only. {error}",
        row.license.key.hint()
    );
    about(row, NOT_KNOWN, text)
}
