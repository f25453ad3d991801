//! One command's session on one service: its server, its account, and the steps that functions are made of.

use mysql::Row;

use super::settings::ModuleSettings;
use super::{adoption, extra_addon};
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::api::{Api, Call};
use crate::cometbackup::comet::installers::Offer;
use crate::cometbackup::comet::list;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::comet::version::Version;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::extras::Extra;
use crate::cometbackup::tables::server_facts::{self, Known};
use crate::database::Database;
use crate::error::Error;
use crate::journal::operation::{self, Ended};
use crate::journal::{self, Answer, End, Operation, Record, ServiceLock};
use crate::outcome::Outcome;
use crate::text::plain;
use crate::whmcs::{Host, Service, open_database};

/// The service, WHMCS around it, and the server its account is on.
pub struct AccountSession<'a> {
    pub host: &'a dyn Host,
    pub service: &'a Service,
    pub server: CometServer,
    pub database: Database,
    /// While it is held no other command can change the service.
    pub(super) lock: Option<ServiceLock>,
    /// What is remembered of the server, once the account was looked up.
    pub(super) known: Known,
    /// What the round trip that took the lock read, for the first look at the account.
    pub(super) rows: Option<[Vec<Row>; 3]>,
    /// The product addons that add to the service's account, once the account was looked up.
    pub(super) extras: Vec<Extra>,
}

impl<'a> AccountSession<'a> {
    /// Opens a session without the lock on the service.
    ///
    /// # Errors
    /// `Error::Customer` for a product addon that adds to the account of its service and has none of its own.
    pub fn open(host: &'a dyn Host, service: &'a Service) -> Result<Self, Error> {
        let mut database = open_database(host)?;
        if extra_addon::is_one(&mut database, service)? {
            return Err(extra_addon::without_account());
        }
        let server = CometServer::new(&service.server)?;
        Ok(Self {
            host,
            service,
            server,
            database,
            lock: None,
            known: Known::default(),
            rows: None,
            extras: Vec::new(),
        })
    }

    /// Runs a function that changes something, alone on the service: a second one waits, and finds what is left to do.
    pub fn with_lock(
        host: &'a dyn Host,
        service: &'a Service,
        work: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut session = Self::open(host, service)?;
        session.lock()?;
        let done = work(&mut session);
        match session.lock.take() {
            Some(lock) => lock.release_after(&mut session.database, done),
            None => done,
        }
    }

    pub fn api(&self) -> Api<'_> {
        Api::new(self.host, &self.server)
    }

    /// Returns what the host calls the product, as far as it is remembered of the server that the account was looked up for.
    pub fn product_name(&self) -> &str {
        &self.known.product_name
    }

    /// Returns the installers of the server, and what the host calls the product, once the account was looked up. One
    /// request where they are not known, two of a server with HTTPS.
    pub fn installers(&mut self) -> (Vec<Offer>, String) {
        let api = Api::new(self.host, &self.server);
        server_facts::offers_knowing(&mut self.database, &api, self.known.clone())
    }

    /// Whether the server can do what came with a version; where it is too old for it the Activity Log says so.
    pub fn offers(&mut self, since: Version, what: &str) -> bool {
        let api = Api::new(self.host, &self.server);
        let is_too_old = server_facts::is_older(&mut self.database, &api, since);
        if is_too_old {
            self.host.log_activity(format!(
                "The Comet Server is too old to {what}: this was left out. - {}",
                self.service.id
            ));
        }
        !is_too_old
    }

    /// Records the identity of an account whose profile was read for the first time.
    pub fn identify(&mut self, account: &mut Account, profile: &Profile) -> Result<(), Error> {
        if account.creation_guid.is_none() {
            let guid = profile.creation_guid();
            self.keep_guid(account, &guid)?;
            account.creation_guid = Some(guid);
        }
        Ok(())
    }

    /// Reads the profile, and checks that the account is the recorded one, on the server it was recorded on.
    pub fn profile(&mut self, account: &Account) -> Result<Profile, Error> {
        let profile = self.read_profile(&account.username)?;
        let guid = profile.creation_guid();
        if !account.is_here(&guid) {
            return Err(another_account(account));
        }
        if account.standing == Standing::Unconfirmed && self.lock.is_some() {
            return Err(self.unconfirmed(account));
        }
        if account.creation_guid.is_none() {
            self.keep_guid(account, &guid)?;
        }
        let is_filled = account.place.server.is_complete();
        let is_new = match account.standing {
            Standing::Same => !is_filled && self.place().server.is_complete(),
            Standing::SameByAnotherEntry | Standing::Confirmed => true,
            Standing::Unconfirmed => false,
        };
        if is_new {
            self.keep_place(&mut account.clone())?;
        }
        Ok(profile)
    }

    fn keep_guid(&mut self, account: &Account, guid: &str) -> Result<(), Error> {
        if accounts::created(&mut self.database, account.row, Some(guid))? {
            return Ok(());
        }
        Err(of_another_service(&account.username))
    }

    pub fn read_profile(&self, username: &str) -> Result<Profile, Error> {
        Profile::read(&self.api(), username)
    }

    /// Sends a call that changes something at Comet, and stores nothing but its end.
    pub fn carry_out<T>(
        &mut self,
        operation: &'static str,
        call: &Call<'_>,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        match self.run(operation, call, |outcome| outcome, understand)? {
            Ended::Done(done) => Ok(done.close(&mut self.database, &answer_of_done(&call.task))?),
            Ended::Failed(error) => Err(error),
            Ended::Unknown(lost) => Err(lost.error),
        }
    }

    /// Writes a call that changes something down, sends it, and records an end that changes nothing here. `judge` has the
    /// last word on how it ended.
    pub fn run<T>(
        &mut self,
        name: &'static str,
        call: &Call<'_>,
        judge: impl FnOnce(Outcome<T>) -> Outcome<T>,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<Ended<T>, Error> {
        let asked = call.task.as_str();
        let api = Api::new(self.host, &self.server);
        let lock = self.lock.as_mut();
        operation::run(&mut self.database, lock, Operation { name, asked }, || {
            judge(api.change(call, understand))
        })
    }

    /// Whether an operation may have no known end: under the lock it is known where none has.
    pub fn has_unknown(&self) -> bool {
        self.lock.as_ref().is_none_or(ServiceLock::has_unknown)
    }

    /// Returns the oldest operation of this kind whose end is not known. No statement where the lock says that there is none.
    pub fn undecided(&mut self, name: &'static str) -> Result<Option<Record>, Error> {
        if !self.has_unknown() {
            return Ok(None);
        }
        let (database, service_id) = (&mut self.database, self.service.id);
        Ok(journal::undecided(database, MODULE, service_id, name)?)
    }

    /// Records what became of an operation whose answer was lost.
    pub fn settle(&mut self, name: &'static str, asked: &str, end: End) -> Result<(), Error> {
        if !self.has_unknown() {
            return Ok(());
        }
        let operation = Operation { name, asked };
        let (database, service_id) = (&mut self.database, self.service.id);
        Ok(journal::settle(
            database, MODULE, service_id, operation, end,
        )?)
    }

    /// Whether the server's own list names the account. The safe question on servers of every age and size. That it has the
    /// accounts of tenants is documented nowhere: of those that it lacks, the server has to refuse the profile as well.
    pub fn is_listed(&self, username: &str) -> Result<bool, Error> {
        let call = Call::without_fields("list-users", "read the list of Comet accounts");
        let mut is_there = false;
        list::texts(&self.api(), &call, |name| is_there |= name == username)?;
        if is_there || ModuleSettings::read(&self.service.options).tenant.is_none() {
            return Ok(is_there);
        }
        match self.read_profile(username) {
            Ok(_) => Ok(true),
            Err(Error::Refused { status, .. }) if (400..500).contains(&status) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn of_another_service(username: &str) -> Error {
    Error::Refusal(adoption::of_another(username, None))
}

fn another_account(account: &Account) -> Error {
    Error::Refusal(format!(
        "The Comet account {} is not the one that was created for this service: it was deleted and created again in Comet, or this is another Comet Server. Nothing was changed; decide in Comet whose it is.",
        plain(&account.username)
    ))
}

/// Returns what the journal keeps of a call that was carried out.
pub fn answer_of_done(asked: &str) -> Answer {
    Answer {
        text: format!("done: {asked}"),
        ..Answer::default()
    }
}
