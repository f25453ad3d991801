//! The client of a service, to be compared with the contact of its account: in 40 bytes, for all accounts at once.

use crate::cometbackup::account::contact::{Contact, comparable, hashed};
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::tables::account_index::RecordedClient;
use crate::cometbackup::tables::fingerprint::Fingerprint;

/// The client as WHMCS has him now, and what our table says we wrote into the account.
#[derive(Debug)]
pub struct Person {
    pub id: u32,
    /// The client the account was created for; 0 where that is not recorded.
    pub created_for: u32,
    email: Option<Fingerprint>,
    name: Option<Fingerprint>,
    written_email: Option<Fingerprint>,
    written_name: Option<Fingerprint>,
}

/// What of an account's contact differs from the client's, and is not what we wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Differs {
    pub email: bool,
    pub name: bool,
}

impl Person {
    pub fn of(recorded: &RecordedClient) -> Self {
        let contact = Contact::of(&recorded.client);
        let hash = |text: &Option<String>| fingerprint(text.as_deref().unwrap_or_default());
        Self {
            id: recorded.id,
            created_for: recorded.created_for,
            email: fingerprint(&comparable(&contact.email)),
            name: fingerprint(&contact.name),
            written_email: hash(&recorded.email_hash),
            written_name: hash(&recorded.name_hash),
        }
    }

    pub const fn is_another(&self) -> bool {
        self.id > 0 && self.created_for > 0 && self.id != self.created_for
    }

    /// Compares the client with the account's contact. An account without addresses sends no mail to anybody, so it does not
    /// differ.
    pub fn differs(&self, account: &ListedAccount) -> Differs {
        let is_ours = |held: &str, written: Option<Fingerprint>| {
            written.is_some_and(|written| written == Fingerprint::of(&hashed(&account.name, held)))
        };
        let is_his = |email: &String| self.email == Some(Fingerprint::of(&comparable(email)));
        let ours = match account.emails.as_slice() {
            [email] => is_ours(email, self.written_email),
            emails => emails.is_empty(),
        };
        let name = account.account_name.trim();
        Differs {
            email: self.email.is_some() && !account.emails.iter().any(is_his) && !ours,
            name: self.name.is_some()
                && !name.is_empty()
                && self.name != Some(Fingerprint::of(name))
                && !is_ours(name, self.written_name),
        }
    }
}

/// `None` of an empty text.
fn fingerprint(text: &str) -> Option<Fingerprint> {
    (!text.is_empty()).then(|| Fingerprint::of(text))
}
