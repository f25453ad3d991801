//! One command's session on one service: WHMCS, the database, the API, and the licenses the service has.
//! The steps themselves: `issue`, `revoke`, `site`.

use std::time::Instant;

use super::{errors, legacy_rows, spool};
use crate::database::{Database, Transaction};
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{Slug, Token};
use crate::jetpack::tables::found_licenses;
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::jetpack::{MODULE, OPTION_PRODUCT, OPTION_TOKEN};
use crate::journal::operation::{self, Ended};
use crate::journal::{self, Answer, Lease, Operation, Readings, Record, ServiceLock};
use crate::outcome::Outcome;
use crate::whmcs::{Host, Service, open_database, orders};

pub const ISSUE: &str = "issue";
pub const REVOKE: &str = "revoke";
/// The beginning of what the journal keeps of an issue request; the product follows.
pub const ISSUE_ASKED: &str = "issue a license for ";

/// A custom field for e-mail templates: `{$service_custom_field_jetpacklicensekey}`. WHMCS keeps
/// the name "License Key" in the domain column, so it is not called that.
const PROPERTY: &str = "Jetpack License Key";

/// Requests before the journal is written again: one that changes something, and the question what became of it.
const REQUESTS: u64 = 2;

/// The service, WHMCS around it, its database, and the lock where the command changes something.
pub struct LicenseSession<'a> {
    pub host: &'a dyn Host,
    pub service: &'a Service,
    pub database: Database,
    pub begun: Instant,
    /// While it is held no other command can change the service.
    lock: Option<ServiceLock>,
}

impl<'a> LicenseSession<'a> {
    /// Begins a session that reads, and changes nothing at Jetpack.
    pub fn open(host: &'a dyn Host, service: &'a Service) -> Result<Self, Error> {
        let mut database = open_database(host)?;
        spool::pick_up(host, &mut database);
        Ok(Self {
            host,
            service,
            database,
            begun: Instant::now(),
            lock: None,
        })
    }

    /// Runs a command that changes something, alone on the service: a second one waits, and finds what is left to do.
    /// `work` is given the active licenses, which nobody else issues or revokes until it ends.
    pub fn with_lock(
        host: &'a dyn Host,
        service: &'a Service,
        work: impl FnOnce(&mut Self, Vec<StoredLicense>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut session = Self::open(host, service)?;
        let active = session.lock();
        let done = active.and_then(|active| work(&mut session, active));
        match session.lock.take() {
            Some(lock) => lock.release_after(&mut session.database, done),
            None => done,
        }
    }

    /// Takes the lock and reads the active licenses, in one round trip.
    fn lock(&mut self) -> Result<Vec<StoredLicense>, Error> {
        let lease = Lease::of(REQUESTS, self.host.http().request_timeout);
        let readings = Readings {
            statements: [licenses::active_of(self.service)],
            prepare: &licenses::prepare,
        };
        let service_id = self.service.id;
        let database = &mut self.database;
        let (lock, [active]) =
            ServiceLock::acquire_and_read(database, MODULE, service_id, lease, &readings)?;
        self.lock = Some(lock);
        self.own(licenses::stored(&active))
    }

    /// Returns the API with the token of the product.
    pub fn api(&self) -> Result<Api<'a>, Error> {
        let token = Token::new(self.service.options.at(OPTION_TOKEN))?;
        Api::new(self.host, Some(token))
    }

    /// Returns the product that the settings name.
    pub fn slug(&self) -> Result<Slug, Error> {
        Slug::new(self.service.options.at(OPTION_PRODUCT))
    }

    /// Returns how many licenses the service should have; one where WHMCS does not say.
    pub fn wanted(&self) -> usize {
        self.service.quantity.unwrap_or(1) as usize
    }

    /// Returns the active licenses; rows of the PHP module that are this service's become so for good.
    pub fn active(&mut self) -> Result<Vec<StoredLicense>, Error> {
        let service = self.service;
        let rows = self.database.with_schema(licenses::prepare, |database| {
            licenses::active(database, service)
        })?;
        self.own(rows)
    }

    /// Returns the active licenses, for what reads without the lock. Where anything is open, with what Jetpack says about
    /// revocations whose end is not known: they may count as active and be revoked; and about a license that may have been
    /// issued. One request for each; none where nothing is open.
    pub fn load_settled(&mut self) -> Result<Vec<StoredLicense>, Error> {
        let (is_open, active) = self.load()?;
        if !is_open {
            return Ok(active);
        }
        journal::close_abandoned(&mut self.database, MODULE, self.service.id)?;
        self.settle_revocations()?;
        self.settle_issue()?;
        Ok(self.load()?.1)
    }

    /// Whether anything is open, and the active licenses: one round trip.
    fn load(&mut self) -> Result<(bool, Vec<StoredLicense>), Error> {
        let readings = [
            journal::open_on(MODULE, self.service.id),
            licenses::active_of(self.service),
        ];
        let prepare = |database: &mut Database| {
            licenses::prepare(database)?;
            journal::prepare(database)
        };
        let [open, active] = self.database.with_schema(prepare, |database| {
            database.query_all("read the licenses and the journal", &readings)
        })?;
        Ok((!open.is_empty(), self.own(licenses::stored(&active))?))
    }

    /// Those of the rows that are this service's.
    fn own(&mut self, rows: Vec<StoredLicense>) -> Result<Vec<StoredLicense>, Error> {
        let (unclaimed, mut own): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.unclaimed);
        if !unclaimed.is_empty() {
            let order_id = self.service.order_id.unwrap_or_default();
            let others = orders::of_order(&mut self.database, MODULE, order_id)?;
            for row in unclaimed {
                if legacy_rows::belongs_to(&row, self.service, &others)
                    && licenses::adopt(&mut self.database, row.row, self.service.id)?
                {
                    own.push(row);
                }
            }
        }
        Ok(own)
    }

    /// Ends a function that returns the active licenses: their keys go where e-mail templates find them, also where the
    /// function came half way.
    pub fn finish(&mut self, result: Result<Vec<StoredLicense>, Error>) -> Result<(), Error> {
        let (active, result) = match result {
            Ok(active) => (Ok(active), Ok(())),
            Err(error) => (self.active(), Err(error)),
        };
        let kept = active.map(|active| {
            let keys: Vec<_> = active.iter().map(|license| license.key.expose()).collect();
            self.host.keep_property(PROPERTY, keys.join(", "));
        });
        result.and(kept)
    }

    /// Writes a request down, sends it and records an end that changes nothing here.
    pub fn run<T>(
        &mut self,
        name: &'static str,
        asked: &str,
        send: impl FnOnce() -> Outcome<T>,
    ) -> Result<Ended<T>, Error> {
        let lock = self.lock.as_mut();
        operation::run(&mut self.database, lock, Operation { name, asked }, send)
    }

    /// Records a change of our tables that needs no request. False where `store` finds nothing to write.
    ///
    /// # Errors
    /// That the session is without the lock.
    pub fn record(
        &mut self,
        task: &str,
        found: (Operation<'_>, &Answer),
        store: impl Fn(&mut Transaction<'_>) -> mysql::Result<bool>,
    ) -> Result<bool, Error> {
        let Some(lock) = &self.lock else {
            return Err(Error::Refusal(format!(
                "Could not {task}: the lock on the service is not held. Report this."
            )));
        };
        let database = &mut self.database;
        let (operation, answer) = found;
        let Operation { name, asked } = operation;
        let recorded = database.with_schema(found_licenses::prepare, |database| {
            let found = (Operation { name, asked }, answer);
            operation::record(database, lock, task, found, &store)
        });
        Ok(recorded?)
    }

    /// Whether an operation may have no known end: under the lock it is known where none has.
    pub fn has_unknown(&self) -> bool {
        self.lock.as_ref().is_none_or(ServiceLock::has_unknown)
    }

    /// Returns the lost answer that may stand for a license. No statement where the lock says that there is none.
    pub fn undecided(&mut self) -> Result<Option<Record>, Error> {
        if !self.has_unknown() {
            return Ok(None);
        }
        let (database, service_id) = (&mut self.database, self.service.id);
        Ok(journal::undecided(database, MODULE, service_id, ISSUE)?)
    }

    /// Fails while a lost answer is open.
    ///
    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn refuse_while_undecided(&mut self) -> Result<(), Error> {
        self.undecided()?.map_or(Ok(()), |record| {
            Err(errors::undecided(&record.at, record.request_id))
        })
    }

    /// Returns the active licenses, where no lost answer is open any more; where the lock says that none was, those it was
    /// given. They are read last: staff and the daily run decide a lost answer without the lock, and then store its license.
    ///
    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn active_once_decided(
        &mut self,
        active: Vec<StoredLicense>,
    ) -> Result<Vec<StoredLicense>, Error> {
        if !self.has_unknown() {
            return Ok(active);
        }
        self.refuse_while_undecided()?;
        self.active()
    }
}
