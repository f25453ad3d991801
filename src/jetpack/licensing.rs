//! A service at work: what it holds and should hold, and its turn in the journal. The steps themselves: `issuing`, `revoking`.

use std::time::Instant;

use super::adoption;
use super::api::Api;
use super::license::{Slug, Token};
use super::license_table::{self, StoredLicense};
use super::spool;
use super::{MODULE, OPTION_PRODUCT, OPTION_TOKEN};
use crate::database::Database;
use crate::error::Error;
use crate::journal::{self, Answer, End, Intent, Record};
use crate::whmcs::{Host, Service};

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

impl<'a> Licensing<'a> {
    pub fn open(host: &'a dyn Host, service: &'a Service) -> Result<Self, Error> {
        let mut database = super::open_database(host)?;
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
            let order_id = self.service.order_id.unwrap_or_default();
            let others = adoption::candidates(&mut self.database, order_id)?;
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

    /// Waits until no other process works on the service.
    pub fn take_turn(&mut self) -> Result<(), Error> {
        let entry = self.begin(&self.intent(REVOKE, "look what is left"))?;
        Ok(journal::withdraw(&mut self.database, &entry)?)
    }

    /// Ends a function: the custom field says what is true, also where the function came half way.
    pub fn finish(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        let kept = self.keep_property();
        result.and(kept)
    }

    /// Writes the keys of the living licenses where e-mail templates find them.
    fn keep_property(&mut self) -> Result<(), Error> {
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

    pub fn begin(&mut self, intent: &Intent<'_>) -> Result<journal::Entry, Error> {
        journal::begin(&mut self.database, intent)
    }

    /// From here on the request may leave. Where this cannot be written nothing is sent.
    pub fn sent(&mut self, entry: &journal::Entry) -> Result<(), Error> {
        let Err(error) = journal::sent(&mut self.database, entry) else {
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
            .persist(|database| journal::end(database, entry, end, answer));
        Ok(written?)
    }

    /// The lost answer that may stand for a license.
    pub fn undecided(&mut self) -> Result<Option<Record>, Error> {
        Ok(journal::undecided(
            &mut self.database,
            MODULE,
            self.service.owner,
            ISSUE,
        )?)
    }

    /// # Errors
    /// `Error::Undecided` while a lost answer may stand for a license that nobody knows of.
    pub fn refuse_while_undecided(&mut self) -> Result<(), Error> {
        if journal::is_quiet(&mut self.database, MODULE, self.service.owner)? {
            return Ok(());
        }
        journal::notice_the_dead(&mut self.database, MODULE, self.service.owner)?;
        self.undecided()?.map_or(Ok(()), |record| {
            Err(Error::Undecided {
                since: record.at,
                request_id: record.request_id,
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
