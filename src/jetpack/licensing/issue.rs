//! The step that issues one license, and the loop that takes it until the service holds what it should.

use std::time::Duration;

use super::errors::UNDECIDED;
use super::session::{ISSUE, ISSUE_ASKED, Licensing, Look, answer_of};
use super::spool;
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{License, Slug};
use crate::jetpack::tables::licenses::{self, Place, StoredLicense};
use crate::journal::{self, Answer, End};
use crate::outcome::{Answered, Outcome};

/// One call goes on with the next license only so long; a service may be sold in any quantity.
const LONGEST_RUN: Duration = Duration::from_secs(120);

/// Which services get a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Any,
    /// One that holds a license, of whatever product, when its turn comes: others may have ended or been suspended.
    Holder,
}

impl Licensing<'_> {
    /// Issues until the service holds what it should; answers what it holds. `look` is what the books said a moment ago,
    /// `counts` says which of the licenses do.
    pub fn issue_missing(
        &mut self,
        mut look: Look,
        slug: &Slug,
        to: To,
        counts: impl Fn(&StoredLicense) -> bool,
    ) -> Result<Vec<StoredLicense>, Error> {
        let api = self.api()?;
        let asked = format!("{ISSUE_ASKED}{}", slug.as_str());
        let mut expected = 0;
        loop {
            let living = look.living;
            let held = living.iter().filter(|license| counts(license)).count();
            // A lost answer comes first, unless the license just issued was the last.
            if !look.is_quiet && (expected == 0 || held < self.wanted()) {
                self.refuse_what_is_undecided()?;
            }
            if held >= self.wanted() || (to == To::Holder && living.is_empty()) {
                return Ok(living);
            }
            if held < expected {
                return Err(Error::Refusal(
                    "Another command revoked a license of this service while this one issued them. Look at the service, then run the command that is meant.".into(),
                ));
            }
            if held > 0 && self.begun.elapsed() > LONGEST_RUN {
                return Err(Error::Refusal(format!(
                    "{held} of {} licenses are issued and the time for one call is over. Run the command again to go on.",
                    self.wanted()
                )));
            }
            let entry = self.begin(&self.intent(ISSUE, &asked))?;
            // Another process may have done it while this one waited for its turn.
            if !self.still_holds(&living) {
                journal::withdraw(&mut self.database, &entry)?;
                look = self.look()?;
                continue;
            }
            self.sent(&entry)?;
            match api.issue(slug) {
                Outcome::Done(issued) => {
                    let stored = self.store(&api, &entry, slug, &issued)?;
                    // Where there were others, they may have been revoked meanwhile: the books say.
                    if let Some(only) = stored.filter(|_| living.is_empty() && self.wanted() == 1) {
                        return Ok(vec![only]);
                    }
                }
                Outcome::NotDone(error) => {
                    self.end(&entry, End::Failed, &answer_of(&error))?;
                    return Err(error);
                }
                Outcome::NotKnown(error) => {
                    self.end(&entry, End::Unknown, &answer_of(&error))?;
                    return Err(Error::Refusal(format!("{error} {UNDECIDED}")));
                }
            }
            expected = held + 1;
            look = self.look()?;
        }
    }

    /// Whether the service holds these licenses and no lost answer may stand for another.
    fn still_holds(&mut self, living: &[StoredLicense]) -> bool {
        let row = |license: &StoredLicense| license.row;
        self.undecided_and_living().is_ok_and(|(undecided, now)| {
            undecided.is_none() && now.iter().map(row).eq(living.iter().map(row))
        })
    }

    /// Stores an issued license; `None` where an earlier try had done so, whose end was not heard. What cannot be stored
    /// is revoked again: it would be paid for and known to nobody.
    fn store(
        &mut self,
        api: &Api<'_>,
        entry: &journal::Entry,
        slug: &Slug,
        issued: &Answered<License>,
    ) -> Result<Option<StoredLicense>, Error> {
        let license = &issued.value;
        let answer = Answer {
            text: format!("issued the license {}", license.key.hint()),
            remote_id: license.id.map(|id| id.to_string()),
            request_id: issued.request_id.clone(),
        };
        let place = Place::of(self.service);
        let stored = self.database.retrying(|database| {
            database.transaction("store the license", |transaction| {
                if !journal::done_within(transaction, entry, &answer)? {
                    return Ok(None);
                }
                licenses::insert_within(transaction, &place, slug.as_str(), license).map(Some)
            })
        });
        let fault = match stored {
            Ok(license) => return Ok(license),
            Err(fault) => fault,
        };
        let maybe_stored = fault.maybe_committed;
        let error = Error::from(fault);
        // What may be stored is not revoked behind the table's back.
        if !maybe_stored && matches!(api.revoke(&license.key), Outcome::Done(_)) {
            let undone = Answer {
                text: format!("{}, could not store it and revoked it again", answer.text),
                ..answer
            };
            // Where this cannot be written either, the row is closed as unknown: that is safe.
            if let Err(error) = self.end(entry, End::Failed, &undone) {
                self.host
                    .log_activity(error.for_staff(crate::jetpack::ERROR_PREFIX));
            }
            return Err(Error::Refusal(format!(
                "Jetpack issued a license, it could not be stored, and it was revoked again. {error}"
            )));
        }
        let request_id = issued.request_id.as_deref();
        Err(Error::Refusal(
            match spool::keep(self, entry, slug, license, request_id) {
                Ok(file) => format!(
                    "Jetpack issued the license {}, and it is not certain that it was stored. It is kept in {file} on this web server, and the next command or the daily cron stores it there. {error}",
                    license.key.hint()
                ),
                // The answer is the last place that can hold the key.
                Err(no_file) => format!(
                    "Jetpack issued the license {} and it is not certain that it was stored. Keep this key: when the database works again, see whether the service page shows it, else enter it there. {error} No file keeps it: {no_file}.",
                    crate::error::plain(license.key.expose())
                ),
            },
        ))
    }
}
