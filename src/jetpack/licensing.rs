//! The steps all functions are made of: issue one license, revoke one, each under its journal row.

use std::time::{Duration, Instant};

use super::adoption;
use super::api::Api;
use super::license::{License, Slug, Token};
use super::license_table::{self, Reason, StoredLicense};
use super::{MODULE, OPTION_PRODUCT, OPTION_TOKEN};
use crate::database::{Database, Fault};
use crate::error::{Error, UNDECIDED};
use crate::journal::{self, Answer, End, Intent};
use crate::outcome::{Answered, Outcome};
use crate::whmcs::{Host, Service};

pub const ISSUE: &str = "issue";
pub const REVOKE: &str = "revoke";

/// A custom field for e-mail templates: `{$service_custom_field_jetpacklicensekey}`. WHMCS keeps
/// the name "License Key" in the domain column, so it is not called that.
const PROPERTY: &str = "Jetpack License Key";

/// One call goes on with the next license only so long; a service may be sold in any quantity.
const LONGEST_RUN: Duration = Duration::from_secs(120);

/// A service at work: WHMCS around it, its database, the API with its token.
pub struct Licensing<'a> {
    pub host: &'a dyn Host,
    pub service: &'a Service,
    pub database: Database,
    begun: Instant,
}

impl<'a> Licensing<'a> {
    pub fn open(host: &'a dyn Host, service: &'a Service) -> Result<Self, Error> {
        Ok(Self {
            host,
            service,
            database: super::open_database(host)?,
            begun: Instant::now(),
        })
    }

    /// The API with the token of the product.
    pub fn api(&self) -> Result<Api<'a>, Error> {
        let token = Token::new(self.service.options.at(OPTION_TOKEN))?;
        Api::new(self.host, Some(token))
    }

    /// The product that the settings name.
    pub fn slug(&self) -> Result<Slug, Error> {
        Slug::new(self.service.options.at(OPTION_PRODUCT))
    }

    /// How many licenses the service should hold.
    pub const fn wanted(&self) -> usize {
        self.service.quantity as usize
    }

    /// The living licenses; rows of the PHP module that are this service's become so for good.
    pub fn living(&mut self) -> Result<Vec<StoredLicense>, Error> {
        let rows = match license_table::living(&mut self.database, self.service) {
            Err(fault) if fault.table_is_not_ours() => {
                license_table::prepare(&mut self.database)?;
                license_table::living(&mut self.database, self.service)?
            }
            rows => rows?,
        };
        let (unclaimed, mut own): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.unclaimed);
        if !unclaimed.is_empty() {
            let others = adoption::candidates(&mut self.database, self.service.order_id)?;
            for row in unclaimed {
                if adoption::belongs_to(&row, self.service, &others)
                    && license_table::adopt(&mut self.database, row.row, self.service.owner)?
                {
                    own.push(row);
                }
            }
        }
        Ok(own)
    }

    /// Issues until the service holds what it should. `counts` says which of its licenses do.
    pub fn issue_missing(
        &mut self,
        slug: &Slug,
        counts: impl Fn(&StoredLicense) -> bool,
    ) -> Result<(), Error> {
        let api = self.api()?;
        loop {
            self.refuse_while_undecided()?;
            let held = self.held(&counts)?;
            if held >= self.wanted() {
                return Ok(());
            }
            if held > 0 && self.begun.elapsed() > LONGEST_RUN {
                return Err(Error::Unusable(format!(
                    "{held} of {} licenses are issued and the time for one call is over. Run the command again to go on.",
                    self.wanted()
                )));
            }
            let asked = format!("issue a license for {}", slug.as_str());
            let intent = self.intent(ISSUE, &asked);
            let entry = journal::begin(&mut self.database, &intent)?;
            // Another process may have done it while this one waited for its turn.
            let still_missing = match (self.refuse_while_undecided(), self.held(&counts)) {
                (Ok(()), Ok(held)) => held < self.wanted(),
                _ => false,
            };
            if !still_missing {
                self.end(&entry, End::Failed, &nothing_left())?;
                continue;
            }
            journal::sent(&mut self.database, &entry)?;
            match api.issue(slug) {
                Outcome::Done(issued) => self.store(&api, &entry, slug, &issued)?,
                Outcome::NotDone(error) => {
                    self.end(&entry, End::Failed, &answer_of(&error))?;
                    return Err(error);
                }
                Outcome::NotKnown(error) => {
                    self.end(&entry, End::Unknown, &answer_of(&error))?;
                    return Err(undecided_now(&error));
                }
            }
        }
    }

    /// Revokes one license. A license that is revoked already, at Jetpack or here, is success.
    pub fn revoke(&mut self, license: &StoredLicense, why: Reason) -> Result<(), Error> {
        let api = self.api()?;
        let asked = format!("revoke the license {}", license.key.hint());
        let intent = self.intent(REVOKE, &asked);
        let entry = journal::begin(&mut self.database, &intent)?;
        if !self.living()?.iter().any(|row| row.row == license.row) {
            self.end(&entry, End::Failed, &nothing_left())?;
            return Ok(());
        }
        journal::sent(&mut self.database, &entry)?;
        let (error, end) = match api.revoke(&license.key) {
            Outcome::Done(revoked) => return self.close(&entry, license, why, &asked, &revoked),
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
                self.close(&entry, license, why, &asked, &found)
            }
            Ok(_) => {
                self.end(&entry, End::Failed, &answer_of(&error))?;
                Err(still_alive(&error))
            }
            Err(_) => {
                self.end(&entry, end, &answer_of(&error))?;
                Err(error)
            }
        }
    }

    /// Writes the keys of the living licenses where e-mail templates find them.
    pub fn keep_property(&mut self) -> Result<(), Error> {
        let keys: Vec<String> = self
            .living()?
            .iter()
            .map(|license| license.key.expose().to_owned())
            .collect();
        self.host.keep_property(PROPERTY, keys.join(", "));
        Ok(())
    }

    /// An operation of this module on this service.
    pub fn intent<'b>(&self, operation: &'static str, asked: &'b str) -> Intent<'b> {
        Intent {
            module: MODULE,
            owner: self.service.owner,
            operation,
            asked,
        }
    }

    /// Writes the end of an operation, also where the database was away for a moment.
    pub fn end(&mut self, entry: &journal::Entry, end: End, answer: &Answer) -> Result<(), Error> {
        self.persist(|database| journal::end(database, entry, end, answer))
    }

    /// Runs a write that must not be lost: again on a new connection, three times in three seconds.
    pub fn persist(
        &mut self,
        write: impl Fn(&mut Database) -> Result<(), Fault>,
    ) -> Result<(), Error> {
        let mut last: Error = match write(&mut self.database) {
            Ok(()) => return Ok(()),
            Err(fault) => fault.into(),
        };
        for pause in [100, 600, 2300] {
            std::thread::sleep(Duration::from_millis(pause));
            if let Err(error) = self.database.reconnect() {
                last = error;
                continue;
            }
            match write(&mut self.database) {
                Ok(()) => return Ok(()),
                Err(fault) => last = fault.into(),
            }
        }
        Err(last)
    }

    fn held(&mut self, counts: &impl Fn(&StoredLicense) -> bool) -> Result<usize, Error> {
        Ok(self
            .living()?
            .iter()
            .filter(|license| counts(license))
            .count())
    }

    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn refuse_while_undecided(&mut self) -> Result<(), Error> {
        let found = journal::undecided(&mut self.database, MODULE, self.service.owner, ISSUE)?;
        found.map_or(Ok(()), |record| {
            Err(Error::Undecided {
                since: record.at,
                request_id: record.request_id,
            })
        })
    }

    /// Stores an issued license. What cannot be stored is revoked again: it would be paid for and known to nobody.
    fn store(
        &mut self,
        api: &Api<'_>,
        entry: &journal::Entry,
        slug: &Slug,
        issued: &Answered<License>,
    ) -> Result<(), Error> {
        let license = &issued.value;
        let answer = Answer {
            text: format!("issued the license {}", license.key.hint()),
            remote_id: license.id.map(|id| id.to_string()),
            request_id: issued.request_id.clone(),
        };
        let service = self.service;
        let stored = self.persist(|database| {
            database.transaction("store the license", |transaction| {
                license_table::insert_within(transaction, service, slug, license)?;
                journal::end_within(transaction, entry, End::Done, &answer)
            })
        });
        let Err(error) = stored else {
            return Ok(());
        };
        let revoked = matches!(api.revoke(&license.key), Outcome::Done(_));
        if revoked {
            let undone = Answer {
                text: format!("{}, could not store it and revoked it again", answer.text),
                ..answer
            };
            // The row stays open without this; the next call closes it as unknown, which is safe.
            if let Err(error) = self.end(entry, End::Failed, &undone) {
                self.host.log_activity(error.for_staff(super::ERROR_PREFIX));
            }
            return Err(error);
        }
        // The answer is the last place that can hold the key.
        Err(Error::Unusable(format!(
            "Jetpack issued the license {} and it could be neither stored nor revoked again. Keep this key: enter it on the service page, or have Jetpack revoke it. {error}",
            crate::error::plain(license.key.expose())
        )))
    }

    fn close(
        &mut self,
        entry: &journal::Entry,
        license: &StoredLicense,
        why: Reason,
        asked: &str,
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
        let intent = self.intent(REVOKE, asked);
        self.persist(|database| {
            database.transaction("store the revocation", |transaction| {
                license_table::revoke_within(transaction, license.row, &at, why)?;
                journal::settle_within(transaction, &intent)?;
                journal::end_within(transaction, entry, End::Done, &answer)
            })
        })
    }
}

/// What the journal keeps of a failure.
pub fn answer_of(error: &Error) -> Answer {
    Answer {
        text: error.to_string(),
        remote_id: None,
        request_id: error.request_id().map(str::to_owned),
    }
}

fn nothing_left() -> Answer {
    Answer {
        text: "nothing was left to do; nothing was sent".into(),
        ..Answer::default()
    }
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

fn undecided_now(error: &Error) -> Error {
    Error::Unusable(format!("{error} {UNDECIDED}"))
}

fn still_alive(error: &Error) -> Error {
    match error {
        Error::Lost {
            task, request_id, ..
        } => Error::Refused {
            task: task.clone(),
            status: 200,
            code: String::new(),
            message: "the answer was lost, and Jetpack says that the license still lives".into(),
            request_id: request_id.clone(),
            advice: "Run the command again.".into(),
        },
        refused => refused.clone(),
    }
}
