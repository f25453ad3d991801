//! `cometbackup_ChangePackage`: gives the account the limits and the policy group of the new product. One read, and one
//! write where something differs.

use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::settings::{ModuleSettings, Unset};
use crate::cometbackup::account::{policy_group, tenant, vault};
use crate::cometbackup::comet::profile::Profile;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::{Host, Service};

/// What the server did not apply is written to the Activity Log.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let settings = ModuleSettings::read(&service.options);
    let quotas = wanted(&settings, Quotas::read(&service.configurable_options)?);
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
    if let Some(id) = settings
        .policy_group
        .as_deref()
        .filter(|id| *id != profile.policy_id())
    {
        session.must_know_tenants(tenant)?;
        policy_group::ensure(session, id, tenant)?;
    }
    session.say_which_limits_it_lacks(&profile, quotas)?;
    let limited = vault::limited(&account, &profile, settings.vault_quota);
    let edit = |profile: &mut Profile| {
        match (&settings.policy_group, settings.unset) {
            (Some(id), _) => profile.assign_policy_group(id),
            (None, Unset::Reset) => profile.assign_policy_group(""),
            (None, Unset::Leave) => {}
        }
        profile.apply_quotas(quotas, &limited);
    };
    let (wanted, held) = session.edit(&account, profile, edit)?;
    let missing = held
        .map(|held| held.differences_from(&wanted))
        .unwrap_or_default();
    if !missing.is_empty() {
        session.host.log_activity(format!(
            "The Comet Server did not apply the {} of the account {}; it may be too old to support it. - {}",
            missing.join(", "),
            plain(&account.username),
            session.service.id
        ));
    }
    Ok(())
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
