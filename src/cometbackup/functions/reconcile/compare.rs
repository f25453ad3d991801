//! What is wrong with one service, by what WHMCS, our table and the server's list say. Asks nobody.

use super::expected::Expected;
use super::moved;
use super::observed::{Identity, Observed, VaultLimits};
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::settings::Termination;
use crate::cometbackup::comet::storage::Limit;
use crate::cometbackup::functions::reconcile::index::{Entry, Record};
use crate::cometbackup::functions::transfer_account;
use crate::cometbackup::tables::fingerprint::Fingerprint;
use crate::error::plain;
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
const CONTACT: &str = "contact";
const CLIENT: &str = "client";

/// Everything that is wrong; the list of the server was read to its end.
pub fn wrong(entry: &Entry, wanted: &Expected) -> Vec<Mismatch> {
    if entry.is_left {
        return Vec::new();
    }
    if let Some(left_out) = moved::left_out(entry) {
        return left_out;
    }
    let name = plain(&entry.name);
    let is_live = entry.status.is_some_and(ServiceStatus::is_live);
    if entry.is_disputed {
        return vec![(
            DISPUTED,
            format!(
                "The user name {name} is that of several services, and which of them has the Comet account is not recorded for this one. Correct the user name of this service, or press Check at Comet on the one it belongs to."
            ),
        )];
    }
    let seen = match (entry.record, &entry.seen) {
        // A planned name on the list is somebody else's, or one that a lost answer would have explained.
        (Record::Planned, _) | (_, None) => {
            return is_live.then(|| missing(entry, &name)).into_iter().collect();
        }
        (_, Some(seen)) => seen,
    };
    if seen.identity == Identity::Another {
        let text = format!(
            "The Comet account {name} is not the one that was made for this service: it was deleted and made anew in Comet. Decide in Comet whose it is."
        );
        return if is_live {
            vec![(IDENTITY, text)]
        } else {
            Vec::new()
        };
    }
    if let Some(wrong) = unwanted(entry, seen, wanted, &name) {
        return vec![wrong];
    }
    if !is_live {
        return Vec::new();
    }
    if entry.is_moved {
        return vec![(
            MOVED,
            format!(
                "The Comet account {name} is on this server, and the service is on another one in WHMCS. Set the service back to this server, or move the account in Comet."
            ),
        )];
    }
    suspension(entry, seen, &name)
        .into_iter()
        .chain(limits(seen, wanted, &name))
        .chain(person(entry, seen, &name))
        .collect()
}

fn missing(entry: &Entry, name: &str) -> Mismatch {
    let state = entry.status.unwrap_or(ServiceStatus::Unknown).word();
    let text = match entry.record {
        _ if name.is_empty() => format!(
            "The service is {state} and no Comet account is recorded for it. Run Create to make one."
        ),
        Record::Planned => format!(
            "The service is {state} and its Comet account {name} was never made. Run Create to make it."
        ),
        Record::Created | Record::None => format!(
            "The service is {state} and the server does not list its Comet account {name}: it was deleted in Comet, or this administrator may not see it. If it is gone, run Terminate and then Create."
        ),
    };
    (MISSING, text)
}

/// An account that nobody pays for. One that another service names is nobody's to delete.
fn unwanted(entry: &Entry, seen: &Observed, wanted: &Expected, name: &str) -> Option<Mismatch> {
    if let Some(other) = entry.claimed_by {
        return Some((
            DISPUTED,
            format!(
                "The Comet account {name} is recorded for this service, which is over, and another service names it ({other}). Decide whose it is; nothing of it may be deleted before."
            ),
        ));
    }
    match entry.status {
        None => Some((
            GONE,
            format!(
                "The Comet account {name} is on the server, and its service is no longer in WHMCS or no longer sold with this module. Delete it in Comet if nobody needs its backups."
            ),
        )),
        Some(status) if status.is_over() && wanted.options.termination == Termination::Delete => {
            Some((
                ENDED,
                format!(
                    "The Comet account {name} is on the server, and its service has ended. Run Terminate to delete it if nobody needs its backups."
                ),
            ))
        }
        Some(status) if status.is_over() && !seen.is_suspended => Some((
            ENDED,
            format!(
                "The Comet account {name} is to be kept suspended since its service has ended, and it is active. Run Terminate to suspend it."
            ),
        )),
        _ => None,
    }
}

fn suspension(entry: &Entry, seen: &Observed, name: &str) -> Option<Mismatch> {
    let text = match (entry.status?, seen.is_suspended) {
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

fn limits(seen: &Observed, wanted: &Expected, name: &str) -> Option<Mismatch> {
    let quotas = match &wanted.quotas {
        Ok(quotas) => quotas,
        Err(error) => return Some((OPTIONS, error.to_string())),
    };
    let mut drifted = drifted(seen, quotas);
    let policy = wanted.options.policy.as_deref();
    if policy.is_some_and(|id| seen.policy != Fingerprint::of(id)) {
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

/// Another client is staff's to decide; the contact of an account that still holds what we wrote follows by itself.
fn person(entry: &Entry, seen: &Observed, name: &str) -> Option<Mismatch> {
    let person = entry.person.as_ref()?;
    if person.is_another() {
        return Some((
            CLIENT,
            format!(
                "The Comet account {name} was made for the client {}, and the service was moved to another client, {}: password, devices and contact are still the former one's. Press {} on the service page to set a new password, remove the devices and enter the new contact.",
                person.made_for,
                person.id,
                transfer_account::BUTTON.0
            ),
        ));
    }
    let what = match (seen.contact.email, seen.contact.name) {
        (true, true) => "another e-mail address and another name",
        (true, false) => "another e-mail address",
        (false, true) => "another name",
        (false, false) => return None,
    };
    Some((
        CONTACT,
        format!(
            "The Comet account {name} has {what} than the client in WHMCS, and reports go where it says. It was entered in Comet, or before this version: correct it in Comet, or in WHMCS."
        ),
    ))
}

/// Zero is no limit; what the product does not set is left out.
fn drifted(seen: &Observed, quotas: &Quotas) -> Vec<&'static str> {
    let bytes = |wanted: u64| i64::try_from(wanted).unwrap_or(i64::MAX);
    let mut drifted = Vec::new();
    if quotas
        .devices
        .is_some_and(|wanted| bytes(wanted) != seen.devices)
    {
        drifted.push("device limit");
    }
    let items = |wanted: u64| (wanted > 0).then(|| bytes(wanted));
    if quotas
        .protected_items
        .is_some_and(|wanted| items(wanted) != seen.items)
    {
        drifted.push("protected item quota");
    }
    let vault = |wanted: u64| match wanted {
        0 => Limit::None,
        some => Limit::Bytes(bytes(some)),
    };
    let differs = |wanted| match seen.vaults {
        VaultLimits::Nothing => false,
        VaultLimits::All(limit) => limit != vault(wanted),
        VaultLimits::Several => true,
    };
    if quotas.storage_vault.is_some_and(differs) {
        drifted.push("storage vault quota");
    }
    drifted
}
