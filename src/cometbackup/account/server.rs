//! The Comet Server of a service: whether its account was recorded there, and what is recorded once it is known to be
//! the same server under another entry, address or license.

use super::session::{AccountSession, of_another_service};
use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::server_identity::{ServerPlace, Standing};
use crate::cometbackup::tables::accounts::{self, Account};
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::text::plain;

impl AccountSession<'_> {
    /// Returns the server entry of the service, and the server behind it as far as it is remembered.
    pub fn place(&self) -> ServerPlace {
        self.known.place(&self.server)
    }

    /// Whether the account was recorded for another entry, or for another host or port.
    pub fn is_reached_otherwise(&self, account: &Account) -> bool {
        let (before, now) = (&account.place, self.server.address());
        before.entry != self.server.id
            || (!before.server.address.is_empty() && before.server.address != now)
    }

    /// Returns which Comet Server it is. One request where it did not say so in the last hour.
    pub fn ask_which_server(&mut self) {
        let api = Api::new(self.host, &self.server);
        server_facts::identify(&mut self.database, &api, &mut self.known);
    }

    /// Records that the account is on the service's server. Where that is news, it is logged once for staff.
    pub fn keep_place(&mut self, account: &mut Account) -> Result<(), Error> {
        let place = self.place();
        if !accounts::keep_place(&mut self.database, (account.row, &account.username), &place)? {
            return Err(of_another_service(&account.username));
        }
        if account.standing != Standing::Same {
            self.host.log_activity(format!(
                "The Comet account {} is recorded for the server entry {} now, which is the same Comet Server as the entry {} that it was recorded for. - {}",
                plain(&account.username),
                place.entry,
                account.place.entry,
                self.service.id
            ));
        }
        account.place = place;
        account.standing = Standing::Same;
        Ok(())
    }

    /// Refuses an account whose server is not known to be the service's.
    ///
    /// # Errors
    /// Where the server of the service may be another one than the account's.
    pub fn must_be_confirmed(&self, account: &Account) -> Result<(), Error> {
        match account.standing {
            Standing::Unconfirmed => Err(self.unconfirmed(account)),
            _ => Ok(()),
        }
    }

    /// Returns what staff do where it may be a clone or a restored copy.
    pub fn unconfirmed(&self, account: &Account) -> Error {
        Error::Refusal(unconfirmed(account, &self.place()))
    }
}

fn unconfirmed(account: &Account, now: &ServerPlace) -> String {
    format!(
        "The Comet account {} was recorded for the server entry {} ({}), and the service is on the entry {} ({}), which may be another Comet Server: {}. Nothing was changed. If it is the same one, moved, restored or with a new license, press Same Comet Server: confirm on this page, once for the entry; if this account alone was moved to it, press Move Account; if neither, set the service back.",
        plain(&account.username),
        account.place.entry,
        named(&account.place),
        now.entry,
        named(now),
        account.place.differences(now)
    )
}

fn named(place: &ServerPlace) -> String {
    match plain(&place.server.address) {
        unknown if unknown.is_empty() => "address not recorded".to_owned(),
        address => address,
    }
}
