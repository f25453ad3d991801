//! The survey of Jetpack's list of a token against our tables: the licenses of the last 30 days that none of them has.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;

use super::judge::{Evidence, FoundLicense};
use crate::clock;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license_list::{Bounds, ListFilter, ListedLicense};
use crate::jetpack::licensing::session::ISSUE;
use crate::jetpack::licensing::spool;
use crate::jetpack::tables::licenses_listing;
use crate::jetpack::{MODULE, OPTION_TOKEN};
use crate::journal::listing;
use crate::whmcs::Host;
use crate::whmcs::services::Settings;

const A_DAY: i64 = 86_400;
/// How far back the list is read: a license of somebody else shows that the token is not ours alone.
const SPAN: i64 = 30 * A_DAY;
/// How far back from the oldest question it has to show all that we issued.
const OWN_SPAN: i64 = 7 * A_DAY;
/// Clocks, and the hours in which the PHP module wrote its times, differ.
const LEEWAY: i64 = 2 * A_DAY;
/// More licenses of others say no more.
const MOST_FOUND: usize = 5_000;

/// The licenses in our table, as hashes: 100,000 take a few megabytes.
struct Own {
    hashes: RandomState,
    all: HashSet<u64>,
    /// Those of the token that the list has to show, and has not shown yet.
    due: HashSet<u64>,
    was_due: HashSet<u64>,
    /// Others that the list has shown.
    others: HashSet<u64>,
}

/// Looks at the list; `None` where the token has none. `oldest` is the age of the oldest question in seconds.
///
/// # Errors
/// That Jetpack does not answer, and those of the database.
pub fn survey(
    host: &dyn Host,
    database: &mut Database,
    api: &Api<'_>,
    (token, settings): (&str, &Settings),
    (bounds, oldest): (Bounds, i64),
) -> Result<Option<Evidence>, Error> {
    let mut own = Own::read(database, (token, settings), oldest)?;
    let mut unknown: Vec<ListedLicense> = Vec::new();
    let mut shown: Option<(i64, i64)> = None;
    let mut is_complete = true;
    for filter in [ListFilter::NotRevoked, ListFilter::Revoked] {
        let read = api.licenses(filter, bounds, &mut |license| {
            let issued = issued(&license);
            let is_of_old = issued.is_some_and(|at| at < api.now() - SPAN - A_DAY);
            if is_of_old {
                return ControlFlow::Break(());
            }
            if let Some(was_due) = own.shows(&license) {
                if let Some(at) = issued.filter(|_| was_due) {
                    let (oldest, newest) = shown.unwrap_or((at, at));
                    shown = Some((oldest.min(at), newest.max(at)));
                }
            } else if unknown.len() < MOST_FOUND && own.is_new(&license) {
                unknown.push(license);
            }
            ControlFlow::Continue(())
        })?;
        let Some(reading) = read else {
            return Ok(None);
        };
        is_complete &= reading.is_proof();
    }
    // A list that lacks what is ours may lack what is somebody else's.
    is_complete &= unknown.len() < MOST_FOUND && own.due.is_empty();
    // What waits in a file that cannot be read may be any of them.
    let waiting = spool::keys(host);
    is_complete &= waiting.is_some();
    keep_unknown(database, waiting.unwrap_or_default(), &mut unknown)?;
    Ok(Some(Evidence {
        found: unknown.into_iter().map(found).collect(),
        is_complete,
        now: api.now(),
        has_clock: api.has_clock(),
        patience: patience(host),
        oldest_own: shown.map(|(oldest, _)| oldest),
        newest_own: shown.map(|(_, newest)| newest),
    }))
}

/// Seconds that a request may take, rounded up.
fn patience(host: &dyn Host) -> i64 {
    i64::try_from(host.http().request_timeout.as_secs() + 1).unwrap_or_default()
}

impl Own {
    fn read(
        database: &mut Database,
        (token, settings): (&str, &Settings),
        oldest: i64,
    ) -> Result<Self, Error> {
        let now = clock::unix_now();
        let mut own = Self {
            hashes: RandomState::new(),
            all: HashSet::new(),
            due: HashSet::new(),
            was_due: HashSet::new(),
            others: HashSet::new(),
        };
        let since = clock::stored(now - SPAN - LEEWAY);
        let recent = clock::stored(now - (OWN_SPAN + oldest).min(SPAN));
        let mut after = 0;
        loop {
            let page = licenses_listing::issued_since(database, &since, after)?;
            let Some(last) = page.last() else {
                return Ok(own);
            };
            after = last.license.row;
            for row in &page {
                let hash = own.hashes.hash_one(row.license.key.expose());
                own.all.insert(hash);
                let sold_with = row
                    .definition
                    .and_then(|definition| settings.get(&definition));
                let sold_with = sold_with.and_then(|options| options.at(OPTION_TOKEN));
                if row.license.issued_at >= recent && sold_with.map(str::trim) == Some(token) {
                    own.due.insert(hash);
                }
            }
        }
    }

    /// Whether the list had to show the license; `None` where it is not one of ours.
    fn shows(&mut self, license: &ListedLicense) -> Option<bool> {
        let hash = self.hashes.hash_one(license.key.expose());
        let was_due = self.due.remove(&hash) || self.was_due.contains(&hash);
        if was_due {
            self.was_due.insert(hash);
        }
        self.all.contains(&hash).then_some(was_due)
    }

    /// Whether a license of nobody here comes for the first time.
    fn is_new(&mut self, license: &ListedLicense) -> bool {
        self.others
            .insert(self.hashes.hash_one(license.key.expose()))
    }
}

/// Keeps those that neither a row, nor a file, nor the journal has: rows may have come since, or hold other times, and what
/// was issued and revoked again is in the journal alone.
fn keep_unknown(
    database: &mut Database,
    waiting: Vec<String>,
    unknown: &mut Vec<ListedLicense>,
) -> Result<(), Error> {
    let keys: Vec<&str> = unknown.iter().map(|license| license.key.expose()).collect();
    let mut known: HashSet<String> = licenses_listing::held_of(database, &keys)?
        .into_iter()
        .collect();
    known.extend(waiting);
    unknown.retain(|license| !known.contains(license.key.expose()));
    let ids: Vec<String> = unknown
        .iter()
        .filter_map(|license| license.id)
        .map(|id| id.to_string())
        .collect();
    let ours = listing::remote_ids_of(database, MODULE, ISSUE, &ids)?;
    unknown.retain(|license| license.id.is_none_or(|id| !ours.contains(&id.to_string())));
    Ok(())
}

fn found(license: ListedLicense) -> FoundLicense {
    FoundLicense {
        slug: license.slug().unwrap_or_default().to_owned(),
        issued: issued(&license),
        is_free: !license.is_attached() && license.revoked_at.is_none(),
        key: license.key,
    }
}

fn issued(license: &ListedLicense) -> Option<i64> {
    license.issued_at.as_deref().and_then(clock::unix)
}
