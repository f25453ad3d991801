//! The commands of a product addon that adds to the account of its service: each computes the limits of the account anew,
//! under the lock of the service. Two requests, one where nothing differs.

use crate::cometbackup::MODULE;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::session::AccountSession;
use crate::cometbackup::account::set_limits::Limits;
use crate::cometbackup::account::settings::{BelowUsage, ModuleSettings};
use crate::cometbackup::account::{extra_addon, extras};
use crate::cometbackup::tables::accounts;
use crate::cometbackup::tables::extras as records;
use crate::error::Error;
use crate::whmcs::parent_service;
use crate::whmcs::{Host, Service, ServiceStatus, configurable_options, open_database, servers};

/// Runs a command of such an addon; `None` for every service, and for a product addon that is an account of its own.
/// `counts` says whether the addon adds something from here on.
pub fn run(host: &dyn Host, addon: &Service, counts: bool) -> Option<Result<(), Error>> {
    match open_database(host)
        .and_then(|mut database| Ok(extra_addon::is_one(&mut database, addon)?))
    {
        Ok(false) => None,
        Ok(true) => Some(apply(host, addon, counts)),
        Err(error) => Some(Err(error)),
    }
}

/// Why there is no account to add to. What adds nothing any more succeeds there.
fn nothing_there(counts: bool, why: &str) -> Result<(), Error> {
    if counts {
        return Err(Error::Refusal(format!(
            "{why}, so this product addon has nothing to add to."
        )));
    }
    Ok(())
}

fn apply(host: &dyn Host, addon: &Service, counts: bool) -> Result<(), Error> {
    let (parent, server) = {
        let mut database = open_database(host)?;
        let Some(parent) = parent_service::find(&mut database, addon.id.service())? else {
            return nothing_there(
                counts,
                "The service of this product addon is no longer in WHMCS",
            );
        };
        let server = servers::find(&mut database, parent.server)?;
        (parent, server)
    };
    if parent.module != MODULE {
        return nothing_there(
            counts,
            "The service of this product addon is not sold with the module Comet Backup",
        );
    }
    if addon.client_id > 0 && addon.client_id != parent.client_id {
        return nothing_there(
            counts,
            "The service of this product addon is another client's",
        );
    }
    let Some(server) = server else {
        return nothing_there(
            counts,
            "The service of this product addon has no Comet Server",
        );
    };
    let adds = ModuleSettings::read(&addon.options).adds;
    let settings = ModuleSettings::read(&parent.options);
    let service = parent.service(addon, server.decrypted(host));
    AccountSession::with_lock(host, &service, |session| {
        change(session, (addon.id.number(), counts), &adds, &settings)?;
        let (database, addon) = (&mut session.database, addon.id.number());
        Ok(records::record(database, addon, counts)?)
    })
}

fn change(
    session: &mut AccountSession<'_>,
    (addon, counts): (u32, bool),
    adds: &str,
    settings: &ModuleSettings,
) -> Result<(), Error> {
    let status = session.service.status;
    let has_account = session
        .recorded()?
        .is_some_and(|account| !account.is_planned);
    if status.is_over() {
        return nothing_there(counts, "The service of this product addon has ended");
    }
    let base = base(session)?;
    if counts {
        extras::must_have_ground(&base, adds)?;
    }
    // Its own Create counts what is active by then.
    if !has_account && status == ServiceStatus::Pending {
        return Ok(());
    }
    if !has_account && !counts && is_without(session)? {
        return Ok(());
    }
    let (account, profile) = session.account_and_profile()?;
    profile.countable(&account.username)?;
    let own = session
        .extras_mut()
        .iter_mut()
        .find(|extra| extra.addon == addon);
    match own {
        Some(extra) => extra.counts = counts,
        None if counts => {
            return nothing_there(
                counts,
                "WHMCS lists this product addon for no service of its client",
            );
        }
        None => {}
    }
    let quotas = session.sold(&base)?;
    // What the client no longer has the right to goes, whatever is used of it.
    let limits = Limits {
        quotas: &quotas,
        vaults: settings.vault_quota,
        below_usage: BelowUsage::Set,
    };
    session.set_limits(&account, profile, &limits, |_| ())
}

/// What the product sells, read under the lock: another command may have waited for it with another product.
fn base(session: &mut AccountSession<'_>) -> Result<Quotas, Error> {
    let service = session.service.id.number();
    let chosen = configurable_options::of_services(&mut session.database, &[service])?;
    Quotas::read(&chosen.into_values().next().unwrap_or_default())
}

/// WHMCS writes that a service has ended after its account has.
fn is_without(session: &mut AccountSession<'_>) -> Result<bool, Error> {
    let service_id = session.service.id;
    Ok(session.name_of_the_php_module().is_none()
        || accounts::has_ended_account(&mut session.database, service_id)?)
}
