//! Editing an account's profile: read, edit, write with the hash of what was read, and again where somebody else was
//! quicker. The client's own changes of name and address go along.

use super::contact::Contact;
use super::session::AccountSession;
use crate::cometbackup::comet::api::{Call, Field, field};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::Error;
use crate::journal::End;
use crate::text::plain;

/// How often a write is tried on a profile that changed in between.
const TRIES: usize = 3;

const SET_PROFILE: &str = "set profile";

impl AccountSession<'_> {
    /// Edits the profile and writes it, where the edit changes anything. Reads again where it was changed by
    /// somebody else in between. Returns the profile as it was sent, and as the server then holds it where it says so.
    pub fn edit(
        &mut self,
        account: &Account,
        mut profile: Profile,
        edit: impl Fn(&mut Profile),
    ) -> Result<(Profile, Option<Profile>), Error> {
        let task = format!("change the Comet account {}", plain(&account.username));
        let contact = Contact::from(self.service);
        let is_for_another = account.written.is_for_another(self.service.client_id);
        let mut last = None;
        for _ in 0..TRIES {
            let before = profile.hash.clone();
            edit(&mut profile);
            if !is_for_another {
                contact.follow(&mut profile, &account.username, &account.written);
            }
            if !profile.write_edits() {
                // What a lost answer left open is as it should be.
                self.settle(SET_PROFILE, &task, End::Done)?;
                self.keep_contact(account, &profile)?;
                return Ok((profile, None));
            }
            let call = Call {
                endpoint: "set-user-profile-hash",
                task: task.clone(),
                fields: vec![
                    ("TargetUser", field(&account.username)),
                    ("ProfileData", Field::Document(profile.text().to_owned())),
                    ("RequireHash", field(&profile.hash)),
                ],
            };
            let error = match self.carry_out(SET_PROFILE, &call, |answer| {
                Some(Profile::from_answer(answer))
            }) {
                Ok(held) => {
                    self.keep_contact(account, &profile)?;
                    return Ok((profile, held));
                }
                Err(error @ Error::Busy { .. }) => return Err(error),
                Err(error) => error,
            };
            // Only a hash that is out of date is a reason to try again, and the server has no code for it.
            match self.profile(account) {
                Ok(now) if now.hash != before => profile = now,
                _ => return Err(error),
            }
            last = Some(error);
        }
        Err(last.unwrap_or_else(|| Error::Refusal(format!("Could not {task}. Run this again."))))
    }

    /// Records what the account holds of the client's own, where it is not recorded yet. Another client is for staff.
    fn keep_contact(&mut self, account: &Account, profile: &Profile) -> Result<(), Error> {
        let client = self.service.client_id;
        if account.written.is_for_another(client) {
            return Ok(());
        }
        let contact = Contact::from(self.service);
        let held = contact.held(profile, &account.username, &account.written, client);
        if held != account.written {
            accounts::keep_contact(&mut self.database, account.row, &held)?;
        }
        Ok(())
    }
}
