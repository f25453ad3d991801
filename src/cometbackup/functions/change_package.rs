//! `cometbackup_ChangePackage`: gives the account the limits and the policy group of the new product. One read, and one
//! write where something differs.

use super::extra_addon;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::set_limits::Limits;
use crate::cometbackup::account::settings::{ModuleSettings, Unset};
use crate::cometbackup::account::{policy_group, tenant};
use crate::error::Error;
use crate::whmcs::{Host, Service};

/// Changes the package. What the server did not apply is written to the Activity Log.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let settings = ModuleSettings::read(&service.options);
    let status = service.status;
    if let Some(ended) = extra_addon::run(host, service, status.is_in_use()) {
        return ended;
    }
    let quotas = Quotas::read(&service.configurable_options)?;
    AccountSession::with_lock(host, service, |session| change(session, &settings, &quotas))
}

fn change(
    session: &mut AccountSession<'_>,
    settings: &ModuleSettings,
    quotas: &Quotas,
) -> Result<(), Error> {
    let (account, profile) = session.account_and_profile()?;
    profile.countable(&account.username)?;
    let tenant = settings.tenant.as_deref();
    tenant::must_hold(&account, &profile, tenant)?;
    let quotas = &wanted(settings, session.sold(quotas)?);
    let limits = Limits {
        quotas,
        vaults: settings.vault_quota,
        below_usage: settings.below_usage,
    };
    limits.below(&account, &profile)?;
    if let Some(id) = settings
        .policy_group
        .as_deref()
        .filter(|id| *id != profile.policy_id())
    {
        session.must_know_tenants(tenant)?;
        policy_group::ensure(session, id, tenant)?;
    }
    session.set_limits(&account, profile, &limits, |profile| {
        match (&settings.policy_group, settings.unset) {
            (Some(id), _) => profile.assign_policy_group(id),
            (None, Unset::Reset) => profile.assign_policy_group(""),
            (None, Unset::Leave) => {}
        }
    })
}

/// With "reset", a limit that the product does not set is lifted.
fn wanted(settings: &ModuleSettings, quotas: Quotas) -> Quotas {
    let lifted = |limit: Option<u64>| match settings.unset {
        Unset::Leave => limit,
        Unset::Reset => Some(limit.unwrap_or(0)),
    };
    Quotas {
        seats: quotas.seats.map(lifted),
        devices: lifted(quotas.devices),
        protected_items: lifted(quotas.protected_items),
        storage_vault: lifted(quotas.storage_vault),
    }
}
