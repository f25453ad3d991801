//! The storage vault of a plan, requested once.

use super::session::AccountSession;
use super::settings::VaultQuota;
use crate::cometbackup::comet::api::{Call, field};
use crate::cometbackup::comet::limits;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::tables::accounts::{self, Account};
use crate::error::Error;
use crate::journal::End;

const REQUEST: &str = "request vault";

fn asked(account: &Account) -> String {
    format!(
        "request a storage vault for {}",
        crate::text::plain(&account.username)
    )
}

/// Sees to it that the account has its vault, whatever became of requests whose answers were lost.
pub fn settle(session: &mut AccountSession<'_>, account: &Account) -> Result<(), Error> {
    session.settle(REQUEST, &asked(account), End::Done)
}

/// Requests a vault from the storage template. Returns the profile with it, where the server sends one (from 25.6.8).
///
/// Every call creates another vault, so after a lost answer the profile is read before another request, and its hash is
/// sent along (`known`): servers from 25.6.8 then refuse where the lost request was carried out in the meantime.
pub fn request(
    session: &mut AccountSession<'_>,
    account: &mut Account,
    template: &str,
    known: Option<&Profile>,
) -> Result<Option<Profile>, Error> {
    let mut fields = vec![
        ("TargetUser", field(&account.username)),
        ("StorageProvider", field(template)),
        ("SelfAddress", field(format!("{}/", session.server.base))),
    ];
    if let Some(profile) = known {
        fields.push(("ProfileHash", field(&profile.hash)));
    }
    let call = Call {
        endpoint: "request-storage-vault",
        task: asked(account),
        fields,
    };
    let (id, profile) = session.carry_out(REQUEST, &call, |answer| {
        let answer_text = crate::json::document::JsonText::new(answer.to_owned())?;
        let id: Option<String> = answer_text.read(&["DestinationID"]);
        Some((id, Profile::from_answer(answer)))
    })?;
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        keep(session, account, &id)?;
    }
    Ok(profile)
}

/// Remembers which vault the plan pays for.
pub fn keep(
    session: &mut AccountSession<'_>,
    account: &mut Account,
    id: &str,
) -> Result<(), Error> {
    accounts::keep_vault(&mut session.database, account.row, id)?;
    account.vault_id = Some(id.to_owned());
    Ok(())
}

/// Returns the vaults that the plan's quota is for.
pub fn limited(account: &Account, profile: &Profile, option: VaultQuota) -> Vec<String> {
    let vaults = profile.vaults();
    let is_recorded = |id: &String| account.vault_id.as_ref() == Some(id);
    limits::of_the_plan(&vaults, option, is_recorded).to_vec()
}
