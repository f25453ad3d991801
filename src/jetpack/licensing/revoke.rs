//! The step that revokes one license, and the question what became of a revocation whose answer was lost.

use super::session::{LicenseSession, REVOKE};
use crate::error::{Error, RefusedRequest};
use crate::jetpack::MODULE;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::License;
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::journal::operation::{Done, Ended};
use crate::journal::{self, Answer, End, Operation};
use crate::outcome::{Answered, Outcome};

impl LicenseSession<'_> {
    /// Revokes every license of the service.
    ///
    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for one more.
    pub fn revoke_all(&mut self, mut active: Vec<StoredLicense>, why: Reason) -> Result<(), Error> {
        loop {
            for license in &active {
                self.revoke(license, why)?;
            }
            if !self.has_unknown() {
                return Ok(());
            }
            self.settle_issue()?;
            active = self.active_once_decided(active)?;
            if active.is_empty() {
                return Ok(());
            }
        }
    }

    /// Revokes one license. A license that is revoked already, at Jetpack or here, is success.
    pub fn revoke(&mut self, license: &StoredLicense, why: Reason) -> Result<(), Error> {
        let api = self.api()?;
        let asked = revocation(license, why);
        let revoked = match self.run(REVOKE, &asked, || revoke_or_ask(&api, license))? {
            Ended::Done(revoked) => revoked,
            Ended::Failed(error) => return Err(error),
            // Whether it is revoked can be asked. After a lost answer it may still be carried out, so that a license
            // which is active now is asked about again by the next command.
            Ended::Unknown(lost) => match api.license(&license.key) {
                Ok(known) if known.revoked_at.is_some() => lost.found_done(known),
                Ok(_) => return Err(still_active(&lost.error)),
                Err(_) => return Err(lost.error),
            },
        };
        self.store_revocation(&revoked, license, why)
    }

    /// Asks Jetpack about licenses whose revocation has no known end: they may count as active and be revoked; and about a
    /// license whose issue has none. One request for each, and one for a page of the list. Returns the active licenses; where
    /// nothing is open, those it was given.
    ///
    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn settled(&mut self, active: Vec<StoredLicense>) -> Result<Vec<StoredLicense>, Error> {
        if !self.has_unknown() {
            return Ok(active);
        }
        self.settle_revocations()?;
        self.settle_issue()?;
        self.active_once_decided(active)
    }

    /// Asks Jetpack about each revocation without a known end, and records the answers.
    pub(super) fn settle_revocations(&mut self) -> Result<(), Error> {
        let service_id = self.service.id;
        while let Some(record) = journal::undecided(&mut self.database, MODULE, service_id, REVOKE)?
        {
            let subject = self.active()?.into_iter().find_map(|license| {
                let why = Reason::ALL
                    .into_iter()
                    .find(|why| revocation(&license, *why) == record.asked)?;
                Some((license, why))
            });
            let mut end = End::Done;
            if let Some((license, why)) = subject {
                match self.api()?.license(&license.key)?.revoked_at {
                    Some(at) => licenses::revoke(&mut self.database, license.row, &at, why)?,
                    None => end = End::Failed,
                }
            }
            let operation = Operation {
                name: REVOKE,
                asked: &record.asked,
            };
            journal::settle(&mut self.database, MODULE, service_id, operation, end)?;
        }
        Ok(())
    }

    fn store_revocation(
        &mut self,
        revoked: &Done<License>,
        license: &StoredLicense,
        why: Reason,
    ) -> Result<(), Error> {
        let known = revoked.value();
        let at = known.revoked_at.clone().unwrap_or_else(crate::clock::now);
        let answer = Answer {
            text: format!("revoked the license {} at {at}", license.key.hint()),
            remote_id: known.id.map(|id| id.to_string()),
            request_id: revoked.request_id().map(str::to_owned),
        };
        let database = &mut self.database;
        revoked.store(
            database,
            "store the revocation",
            &answer,
            |transaction, _| licenses::revoke_within(transaction, license.row, &at, why),
        )?;
        Ok(())
    }
}

/// Revokes a license. What Jetpack refuses may be revoked already, which is asked.
fn revoke_or_ask(api: &Api<'_>, license: &StoredLicense) -> Outcome<License> {
    let error = match api.revoke(&license.key) {
        Outcome::Failed(error) if may_be_revoked_already(&error) => error,
        outcome => return outcome,
    };
    match api.license(&license.key) {
        Ok(known) if known.revoked_at.is_some() => Outcome::Done(Answered {
            value: known,
            request_id: error.request_id().map(str::to_owned),
        }),
        _ => Outcome::Failed(error),
    }
}

/// How the journal words a revocation; what was asked is found again by it.
fn revocation(license: &StoredLicense, why: Reason) -> String {
    format!(
        "revoke the license {}: {}",
        license.key.hint(),
        why.stored()
    )
}

/// The API's answer to a license that is revoked already, or that it does not know.
fn may_be_revoked_already(error: &Error) -> bool {
    matches!(
        error,
        Error::Refused {
            status: 400 | 404 | 410,
            ..
        }
    )
}

fn still_active(error: &Error) -> Error {
    match error {
        Error::Lost(tried) => Error::Refused {
            status: 200,
            reply: Box::new(RefusedRequest {
                task: tried.task.clone(),
                code: String::new(),
                message: "the answer was lost, and Jetpack says that the license is still active"
                    .into(),
                request_id: tried.request_id.clone(),
                advice: "Run the command again.".into(),
            }),
        },
        refused => refused.clone(),
    }
}
