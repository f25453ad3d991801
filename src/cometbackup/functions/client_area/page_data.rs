//! The data of the customer's page: what was read of the account, as far as it could be.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::pruned::{self, Pruned, Totals};
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::account::vault;
use crate::cometbackup::comet::installers::Offer;
use crate::cometbackup::comet::jobs::Jobs;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::Account;
use crate::whmcs::Service;

/// What was read, without secrets. It is kept for the next visitor: a change of its fields needs another
/// [`super::kept::SHAPE`].
#[derive(Default, Serialize, Deserialize)]
pub(super) struct PageData {
    pub username: String,
    /// The fields that the page reads.
    pub profile: Json,
    pub totals: Totals,
    pub hash: String,
    /// The vaults that the plan pays for.
    pub vaults: Vec<String>,
    pub jobs: Jobs,
    pub offers: Vec<Offer>,
    /// The name in the host's own branding; empty where that is not known.
    pub product_name: String,
    #[serde(skip)]
    pub missing: Missing,
    /// Unix seconds, where the server could not be asked and this was kept from then.
    #[serde(skip)]
    pub known_at: Option<i64>,
    /// What proves a form to be from this page.
    #[serde(skip)]
    pub token: Option<String>,
}

/// What could not be read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    #[default]
    Nothing,
    Account,
    Jobs,
}

impl PageData {
    pub fn new(service: &Service, account: &Account, profile: &Profile) -> Self {
        let option = ModuleSettings::read(&service.options).vault_quota;
        let Pruned {
            profile: shown,
            totals,
        } = pruned::pruned(profile.text());
        Self {
            username: account.username.clone(),
            profile: shown,
            totals,
            hash: profile.hash.clone(),
            vaults: vault::limited(account, profile, option),
            ..Self::default()
        }
    }

    /// Whether the jobs are known: an empty list says then that there were none.
    pub fn knows_jobs(&self) -> bool {
        self.missing != Missing::Jobs
    }
}
