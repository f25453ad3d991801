//! The account of a service: the recorded one, or one that no row of ours knows yet and that the rule of `adoption`
//! gives to the service.

use std::cell::Cell;

use mysql::Row;

use super::adoption::{self, AdoptionVerdict, ClaimEvidence, UnrecordedAccount};
use super::session::{AccountSession, of_another_service};
use super::{lost_answer, user_name};
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server_identity::{self, ServerPlace, Standing};
use crate::cometbackup::tables::accounts::{self, Account, RecordedContact};
use crate::cometbackup::tables::claims;
use crate::cometbackup::tables::extras;
use crate::cometbackup::tables::server_facts::{self, Known};
use crate::database::Query;
use crate::error::Error;
use crate::journal::{Lease, MOST_REQUESTS, Readings, ServiceLock};
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::ServiceStatus;

/// An account that the service names and no row of ours knows.
pub struct Candidate {
    pub username: String,
    pub profile: Profile,
    pub found: UnrecordedAccount,
    pub verdict: AdoptionVerdict,
}

impl AccountSession<'_> {
    /// Returns the account and its profile, with one request. One that the PHP module made for the service is recorded with
    /// this: for commands of staff and of WHMCS itself.
    pub fn account_and_profile(&mut self) -> Result<(Account, Profile), Error> {
        if let Some(account) = self.created_account()? {
            let profile = self.profile(&account)?;
            return Ok((account, profile));
        }
        let candidate = self.candidate()?;
        candidate.must_be_the_services()?;
        self.take(candidate)
    }

    /// Returns the recorded account and its profile: nothing is recorded at a customer's wish.
    pub fn recorded_account_and_profile(&mut self) -> Result<(Account, Profile), Error> {
        let account = self.account()?;
        let profile = self.profile(&account)?;
        Ok((account, profile))
    }

    /// Returns the recorded account.
    ///
    /// # Errors
    /// `Error::Refusal` where the service has none.
    pub fn account(&mut self) -> Result<Account, Error> {
        if let Some(account) = self.created_account()? {
            return Ok(account);
        }
        match self.name_of_the_php_module() {
            Some(name) => Err(Error::Refusal(format!(
                "No Comet account is recorded for this service. Press Check at Comet to see the account {} and to record it.",
                plain(&name)
            ))),
            None => Err(none_recorded()),
        }
    }

    /// Returns the recorded account, if it is certain that it was created for this service: a planned name may be somebody
    /// else's.
    pub fn created_account(&mut self) -> Result<Option<Account>, Error> {
        let Some(mut account) = self.recorded()? else {
            return Ok(None);
        };
        if account.is_planned && self.lock.is_some() {
            lost_answer::settle(self, &mut account)?;
        }
        if account.is_planned {
            return Err(Error::Refusal(format!(
                "The Comet account {} is not created yet. Run Create first.",
                plain(&account.username)
            )));
        }
        Ok(Some(account))
    }

    /// Returns what the table says, and whether the service's server is the one that it was recorded on. One request where a
    /// command changes something, the server is reached otherwise than before, and it did not say in the last hour
    /// which one it is.
    pub fn recorded(&mut self) -> Result<Option<Account>, Error> {
        let found = self.look()?;
        let Some(mut account) = found else {
            return Ok(None);
        };
        if self.lock.is_some() && self.is_reached_otherwise(&account) {
            self.ask_which_server();
        }
        let now = self.place();
        account.standing =
            server_identity::standing(&account.place, &now, self.known.confirmed.as_ref());
        if account.is_planned && account.standing != Standing::Same {
            // Nothing identifies it yet.
            if matches!(account.standing, Standing::Unconfirmed) {
                return Err(self.unconfirmed(&account));
            }
            self.keep_place(&mut account)?;
        }
        Ok(Some(account))
    }

    /// Returns the recorded account, for a person who wants to know whether its server is the same: asks the server which one
    /// it is where it is reached otherwise than before.
    pub fn created_account_asking_server(&mut self) -> Result<Option<Account>, Error> {
        let Some(mut account) = self.created_account()? else {
            return Ok(None);
        };
        if self.is_reached_otherwise(&account) {
            self.ask_which_server();
        }
        account.standing =
            server_identity::standing(&account.place, &self.place(), self.known.confirmed.as_ref());
        Ok(Some(account))
    }

    /// Takes the lock, and looks the account up in the same round trip.
    pub(super) fn lock(&mut self) -> Result<(), Error> {
        let lease = Lease::of(MOST_REQUESTS, self.host.http().request_timeout);
        let is_refused = Cell::new(false);
        let readings = Readings {
            statements: self.readings(),
            prepare: &|database| {
                let prepared = accounts::prepare(database);
                let prepared = prepared.and_then(|()| server_facts::prepare(database));
                let prepared = prepared.and_then(|()| extras::prepare(database));
                is_refused.set(prepared.is_err());
                prepared
            },
        };
        let (database, service_id) = (&mut self.database, self.service.id);
        match ServiceLock::acquire_and_read(database, MODULE, service_id, lease, &readings) {
            Ok((lock, rows)) => {
                self.lock = Some(lock);
                self.rows = Some(rows);
                Ok(())
            }
            // The look does without the table of servers, or says what is wrong with that of accounts.
            Err(Error::Database(_)) if is_refused.get() => {
                self.lock = Some(ServiceLock::acquire(database, MODULE, service_id, lease)?);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The row of the account, and what is known of the server: one round trip.
    fn look(&mut self) -> Result<Option<Account>, Error> {
        if let Some(rows) = self.rows.take() {
            return Ok(self.read(&rows));
        }
        let readings = self.readings();
        let task = "read the table of accounts";
        let rows = match self.database.query_all(task, &readings) {
            // Not `with_schema`: an account is found also where the table of servers cannot be created.
            Err(fault) if fault.is_missing_schema() => {
                accounts::prepare(&mut self.database)?;
                let prepared = server_facts::prepare(&mut self.database);
                if prepared
                    .and_then(|()| extras::prepare(&mut self.database))
                    .is_err()
                {
                    self.known = Known::default();
                    let service_id = self.service.id;
                    return Ok(accounts::find(&mut self.database, service_id)?);
                }
                self.database.query_all(task, &readings)
            }
            rows => rows,
        };
        Ok(self.read(&rows?))
    }

    fn readings(&self) -> [Query; 3] {
        [
            accounts::finding(self.service.id),
            server_facts::finding(&self.server),
            extras::finding(self.service.id),
        ]
    }

    /// Reads the rows of `readings`.
    fn read(&mut self, [account, known, extras]: &[Vec<Row>; 3]) -> Option<Account> {
        self.extras = extras.iter().map(extras::read).collect();
        self.known = known.first().map(server_facts::read).unwrap_or_default();
        account.first().map(accounts::read)
    }

    /// Returns the account that a service without record names, and whether it may be the service's. One request.
    pub fn candidate(&mut self) -> Result<Candidate, Error> {
        let service_id = self.service.id;
        let ended = accounts::has_ended_account(&mut self.database, service_id)?;
        let name = self.name_of_the_php_module().filter(|_| !ended);
        let username = name.ok_or_else(none_recorded)?;
        let profile = self.read_profile(&username)?;
        let found = UnrecordedAccount::of(&profile);
        // A product addon has no column of its own.
        let column = match service_id {
            ServiceId::Service(_) => self.service.username.as_str(),
            ServiceId::Addon { .. } => "",
        };
        let evidence = ClaimEvidence {
            is_pending: self.service.status == ServiceStatus::Pending,
            is_in_column: adoption::is_in_column(column, &username),
            ..claims::evidence(&mut self.database, service_id, &username, &found.guid)?
        };
        Ok(Candidate {
            verdict: adoption::judge(&evidence, &found),
            username,
            profile,
            found,
        })
    }

    /// Records it.
    pub fn take(&mut self, candidate: Candidate) -> Result<(Account, Profile), Error> {
        let service_id = self.service.id;
        let Candidate {
            username,
            profile,
            found,
            ..
        } = candidate;
        let (place, guid) = (self.place(), Some(found.guid.as_str()));
        if !accounts::record(&mut self.database, service_id, &place, &username, guid)? {
            return Err(of_another_service(&username));
        }
        let account = accounts::find(&mut self.database, service_id)?.ok_or_else(|| {
            Error::Refusal("The Comet account could not be recorded. Run this again.".into())
        })?;
        Ok((account, profile))
    }

    /// Returns the name of the PHP module's account. A service that is still pending has none: its field holds the name the
    /// customer asked for.
    pub fn name_of_the_php_module(&self) -> Option<String> {
        if self.service.status == ServiceStatus::Pending {
            return None;
        }
        let service = self.service;
        user_name::of_the_php_module(&service.username, service.custom_fields.get("Username"))
    }
}

impl Candidate {
    /// Refuses an account that the rule of `adoption` does not give to the service.
    ///
    /// # Errors
    /// Where it may be another service's: the sentence says why, and how staff record it.
    pub fn must_be_the_services(&self) -> Result<(), Error> {
        match &self.verdict {
            AdoptionVerdict::ByItself => Ok(()),
            AdoptionVerdict::ByStaff(doubts) => {
                Err(Error::Refusal(adoption::refused(&self.username, doubts)))
            }
            AdoptionVerdict::Anothers(holder) => Err(Error::Refusal(adoption::of_another(
                &self.username,
                Some(*holder),
            ))),
            AdoptionVerdict::Never => Err(none_recorded()),
        }
    }

    /// Returns the account in the form of a recorded one, as a page shows it.
    pub fn account(&self, place: ServerPlace) -> Account {
        Account {
            row: 0,
            place,
            standing: Standing::Same,
            username: self.username.clone(),
            creation_guid: Some(self.found.guid.clone()),
            vault_id: None,
            is_planned: false,
            written: RecordedContact::default(),
            is_transfer_asked: false,
            had_marker: false,
            deletion: None,
        }
    }
}

fn none_recorded() -> Error {
    Error::Refusal("No Comet account is recorded for this service. Run Create first.".into())
}
