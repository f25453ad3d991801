//! The comparison of one service: what WHMCS, our table and the server's list say of it. Pure; nothing is read or sent.

use super::expected::Expected;
use super::moved;
use super::observed::{Identity, ObservedAccount, VaultLimits};
use super::services::Entry;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::settings::{Sells, Termination};
use crate::cometbackup::comet::limits::{Limit, SEATS};
use crate::cometbackup::functions::transfer_account;
use crate::cometbackup::tables::account_index::RecordState;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::service_id::ServiceId;
use crate::text::plain;
use crate::whmcs::ServiceStatus;

/// A kind that does not change, and one sentence or two.
pub type Mismatch = (&'static str, String);

const MISSING: &str = "missing";
const ENDED: &str = "ended";
const GONE: &str = "gone";
const MOVED: &str = "moved";
const IDENTITY: &str = "identity";
const DISPUTED: &str = "disputed";
const SUSPENSION: &str = "suspension";
const LIMITS: &str = "limits";
const OPTIONS: &str = "options";
const TENANT: &str = "tenant";
const CONTACT: &str = "contact";
const CLIENT: &str = "client";

/// Returns everything that is wrong. The list of the server was read to its end.
pub fn mismatches(entry: &Entry, expected: &Expected) -> Vec<Mismatch> {
    // An addon that adds to the account of its service has none of its own.
    let is_extra = expected.options.sells == Sells::Extra && entry.record == RecordState::None;
    let is_addon = matches!(entry.service_id, ServiceId::Addon { .. });
    if entry.service.is_left || (is_extra && is_addon) {
        return Vec::new();
    }
    if let Some(left_out) = moved::left_out(entry) {
        return left_out;
    }
    let name = plain(&entry.name);
    let is_live = entry.service.status.is_some_and(ServiceStatus::is_live);
    if entry.is_disputed {
        return vec![(
            DISPUTED,
            format!(
                "The user name {name} is that of several services, and which of them has the Comet account is not recorded for this one. Correct the user name of this service, or press Check at Comet on the one it belongs to."
            ),
        )];
    }
    let observed = match (entry.record, &entry.observed) {
        // An account of a planned name is somebody else's, or one that a lost answer would have explained.
        (RecordState::Planned, _) | (_, None) => {
            return is_live.then(|| missing(entry, &name)).into_iter().collect();
        }
        (_, Some(observed)) => observed.as_ref(),
    };
    if observed.identity == Identity::Another {
        let text = format!(
            "The Comet account {name} is not the one that was created for this service: that one was deleted in Comet, and another one was created under its name. Decide in Comet whose account it is."
        );
        return if is_live {
            vec![(IDENTITY, text)]
        } else {
            Vec::new()
        };
    }
    if let Some(mismatch) = unwanted(entry, observed, expected, &name) {
        return vec![mismatch];
    }
    if !is_live {
        return Vec::new();
    }
    if entry.service.is_moved {
        return vec![(
            MOVED,
            format!(
                "The Comet account {name} is on this server, and the service is on another one in WHMCS. Set the service back to this server, or move the account in Comet and press Move Account on the service page."
            ),
        )];
    }
    suspension(entry, observed, &name)
        .into_iter()
        .chain(tenant(observed, expected, &name))
        .chain(limits(observed, expected, &name))
        .chain(person(entry, observed, &name))
        .collect()
}

fn missing(entry: &Entry, name: &str) -> Mismatch {
    let state = entry
        .service
        .status
        .unwrap_or(ServiceStatus::Unknown)
        .word();
    let text = match entry.record {
        _ if name.is_empty() => format!(
            "The service is {state} and no Comet account is recorded for it. Run Create to create one."
        ),
        RecordState::Planned => format!(
            "The service is {state} and its Comet account {name} was never created. Run Create to create it."
        ),
        RecordState::Created | RecordState::None => format!(
            "The service is {state} and the server does not list its Comet account {name}: it was deleted in Comet, or this administrator may not see it. If it is gone, run Terminate and then Create."
        ),
    };
    (MISSING, text)
}

/// An account that nobody pays for. One that another service names must not be deleted.
fn unwanted(
    entry: &Entry,
    observed: &ObservedAccount,
    expected: &Expected,
    name: &str,
) -> Option<Mismatch> {
    if let Some(other) = entry.service.claimed_by {
        return Some((
            DISPUTED,
            format!(
                "The Comet account {name} is recorded for this service, which is over, and another service names it ({other}). Decide whose account it is; do not delete anything of it before."
            ),
        ));
    }
    match entry.service.status {
        None => Some((
            GONE,
            format!(
                "The Comet account {name} is on the server, and its service is no longer in WHMCS or no longer sold with this module. Delete it in Comet if nobody needs its backups."
            ),
        )),
        // What it waits for, and what is in the way, is said by `deletions`.
        Some(ServiceStatus::Terminated)
            if entry.service.deletion.is_some()
                && expected.options.termination == Termination::Delete =>
        {
            None
        }
        Some(status) if status.is_over() && expected.options.termination == Termination::Delete => {
            Some((
                ENDED,
                format!(
                    "The Comet account {name} is on the server, and its service has ended. Run Terminate to delete it if nobody needs its backups."
                ),
            ))
        }
        Some(status) if status.is_over() && !observed.is_suspended => Some((
            ENDED,
            format!(
                "The Comet account {name} should be suspended, because its service has ended, and it is active. Run Terminate to suspend it."
            ),
        )),
        _ => None,
    }
}

fn suspension(entry: &Entry, observed: &ObservedAccount, name: &str) -> Option<Mismatch> {
    let text = match (entry.service.status?, observed.is_suspended) {
        (status, true) if status.is_in_use() => format!(
            "The Comet account {name} is suspended, and the service is {}. Run Unsuspend or Suspend.",
            status.word()
        ),
        (ServiceStatus::Suspended, false) => format!(
            "The Comet account {name} is active, and the service is suspended. Run Suspend or Unsuspend."
        ),
        _ => return None,
    };
    Some((SUSPENSION, text))
}

/// The limits that the product defines, against those of the account.
fn tenant(observed: &ObservedAccount, expected: &Expected, name: &str) -> Option<Mismatch> {
    let tenant = expected.options.tenant.as_deref()?;
    (observed.tenant != Fingerprint::of(tenant)).then(|| {
        (
            TENANT,
            format!(
                "The Comet account {name} is in another tenant than the product, which is for the tenant {}. Correct Tenant in the module settings, or run Terminate and Create for a new account.",
                plain(tenant)
            ),
        )
    })
}

pub fn limits(observed: &ObservedAccount, expected: &Expected, name: &str) -> Option<Mismatch> {
    let quotas = match &expected.quotas {
        Ok(quotas) => quotas,
        Err(error) => return Some((OPTIONS, error.to_string())),
    };
    let mut drifted = drifted(observed, quotas);
    let policy_group = expected.options.policy_group.as_deref();
    if policy_group.is_some_and(|id| observed.policy_group != Fingerprint::of(id)) {
        drifted.push("policy group");
    }
    (!drifted.is_empty()).then(|| {
        (
            LIMITS,
            format!(
                "The Comet account {name} has another {} than the service is sold with. Run Change Package to set it, or change the service.",
                drifted.join(" and another ")
            ),
        )
    })
}

/// Where the service has another client staff decide; the contact of an account that still holds what we wrote follows by itself.
fn person(entry: &Entry, observed: &ObservedAccount, name: &str) -> Option<Mismatch> {
    let person = entry.service.person.as_ref()?;
    if person.is_another() {
        return Some((
            CLIENT,
            format!(
                "The Comet account {name} was created for the client {}, and the service was moved to another client, {}: password, devices and contact are still those of the former client. Press {} on the service page to set a new password, remove the devices and enter the new contact.",
                person.created_for,
                person.id,
                transfer_account::BUTTON.0
            ),
        ));
    }
    let what = match (observed.contact.email, observed.contact.name) {
        (true, true) => "another e-mail address and another name",
        (true, false) => "another e-mail address",
        (false, true) => "another name",
        (false, false) => return None,
    };
    Some((
        CONTACT,
        format!(
            "The Comet account {name} has {what} than the client in WHMCS, and Comet's reports go to the contact of the account. It was entered in Comet, or before this version: correct it in Comet, or in WHMCS."
        ),
    ))
}

/// Which limits differ. Zero is no limit; what the product does not set is left out.
fn drifted(observed: &ObservedAccount, quotas: &Quotas) -> Vec<&'static str> {
    let bytes = |expected: u64| i64::try_from(expected).unwrap_or(i64::MAX);
    let mut drifted = Vec::new();
    if quotas
        .devices
        .is_some_and(|expected| bytes(expected) != observed.devices)
    {
        drifted.push("device limit");
    }
    let items = |expected: u64| (expected > 0).then(|| bytes(expected));
    if quotas
        .protected_items
        .is_some_and(|expected| items(expected) != observed.items)
    {
        drifted.push("protected item quota");
    }
    let vault = |expected: u64| match expected {
        0 => Limit::None,
        some => Limit::Bytes(bytes(some)),
    };
    let differs = |expected| match observed.vaults {
        VaultLimits::Nothing => false,
        VaultLimits::All(limit) => limit != vault(expected),
        VaultLimits::Several => true,
    };
    if quotas.storage_vault.is_some_and(differs) {
        drifted.push("storage vault quota");
    }
    // A server without the field says nothing of it.
    let seats = SEATS.iter().zip(quotas.seats).zip(observed.seats);
    let seats = seats.filter_map(|((seat, expected), observed)| {
        let expected = u32::try_from(expected?).unwrap_or(u32::MAX);
        (expected != observed?).then_some(seat.name)
    });
    drifted.extend(seats);
    drifted
}

#[cfg(test)]
mod tests;
