//! The client of a service beside the contact of its account: in 40 bytes, for all accounts at once.

use mysql::Row;

use crate::cometbackup::account::contact::{Contact, comparable, hashed};
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::database::column;
use crate::text::decode_entities;
use crate::whmcs::Client;

/// As WHMCS has the client now, and as our table says what we wrote into the account.
#[derive(Debug)]
pub struct Person {
    pub id: u32,
    /// The client the account was made for; 0 where that was never seen.
    pub made_for: u32,
    email: Option<Fingerprint>,
    name: Option<Fingerprint>,
    written_email: Option<Fingerprint>,
    written_name: Option<Fingerprint>,
}

/// What of an account's contact is another than the client's, and not what we wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Differs {
    pub email: bool,
    pub name: bool,
}

impl Person {
    /// Eight columns from `at`: client, client recorded, e-mail, first name, last name, company, both hashes.
    pub fn read(row: &Row, at: usize) -> Self {
        let text = |offset| {
            decode_entities(&column::<Option<String>>(row, at + offset).unwrap_or_default())
        };
        let contact = Contact::of(&Client {
            email: text(2),
            first_name: text(3),
            last_name: text(4),
            company: text(5),
            ..Client::default()
        });
        let print = |text: String| (!text.is_empty()).then(|| Fingerprint::of(&text));
        Self {
            id: column::<Option<u32>>(row, at).unwrap_or_default(),
            made_for: column::<Option<u32>>(row, at + 1).unwrap_or_default(),
            email: print(comparable(&contact.email)),
            name: print(contact.name),
            written_email: print(text(6)),
            written_name: print(text(7)),
        }
    }

    pub const fn is_another(&self) -> bool {
        self.id > 0 && self.made_for > 0 && self.id != self.made_for
    }

    /// Of an account without addresses nobody gets a mail.
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
