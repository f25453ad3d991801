//! A service at work: what it holds and should hold, and its turn in the journal. The steps themselves: `issuing`, `revoking`.

use std::time::Instant;

use mysql::Row;

use super::{errors, legacy_rows, spool};
use crate::database::{Database, Query};
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{Slug, Token};
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::jetpack::{MODULE, OPTION_PRODUCT, OPTION_TOKEN};
use crate::journal::{self, Answer, End, Intent, Lease, Record};
use crate::whmcs::{Host, Service, open_database, orders};

pub const ISSUE: &str = "issue";
pub const REVOKE: &str = "revoke";
/// What the journal keeps of an issue request begins so; the product follows.
pub const ISSUE_ASKED: &str = "issue a license for ";

/// A custom field for e-mail templates: `{$service_custom_field_jetpacklicensekey}`. WHMCS keeps
/// the name "License Key" in the domain column, so it is not called that.
const PROPERTY: &str = "Jetpack License Key";

/// A service at work: WHMCS around it, its database, the API with its token.
pub struct Licensing<'a> {
    pub host: &'a dyn Host,
    pub service: &'a Service,
    pub database: Database,
    pub begun: Instant,
}

/// What the books say of the service at one moment.
pub struct Look {
    pub living: Vec<StoredLicense>,
    /// No operation is under way, and none has an end that is not known.
    pub is_quiet: bool,
}

impl<'a> Licensing<'a> {
    pub fn open(host: &'a dyn Host, service: &'a Service) -> Result<Self, Error> {
        let mut database = open_database(host)?;
        spool::pick_up(host, &mut database);
        Ok(Self {
            host,
            service,
            database,
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

    /// How many licenses the service should hold; one where WHMCS does not say.
    pub fn wanted(&self) -> usize {
        self.service.quantity.unwrap_or(1) as usize
    }

    /// The living licenses; rows of the PHP module that are this service's become so for good.
    pub fn living(&mut self) -> Result<Vec<StoredLicense>, Error> {
        let rows = match licenses::living(&mut self.database, self.service) {
            Err(fault) if fault.is_missing_schema() => {
                licenses::prepare(&mut self.database)?;
                licenses::living(&mut self.database, self.service)?
            }
            rows => rows?,
        };
        self.own(rows)
    }

    /// The living licenses and whether anything is open, in one round trip.
    pub fn look(&mut self) -> Result<Look, Error> {
        let open = journal::open_on(MODULE, self.service.id);
        let [open, living] = self.read_with_living(open)?;
        Ok(Look {
            is_quiet: open.is_empty(),
            living: self.own(licenses::stored(&living))?,
        })
    }

    /// The lost answer that may stand for a license, and the living licenses, in one round trip.
    pub fn undecided_and_living(&mut self) -> Result<(Option<Record>, Vec<StoredLicense>), Error> {
        let undecided = journal::undecided_on(MODULE, self.service.id, ISSUE);
        let [undecided, living] = self.read_with_living(undecided)?;
        let living = self.own(licenses::stored(&living))?;
        Ok((undecided.first().map(Record::read), living))
    }

    /// The rows of a question to the journal, and of that for the living licenses.
    fn read_with_living(&mut self, question: Query) -> Result<[Vec<Row>; 2], Error> {
        let readings = [question, licenses::living_of(self.service)];
        let read = |database: &mut Database| database.query_all("read the books", &readings);
        match read(&mut self.database) {
            Err(fault) if fault.is_missing_schema() => {
                licenses::prepare(&mut self.database)?;
                journal::prepare(&mut self.database)?;
                Ok(read(&mut self.database)?)
            }
            rows => Ok(rows?),
        }
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

    /// Waits until no other process works on the service.
    pub fn take_turn(&mut self) -> Result<(), Error> {
        let entry = self.begin(&self.intent(REVOKE, "look what is left"))?;
        Ok(journal::withdraw(&mut self.database, &entry)?)
    }

    /// Ends a function that answers the living licenses: their keys go where e-mail templates find them, also where the
    /// function came half way.
    pub fn finish(&mut self, result: Result<Vec<StoredLicense>, Error>) -> Result<(), Error> {
        let (living, result) = match result {
            Ok(living) => (Ok(living), Ok(())),
            Err(error) => (self.living(), Err(error)),
        };
        let kept = living.map(|living| {
            let keys: Vec<_> = living.iter().map(|license| license.key.expose()).collect();
            self.host.keep_property(PROPERTY, keys.join(", "));
        });
        result.and(kept)
    }

    /// An operation of this module on this service.
    pub fn intent<'b>(&self, operation: &'static str, asked: &'b str) -> Intent<'b> {
        Intent {
            module: MODULE,
            service_id: self.service.id,
            operation,
            asked,
        }
    }

    pub fn begin(&mut self, intent: &Intent<'_>) -> Result<journal::Entry, Error> {
        let lease = self.lease();
        journal::begin(&mut self.database, intent, lease)
    }

    /// Each row of the journal is one request here.
    fn lease(&self) -> Lease {
        Lease::of(1, self.host.http().request_timeout)
    }

    /// From here on the request may leave. Where this cannot be written nothing is sent.
    pub fn sent(&mut self, entry: &journal::Entry) -> Result<(), Error> {
        let lease = self.lease();
        let Err(error) = journal::sent(&mut self.database, entry, lease) else {
            return Ok(());
        };
        let answer = Answer {
            text: "the journal could not be written; nothing was sent".into(),
            ..Answer::default()
        };
        self.end(entry, End::Failed, &answer)?;
        Err(error)
    }

    /// Writes the end of an operation, also where the database was away for a moment.
    pub fn end(&mut self, entry: &journal::Entry, end: End, answer: &Answer) -> Result<(), Error> {
        let written = self
            .database
            .retrying(|database| journal::end(database, entry, end, answer));
        Ok(written?)
    }

    /// The lost answer that may stand for a license.
    pub fn undecided(&mut self) -> Result<Option<Record>, Error> {
        Ok(journal::undecided(
            &mut self.database,
            MODULE,
            self.service.id,
            ISSUE,
        )?)
    }

    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn refuse_while_undecided(&mut self) -> Result<(), Error> {
        if self.look()?.is_quiet {
            return Ok(());
        }
        self.refuse_what_is_undecided()
    }

    /// The same, where something is open.
    pub fn refuse_what_is_undecided(&mut self) -> Result<(), Error> {
        journal::notice_the_dead(&mut self.database, MODULE, self.service.id)?;
        self.undecided()?.map_or(Ok(()), |record| {
            Err(errors::undecided(&record.at, record.request_id))
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
