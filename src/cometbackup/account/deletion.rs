//! A deletion that waits: recorded where a service is terminated, and taken back where the account is kept.

use super::customer_notice;
use super::lost_answer::{DELETE, MAY_STILL_COME};
use super::session::AccountSession;
use super::settings::{Grace, ModuleSettings};
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::{deletions, notices, pages};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::ServiceStatus;

/// Days before the deletion by which the customer gets his mail.
pub const NOTICE_DAYS: u32 = 3;

/// Why nothing is deleted where setting 13 cannot be read.
pub const UNREADABLE: &str = "the module setting Delete after (days) is no number of days, so nothing is deleted until it is";

impl AccountSession<'_> {
    /// Records that the account, which is suspended now, is to be deleted. One that waits already goes on to wait, unless
    /// it was in use in between.
    pub fn begin_deletion(
        &mut self,
        account: &Account,
        settings: &ModuleSettings,
        was_in_use: bool,
    ) -> Result<(), Error> {
        let days = match settings.grace {
            Grace::Days(days) => days,
            Grace::None => 0,
            Grace::Unreadable => {
                self.host.log_activity(format!(
                    "The Comet account {} is suspended: {UNREADABLE}. - {}",
                    plain(&account.username),
                    self.service.id
                ));
                0
            }
        };
        let is_terminated = self.service.status == ServiceStatus::Terminated;
        if account.deletion.is_some() && is_terminated && !was_in_use {
            return Ok(());
        }
        let (row, client) = (account.row, self.service.client_id);
        deletions::begin(&mut self.database, row, days, client)?;
        pages::end(&mut self.database, &[row])?;
        if let Some(template) = &settings.deletion_notice
            && (1..=NOTICE_DAYS).contains(&days)
            && let Some(pending) = deletions::pending_of(&mut self.database, row)?
        {
            let notice = customer_notice::of_deletion(
                (row, &account.username),
                template,
                (days, &pending.earliest),
            );
            notices::queue(&mut self.database, &[notice])?;
        }
        Ok(())
    }

    /// Takes a waiting deletion back: the account is kept.
    pub fn cancel_deletion(&mut self, account: &Account) -> Result<(), Error> {
        if account.deletion.is_none() {
            return Ok(());
        }
        self.refuse_while_it_may_go(account)?;
        deletions::cancel(&mut self.database, account.row)?;
        self.host.log_activity(format!(
            "The Comet account {} was to be deleted, and is kept. - {}",
            plain(&account.username),
            self.service.id
        ));
        Ok(())
    }

    /// A request to delete the account whose answer was lost may still be carried out.
    fn refuse_while_it_may_go(&mut self, account: &Account) -> Result<(), Error> {
        let lost = self.undecided(DELETE)?;
        let Some(record) = lost.filter(|record| record.is_younger_than(MAY_STILL_COME)) else {
            return Ok(());
        };
        Err(Error::Refusal(format!(
            "The deletion of the Comet account {} was asked for on {} UTC and the answer was lost; it may still be carried out. Run this again in {} minutes.",
            plain(&account.username),
            record.at,
            MAY_STILL_COME / 60
        )))
    }

    /// Refuses an account that waits for its deletion and may be another client's.
    ///
    /// # Errors
    /// Where the account waits for its deletion and was created for another client, or it is not known for whom.
    pub fn must_be_of_the_client(&self, account: &Account) -> Result<(), Error> {
        let is_his = account.written.client_id == Some(self.service.client_id);
        if account.deletion.is_none() || is_his {
            return Ok(());
        }
        Err(Error::Refusal(format!(
            "The Comet account {} of this service waits for its deletion and was created for another client, so it is not given to this one. Create runs once it is deleted; sell the backup as a new service before that.",
            plain(&account.username)
        )))
    }
}
