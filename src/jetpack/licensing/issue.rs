//! The step that issues one license, and the loop that takes it until the service has what it should.

use std::time::Duration;

use super::errors::UNDECIDED;
use super::session::{ISSUE, ISSUE_ASKED, LicenseSession};
use super::spool::{self, Issued};
use crate::database::SqlError;
use crate::error::Error;
use crate::jetpack::ERROR_PREFIX;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{License, Slug};
use crate::jetpack::tables::licenses::{self, LicensePlace, StoredLicense};
use crate::journal::Answer;
use crate::journal::operation::{Done, Ended};
use crate::outcome::Outcome;

/// One call goes on with the next license only so long; a service may be sold in any quantity.
const LONGEST_RUN: Duration = Duration::from_secs(120);

impl LicenseSession<'_> {
    /// Issues until the service has what it should; returns what it has. `active` are those of `settled`; `counts` says which
    /// of them do.
    pub fn issue_missing(
        &mut self,
        mut active: Vec<StoredLicense>,
        slug: &Slug,
        counts: impl Fn(&StoredLicense) -> bool,
    ) -> Result<Vec<StoredLicense>, Error> {
        let api = self.api()?;
        let held = |active: &[StoredLicense]| active.iter().filter(|one| counts(one)).count();
        let mut expected = 0;
        while held(&active) < self.wanted() {
            let count = held(&active);
            if count < expected {
                return Err(revoked_meanwhile());
            }
            if count > 0 && self.begun.elapsed() > LONGEST_RUN {
                return Err(Error::Refusal(format!(
                    "{count} of {} licenses are issued and the time for one call is over. Run the command again to go on.",
                    self.wanted()
                )));
            }
            match self.issue(&api, slug)? {
                Some(issued) => active.push(issued),
                None => active = self.active()?,
            }
            expected = count + 1;
        }
        // Check at Jetpack does not wait for the lock: it may have found that one of the others is revoked.
        if expected > 0 && active.len() > 1 {
            active = self.active()?;
            if held(&active) < self.wanted() {
                return Err(revoked_meanwhile());
            }
        }
        Ok(active)
    }

    /// Issues one license and stores it; `None` where an earlier try had stored it, whose end was not heard.
    fn issue(&mut self, api: &Api<'_>, slug: &Slug) -> Result<Option<StoredLicense>, Error> {
        let asked = format!("{ISSUE_ASKED}{}", slug.as_str());
        let issued = match self.run(ISSUE, &asked, || api.issue(slug))? {
            Ended::Done(issued) => issued,
            Ended::Failed(error) => return Err(error),
            // Stored by now: the caller reads what there is. Where the database fails here, what staff have to know is that
            // the answer was lost.
            Ended::Unknown(_) if self.settle_issue().unwrap_or_default() => return Ok(None),
            Ended::Unknown(lost) => {
                return Err(Error::Refusal(format!("{} {UNDECIDED}", lost.error)));
            }
        };
        let license = issued.value();
        let answer = Answer {
            text: format!("issued the license {}", license.key.hint()),
            remote_id: license.id.map(|id| id.to_string()),
            request_id: issued.request_id().map(str::to_owned),
        };
        let place = LicensePlace::of(self.service);
        let database = &mut self.database;
        let stored = issued.store(
            database,
            "store the license",
            &answer,
            |transaction, license| {
                licenses::insert_within(transaction, &place, slug.as_str(), license)
            },
        );
        stored.map_err(|fault| self.not_stored(api, slug, &issued, answer, fault))
    }

    /// Revokes a license that cannot be stored: it would be paid for and known to nobody. Where it may be stored, or
    /// cannot be revoked, it is kept on disk.
    fn not_stored(
        &mut self,
        api: &Api<'_>,
        slug: &Slug,
        issued: &Done<License>,
        answer: Answer,
        fault: SqlError,
    ) -> Error {
        let license = issued.value();
        let maybe_stored = fault.maybe_committed;
        let error = Error::from(fault);
        // What may be stored is not revoked behind the table's back.
        if !maybe_stored && matches!(api.revoke(&license.key), Outcome::Done(_)) {
            let undone = Answer {
                text: format!("{}, could not store it and revoked it again", answer.text),
                ..answer
            };
            // Where this cannot be written either, the row is closed as unknown: that is safe.
            if let Err(fault) = issued.undone(&mut self.database, &undone) {
                self.host
                    .log_activity(Error::from(fault).for_staff(ERROR_PREFIX));
            }
            return Error::Refusal(format!(
                "Jetpack issued a license, it could not be stored, and it was revoked again. {error}"
            ));
        }
        let kept = Issued {
            journal_id: issued.row(),
            slug,
            license,
            request_id: issued.request_id(),
        };
        let file = spool::keep(self.host, self.service, &self.database, &kept);
        Error::Refusal(match file {
            Ok(file) => format!(
                "Jetpack issued the license {}, and it is not certain that it was stored. It is kept in {file} on this web server, and the next command or the daily cron stores it there. {error}",
                license.key.hint()
            ),
            // The answer is the last place that can hold the key.
            Err(no_file) => format!(
                "Jetpack issued the license {} and it is not certain that it was stored. Keep this key: when the database works again, see whether the service page shows it, else enter it there. {error} No file keeps it: {no_file}.",
                crate::text::plain(license.key.expose())
            ),
        })
    }
}

fn revoked_meanwhile() -> Error {
    Error::Refusal(
        "Another command revoked a license of this service while this one issued them. Look at the service, then run the command that is meant.".into(),
    )
}
