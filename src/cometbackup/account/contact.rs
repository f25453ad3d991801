//! The contact of an account: whom its reports go to, and whose name it has. What we wrote is recorded as hashes, and
//! follows the client only where the account still holds it.

use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::RecordedContact;
use crate::hash::sha256;
use crate::whmcs::{Client, Service};

/// The address and the name of a client as WHMCS has them. Empty is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub email: String,
    pub name: String,
}

impl Contact {
    pub fn of(client: &Client) -> Self {
        let own = format!("{} {}", client.first_name, client.last_name);
        let name = if client.company.trim().is_empty() {
            own.trim()
        } else {
            client.company.trim()
        };
        Self {
            email: client.email.trim().to_owned(),
            name: name.to_owned(),
        }
    }

    /// Returns what is recorded once the contact is written into the account.
    pub fn written(&self, username: &str, client_id: u32) -> RecordedContact {
        let hashed = |text: &String| (!text.is_empty()).then(|| hashed(username, text));
        RecordedContact {
            email: hashed(&self.email),
            name: hashed(&self.name),
            client_id: (client_id > 0).then_some(client_id),
        }
    }

    /// Writes the client's own change of address or name into an account that still holds what we wrote.
    pub fn follow(&self, profile: &mut Profile, username: &str, written: &RecordedContact) {
        let is_ours = |held: &str, written: &Option<String>| {
            written.as_deref() == Some(hashed(username, held).as_str())
        };
        let emails = profile.emails();
        if let [email] = emails.as_slice()
            && !self.email.is_empty()
            && *email != self.email
            && is_ours(email, &written.email)
        {
            profile.set_email(&self.email);
        }
        let name = profile.account_name();
        if !name.is_empty()
            && !self.name.is_empty()
            && name != self.name
            && is_ours(&name, &written.name)
        {
            profile.set_account_name(&self.name);
        }
    }

    /// Returns what is to be recorded of an account that holds this now. What a person entered stays unrecorded.
    pub fn held(
        &self,
        profile: &Profile,
        username: &str,
        written: &RecordedContact,
        client: u32,
    ) -> RecordedContact {
        let ours = self.written(username, client);
        let holds_email = profile.emails() == [self.email.clone()];
        let holds_name = profile.account_name() == self.name;
        RecordedContact {
            email: ours.email.filter(|_| holds_email).or(written.email.clone()),
            name: ours.name.filter(|_| holds_name).or(written.name.clone()),
            client_id: written.client_id.or(ours.client_id),
        }
    }
}

/// Returns an e-mail address in the form that is compared.
pub fn comparable(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Returns the hash of a text together with the account's name: without the name, one table of hashes would reveal the
/// addresses of all.
pub fn hashed(username: &str, text: &str) -> String {
    sha256(&format!("{username}\n{text}"))
}

impl From<&Service> for Contact {
    fn from(service: &Service) -> Self {
        Self::of(&service.client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "ada@example.com";

    fn contact(email: &str, name: &str) -> Contact {
        Contact {
            email: email.into(),
            name: name.into(),
        }
    }

    fn profile(emails: &str, name: &str) -> Profile {
        let answer = format!(
            r#"{{"ProfileHash":"h","Profile":{{"Emails":{emails},"AccountName":"{name}","Devices":{{}}}}}}"#
        );
        Profile::from_answer(&answer).unwrap()
    }

    fn followed(emails: &str, name: &str, written: &RecordedContact) -> (Vec<String>, String) {
        let mut profile = profile(emails, name);
        contact("new@example.com", "New").follow(&mut profile, NAME, written);
        profile.write_edits();
        (profile.emails(), profile.account_name())
    }

    #[test]
    fn what_we_wrote_follows_and_what_a_person_entered_stays() {
        let written = contact("old@example.com", "Old").written(NAME, 10);
        let both = |email: &str, name: &str| (vec![email.to_owned()], name.to_owned());
        assert_eq!(
            followed(r#"["old@example.com"]"#, "Old", &written),
            both("new@example.com", "New")
        );
        assert_eq!(
            followed(r#"["hand@example.com"]"#, "Old", &written),
            both("hand@example.com", "New")
        );
        assert_eq!(
            followed(r#"["old@example.com"]"#, "By hand", &written),
            both("new@example.com", "By hand")
        );
        assert_eq!(
            followed(r#"["old@example.com"]"#, "Old", &RecordedContact::default()),
            both("old@example.com", "Old")
        );
        let two = followed(r#"["old@example.com","b@example.com"]"#, "", &written);
        assert_eq!(two.0.len(), 2);
    }

    #[test]
    fn only_what_is_the_client_s_own_is_recorded() {
        let client = contact("ada@example.com", "Ada");
        let ours = client.written(NAME, 10);
        let none = RecordedContact::default();
        let held = |emails, name| client.held(&profile(emails, name), NAME, &none, 10);
        assert_eq!(held(r#"["ada@example.com"]"#, "Ada"), ours);
        let by_hand = held(r#"["hand@example.com"]"#, "By hand");
        assert_eq!((by_hand.email, by_hand.name), (None, None));
        assert_eq!(held("null", "").client_id, Some(10));
        assert!(ours.is_for_another(11) && !ours.is_for_another(10));
        assert!(!none.is_for_another(11) && !ours.is_for_another(0));
    }

    #[test]
    fn a_hash_is_of_this_account_only() {
        assert_ne!(hashed("a", "x@example.com"), hashed("b", "x@example.com"));
    }
}
