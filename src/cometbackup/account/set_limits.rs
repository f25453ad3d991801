//! Setting the limits of an account: those below what is used, and what the server did not apply.

use super::extras;
use super::session::AccountSession;
use super::settings::{BelowUsage, VaultQuota};
use super::vault;
use crate::cometbackup::comet::limits::Quotas;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::usage;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::extras::Extra;
use crate::error::Error;
use crate::text::plain;

/// The limits to set, the vaults they are for, and what becomes of one below what is used.
pub struct Limits<'a> {
    pub quotas: &'a Quotas,
    pub vaults: VaultQuota,
    pub below_usage: BelowUsage,
}

impl Limits<'_> {
    /// Returns the limits that become lower than what is used, in words.
    ///
    /// # Errors
    /// `Error::Refusal` where that is to be refused.
    pub fn below(&self, account: &Account, profile: &Profile) -> Result<String, Error> {
        let limited = vault::limited(account, profile, self.vaults);
        let below = usage::lowered_below(profile.listed(), self.quotas, &limited).join(", ");
        if below.is_empty() || self.below_usage == BelowUsage::Set {
            return Ok(below);
        }
        Err(Error::Refusal(format!(
            "The Comet account {} uses more than its new limits: {below}. Nothing was changed. Reduce what is used, for example by removing devices, sell more, or have such limits set all the same, in the module settings; then run Change Package.",
            plain(&account.username)
        )))
    }
}

impl AccountSession<'_> {
    /// Returns what the service is sold with: the limits of its product, and what its product addons add. After the account
    /// was looked up.
    pub fn sold(&self, base: &Quotas) -> Result<Quotas, Error> {
        extras::together(*base, &self.extras)
    }

    /// Returns the product addons that add to the account, once it was looked up.
    pub const fn extras_mut(&mut self) -> &mut Vec<Extra> {
        &mut self.extras
    }

    /// Sets the limits, and whatever else `edit` changes, in one write where anything differs. What the server did not
    /// apply is written to the Activity Log.
    ///
    /// # Errors
    /// `Error::Refusal` where a limit is lowered below what is used, and that is to be refused.
    pub fn set_limits(
        &mut self,
        account: &Account,
        profile: Profile,
        limits: &Limits<'_>,
        edit: impl Fn(&mut Profile),
    ) -> Result<(), Error> {
        let quotas = limits.quotas;
        self.say_which_limits_it_lacks(&profile, quotas)?;
        let below = limits.below(account, &profile)?;
        let limited = vault::limited(account, &profile, limits.vaults);
        let name = plain(&account.username);
        let (wanted, held) = self.edit(account, profile, |profile| {
            edit(profile);
            profile.apply_quotas(quotas, &limited);
        })?;
        if !below.is_empty() {
            self.host.log_activity(format!(
                "The Comet account {name} uses more than its new limits, which were set all the same: {below}. - {}",
                self.service.id
            ));
        }
        let missing = held
            .map(|held| held.differences_from(&wanted))
            .unwrap_or_default();
        if !missing.is_empty() {
            self.host.log_activity(format!(
                "The Comet Server did not apply the {} of the account {name}; it may be too old to support it. - {}",
                missing.join(", "),
                self.service.id
            ));
        }
        Ok(())
    }
}
