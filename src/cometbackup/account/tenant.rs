//! The tenant that a product is for: what is asked of the server for it, and what is refused before anything is created
//! elsewhere.

use super::session::AccountSession;
use crate::cometbackup::comet::api::{Api, Field, field};
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::version::TENANTS;
use crate::cometbackup::tables::accounts::Account;
use crate::cometbackup::tables::server_facts;
use crate::error::Error;
use crate::text::plain;

/// Returns the form field that narrows a call to a tenant.
pub fn narrowed_to(tenant: Option<&str>) -> Vec<(&'static str, Field)> {
    let tenant = tenant.map(|tenant| ("TargetOrganization", field(tenant)));
    tenant.into_iter().collect()
}

impl AccountSession<'_> {
    /// Refuses a server that cannot place an account in a tenant.
    ///
    /// # Errors
    /// Where the server would ignore the tenant, or does not say whether it does. One request where there is a tenant and
    /// the version is not known.
    pub fn must_know_tenants(&mut self, tenant: Option<&str>) -> Result<(), Error> {
        let Some(tenant) = tenant else {
            return Ok(());
        };
        let api = Api::new(self.host, &self.server);
        let version = server_facts::version(&mut self.database, &api)?;
        if version >= TENANTS {
            return Ok(());
        }
        Err(Error::Refusal(format!(
            "The product is for the tenant {}, and the Comet Server is version {version}, which creates accounts of tenants at the top level; 22.3.7 is the first that does not. Nothing was created: update Comet, or set Tenant in the module settings to that of the administrator.",
            plain(tenant)
        )))
    }
}

/// Refuses an account outside the product's tenant.
///
/// # Errors
/// Where the account is in another tenant than the product's.
pub fn must_hold(account: &Account, profile: &Profile, tenant: Option<&str>) -> Result<(), Error> {
    let Some(wanted) = tenant.filter(|tenant| *tenant != profile.tenant()) else {
        return Ok(());
    };
    Err(Error::Refusal(format!(
        "The Comet account {} is {}, and the product is for the tenant {}. Nothing was changed. Correct Tenant in the module settings of the product, or run Terminate and Create for a new account.",
        plain(&account.username),
        place(&profile.tenant()),
        plain(wanted)
    )))
}

/// Returns the place in words: "in the tenant x".
pub fn place(tenant: &str) -> String {
    match plain(tenant) {
        none if none.is_empty() => "in no tenant".to_owned(),
        tenant => format!("in the tenant {tenant}"),
    }
}
