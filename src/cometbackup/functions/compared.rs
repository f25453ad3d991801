//! The field "Compared" of the service page: what is sold beside what was last read of the account at Comet. Pure.

use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::comet::limits::{Limit, Quotas, SEATS};
use crate::cometbackup::comet::usage::gigabytes;
use crate::cometbackup::tables::accounts_seen::{SeenAccount, SeenFacts};
use crate::error::Error;
use crate::journal::Record;
use crate::service_page::{self, Agreement, Compared};
use crate::whmcs::{Service, ServiceStatus};

const NO_LIMIT: &str = "no limit";
const NOT_SOLD: &str = "not set by the product";
const NEVER_READ: &str = "not read yet";
const HOW: &str = "Nothing is asked to show this. Press Check at Comet to read the account now.";

/// Returns HTML. `sold` is what the service is sold with, `operations` the last ones, newest first.
pub fn html(
    service: &Service,
    sold: &Result<Quotas, Error>,
    seen: &SeenAccount,
    operations: &[Record],
) -> String {
    let facts = seen.facts.as_ref();
    let read_at = seen.checked.as_ref().map(|(_, at)| at.as_str());
    let is_outdated = read_at.is_some_and(|at| changed_since(at, operations));
    let mut rows = vec![state(service, facts), policy_group(service, facts)];
    match sold {
        Ok(sold) => rows.extend(limits(sold, facts)),
        Err(error) => rows.push(Compared {
            what: "Limits",
            here: error.to_string(),
            there: String::new(),
            verdict: Agreement::NotKnown,
        }),
    }
    if is_outdated {
        for row in &mut rows {
            row.verdict = match row.verdict {
                Agreement::Same | Agreement::Differs => Agreement::NotKnown,
                other => other,
            };
        }
    }
    service_page::comparison("Comet", &rows, &note(facts.and(read_at), is_outdated))
}

fn note(read_at: Option<&str>, is_outdated: bool) -> String {
    match read_at {
        Some(at) if is_outdated => format!(
            "Comet as read on {}, and changed since by an operation below. {HOW}",
            service_page::with_age(at)
        ),
        Some(at) => format!("Comet as read on {}. {HOW}", service_page::with_age(at)),
        None => format!("The account was not read yet. {HOW}"),
    }
}

/// Whether an operation may have changed the account after it was read.
fn changed_since(at: &str, operations: &[Record]) -> bool {
    operations
        .iter()
        .any(|record| record.state != "failed" && record.at.as_str() > at)
}

fn state(service: &Service, facts: Option<&SeenFacts>) -> Compared {
    let is_suspended = facts.map(|facts| facts.is_suspended);
    let there = match is_suspended {
        Some(true) => "suspended",
        Some(false) => "active",
        None => NEVER_READ,
    };
    let verdict = match (service.status, is_suspended) {
        (_, None) => Agreement::NotKnown,
        (status, Some(is_suspended)) if status.is_in_use() => Agreement::of(!is_suspended),
        (ServiceStatus::Suspended, Some(is_suspended)) => Agreement::of(is_suspended),
        _ => Agreement::Shown,
    };
    Compared {
        what: "State",
        here: service.status.word(),
        there: there.to_owned(),
        verdict,
    }
}

fn policy_group(service: &Service, facts: Option<&SeenFacts>) -> Compared {
    let sold = ModuleSettings::read(&service.options).policy_group;
    let there = facts.map(|facts| facts.policy_group.as_str());
    let verdict = match (&sold, there) {
        (None, _) => Agreement::Shown,
        (_, None) => Agreement::NotKnown,
        (Some(sold), Some(there)) => Agreement::of(sold == there),
    };
    Compared {
        what: "Policy group",
        here: sold.unwrap_or_else(|| NOT_SOLD.to_owned()),
        there: match there {
            None => NEVER_READ.to_owned(),
            Some("") => "none".to_owned(),
            Some(id) => id.to_owned(),
        },
        verdict,
    }
}

fn limits(sold: &Quotas, facts: Option<&SeenFacts>) -> Vec<Compared> {
    let count = |number: i64| number.to_string();
    let devices = facts.map(|facts| {
        let used = i64::try_from(facts.devices).unwrap_or(i64::MAX);
        (Some(used), limit_of(facts.device_limit))
    });
    let items = facts.map(|facts| {
        let limit = facts.item_quota.map_or(Limit::None, Limit::Bytes);
        (facts.protected, vec![limit])
    });
    let stored = facts.map(|facts| (facts.stored, facts.vault_limits.clone()));
    let mut rows = vec![
        row("Devices", sold.devices, devices, count),
        row("Protected items", sold.protected_items, items, gigabytes),
        row("Storage", sold.storage_vault, stored, gigabytes),
    ];
    for (at, seat) in SEATS.iter().enumerate() {
        let sold = sold.seats.get(at).copied().flatten();
        if sold.is_none() {
            continue;
        }
        let there = facts.and_then(|facts| facts.seats.get(at).copied().flatten());
        let there = there.map(|limit| (None, limit_of(limit)));
        let mut row = row(seat.name, sold, there, count);
        if facts.is_some() && row.verdict == Agreement::NotKnown {
            "this server has no such limit".clone_into(&mut row.there);
        }
        rows.push(row);
    }
    rows
}

/// Of a number in the profile, of which 0 is none.
fn limit_of(number: i64) -> Vec<Limit> {
    vec![if number > 0 {
        Limit::Bytes(number)
    } else {
        Limit::None
    }]
}

/// The sold limit beside what is used of the actual one. A shared quota of the server stays as it is.
fn row(
    what: &'static str,
    sold: Option<u64>,
    there: Option<(Option<i64>, Vec<Limit>)>,
    show: fn(i64) -> String,
) -> Compared {
    let sold = sold.map(|sold| i64::try_from(sold).unwrap_or(i64::MAX));
    let wanted = sold.map(|sold| match sold {
        0 => Limit::None,
        some => Limit::Bytes(some),
    });
    let verdict = match (wanted, &there) {
        (None, _) => Agreement::Shown,
        (_, None) => Agreement::NotKnown,
        (Some(_), Some((_, limits))) if limits.contains(&Limit::Shared) => Agreement::Shown,
        (Some(_), Some((_, limits))) if limits.is_empty() => Agreement::Shown,
        (Some(wanted), Some((_, limits))) => {
            Agreement::of(limits.iter().all(|limit| *limit == wanted))
        }
    };
    Compared {
        what,
        here: wanted.map_or_else(|| NOT_SOLD.to_owned(), |wanted| in_words(wanted, show)),
        there: match there {
            None => NEVER_READ.to_owned(),
            Some((used, limits)) => used_of(used, &limits, show),
        },
        verdict,
    }
}

fn used_of(used: Option<i64>, limits: &[Limit], show: fn(i64) -> String) -> String {
    let limits: Vec<String> = limits.iter().map(|limit| in_words(*limit, show)).collect();
    let allowed = match limits.as_slice() {
        [] => "no storage vault yet".to_owned(),
        limits => limits.join(" and "),
    };
    match used {
        Some(used) => format!("{allowed}; {} used", show(used)),
        None => allowed,
    }
}

fn in_words(limit: Limit, show: fn(i64) -> String) -> String {
    match limit {
        Limit::None => NO_LIMIT.to_owned(),
        Limit::Bytes(number) => show(number),
        Limit::Shared => "a shared limit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_id::ServiceId;

    const GB: i64 = 1 << 30;

    fn facts() -> SeenFacts {
        SeenFacts {
            is_suspended: false,
            policy_group: "p1".to_owned(),
            devices: 2,
            device_limit: 5,
            protected: Some(GB),
            item_quota: None,
            stored: Some(3 * GB),
            vault_limits: vec![Limit::Bytes(20 * GB)],
            seats: [Some(0), None, None, None],
        }
    }

    fn sold() -> Quotas {
        Quotas {
            devices: Some(5),
            protected_items: None,
            storage_vault: Some(20 << 30),
            seats: [Some(0), Some(3), None, None],
        }
    }

    fn shown(
        sold: &Quotas,
        facts: Option<&SeenFacts>,
    ) -> Vec<(&'static str, String, String, Agreement)> {
        limits(sold, facts)
            .into_iter()
            .map(|row| (row.what, row.here, row.there, row.verdict))
            .collect()
    }

    #[test]
    fn limits_stand_beside_each_other_with_what_is_used() {
        let rows = shown(&sold(), Some(&facts()));
        let row = |at: usize| {
            let (what, here, there, verdict) = &rows[at];
            (*what, here.as_str(), there.as_str(), *verdict)
        };
        assert_eq!(row(0), ("Devices", "5", "5; 2 used", Agreement::Same));
        assert_eq!(
            row(1),
            (
                "Protected items",
                NOT_SOLD,
                "no limit; 1.00 GB used",
                Agreement::Shown
            )
        );
        assert_eq!(
            row(2),
            (
                "Storage",
                "20.00 GB",
                "20.00 GB; 3.00 GB used",
                Agreement::Same
            )
        );
        assert_eq!(
            row(3),
            (
                "Microsoft 365 account limit",
                NO_LIMIT,
                NO_LIMIT,
                Agreement::Same
            )
        );
        let lacking = "this server has no such limit";
        assert_eq!(
            row(4),
            ("Hyper-V guest limit", "3", lacking, Agreement::NotKnown)
        );
        assert_eq!(rows.len(), 5);
    }

    #[test]
    fn a_limit_that_differs_is_marked_and_a_shared_one_is_not() {
        let verdict = |limits: Vec<Limit>| {
            let facts = SeenFacts {
                vault_limits: limits,
                ..facts()
            };
            shown(&sold(), Some(&facts))[2].3
        };
        assert_eq!(verdict(vec![Limit::None]), Agreement::Differs);
        assert_eq!(
            verdict(vec![Limit::Bytes(20 * GB), Limit::None]),
            Agreement::Differs
        );
        assert_eq!(verdict(vec![Limit::Shared]), Agreement::Shown);
        assert_eq!(verdict(Vec::new()), Agreement::Shown);
        assert_eq!(shown(&sold(), None)[2].3, Agreement::NotKnown);
    }

    #[test]
    fn what_was_read_before_the_last_change_is_not_compared() {
        let service = Service {
            status: ServiceStatus::Active,
            ..Service::of(ServiceId::Service(1))
        };
        let seen = SeenAccount {
            checked: Some(("active".to_owned(), "2026-01-15 10:00:00".to_owned())),
            facts: Some(SeenFacts {
                is_suspended: true,
                ..facts()
            }),
            ..SeenAccount::default()
        };
        let page = |at: &str, state: &str| {
            let record = Record {
                id: 1,
                operation: "set limits".to_owned(),
                state: state.to_owned(),
                asked: String::new(),
                answered: String::new(),
                request_id: None,
                at: at.to_owned(),
                age: None,
            };
            html(&service, &Ok(sold()), &seen, &[record])
        };
        assert!(page("2026-01-15 09:59:59", "done").contains("≠ differs"));
        assert!(page("2026-01-15 10:00:01", "failed").contains("≠ differs"));
        for state in ["done", "unknown", "sent"] {
            let later = page("2026-01-15 10:00:01", state);
            assert!(!later.contains("≠ differs"), "{later}");
            assert!(later.contains("changed since"), "{later}");
        }
    }
}
