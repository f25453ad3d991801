//! The step that revokes one license, and the question what became of a revocation whose answer was lost.

use super::session::{Licensing, Look, REVOKE, answer_of};
use crate::error::{Error, RefusedRequest};
use crate::jetpack::MODULE;
use crate::jetpack::api::license::License;
use crate::jetpack::tables::licenses::{self, Reason, StoredLicense};
use crate::journal::{self, Answer, End};
use crate::outcome::{Answered, Outcome};

impl Licensing<'_> {
    /// Revokes every license of the service, those included that a command under way is about to issue.
    pub fn revoke_all(&mut self, why: Reason) -> Result<(), Error> {
        loop {
            for license in self.living()? {
                self.revoke(&license, why)?;
            }
            self.take_turn()?;
            if self.living()?.is_empty() {
                return Ok(());
            }
        }
    }

    /// Revokes one license. A license that is revoked already, at Jetpack or here, is success.
    pub fn revoke(&mut self, license: &StoredLicense, why: Reason) -> Result<(), Error> {
        let api = self.api()?;
        let asked = revocation(license, why);
        let entry = self.begin(&self.intent(REVOKE, &asked))?;
        let still_living = self
            .living()
            .map(|living| living.iter().any(|row| row.row == license.row));
        if !matches!(still_living, Ok(true)) {
            journal::withdraw(&mut self.database, &entry)?;
            return still_living.map(drop);
        }
        self.sent(&entry)?;
        let (error, end) = match api.revoke(&license.key) {
            Outcome::Done(revoked) => return self.close(&entry, license, why, &revoked),
            Outcome::NotDone(error) if !may_be_revoked_already(&error) => {
                self.end(&entry, End::Failed, &answer_of(&error))?;
                return Err(error);
            }
            Outcome::NotDone(error) => (error, End::Failed),
            Outcome::NotKnown(error) => (error, End::Unknown),
        };
        // Whether it is revoked can be asked, so it is.
        match api.license(&license.key) {
            Ok(known) if known.revoked_at.is_some() => {
                let request_id = error.request_id().map(str::to_owned);
                let found = Answered {
                    value: known,
                    request_id,
                };
                self.close(&entry, license, why, &found)
            }
            Ok(_) => {
                // After a lost answer it may still be carried out, so the next command asks again.
                self.end(&entry, end, &answer_of(&error))?;
                Err(still_alive(&error))
            }
            Err(_) => {
                self.end(&entry, end, &answer_of(&error))?;
                Err(error)
            }
        }
    }

    /// Asks Jetpack about licenses whose revocation has no known end: they may count as living and be dead.
    /// One request for each; none where no such question is open. Answers what the books say then.
    pub fn ask_about_revocations(&mut self) -> Result<Look, Error> {
        let look = self.look()?;
        if look.is_quiet {
            return Ok(look);
        }
        journal::notice_the_dead(&mut self.database, MODULE, self.service.id)?;
        while let Some(record) =
            journal::undecided(&mut self.database, MODULE, self.service.id, REVOKE)?
        {
            let subject = self.living()?.into_iter().find_map(|license| {
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
            let intent = self.intent(REVOKE, &record.asked);
            journal::settle(&mut self.database, &intent, end)?;
        }
        self.look()
    }

    fn close(
        &mut self,
        entry: &journal::Entry,
        license: &StoredLicense,
        why: Reason,
        revoked: &Answered<License>,
    ) -> Result<(), Error> {
        let at = revoked
            .value
            .revoked_at
            .clone()
            .unwrap_or_else(crate::clock::now);
        let answer = Answer {
            text: format!("revoked the license {} at {at}", license.key.hint()),
            remote_id: revoked.value.id.map(|id| id.to_string()),
            request_id: revoked.request_id.clone(),
        };
        let asked = revocation(license, why);
        let intent = self.intent(REVOKE, &asked);
        let stored = self.database.retrying(|database| {
            database.transaction("store the revocation", |transaction| {
                licenses::revoke_within(transaction, license.row, &at, why)?;
                journal::settle_within(transaction, &intent)?;
                journal::done_within(transaction, entry, &answer)?;
                Ok(())
            })
        });
        Ok(stored?)
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

fn still_alive(error: &Error) -> Error {
    match error {
        Error::Lost(tried) => Error::Refused {
            status: 200,
            reply: Box::new(RefusedRequest {
                task: tried.task.clone(),
                code: String::new(),
                message: "the answer was lost, and Jetpack says that the license still lives"
                    .into(),
                request_id: tried.request_id.clone(),
                advice: "Run the command again.".into(),
            }),
        },
        refused => refused.clone(),
    }
}
