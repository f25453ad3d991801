use super::*;
use crate::cometbackup::account::settings::{ModuleSettings, VaultQuota};
use crate::cometbackup::comet::list_users::ListedAccount;
use crate::cometbackup::comet::server_identity::Standing;
use crate::cometbackup::functions::reconcile::services::ReconciledService;
use crate::service_id::ServiceId;
use crate::whmcs;
use ServiceStatus::{Active, Cancelled, Completed, Pending, Suspended, Terminated};

fn entry(status: ServiceStatus) -> Entry {
    let mut entry = Entry::of_service(
        "ada",
        200,
        RecordState::Created,
        ReconciledService::of_status(Some(status)),
    );
    entry.guid = Some(Fingerprint::of("g"));
    entry.observed = Some(Box::new(observed("g", false)));
    entry
}

fn observed(guid: &str, is_suspended: bool) -> ObservedAccount {
    let account = ListedAccount {
        creation_guid: guid.into(),
        is_suspended,
        device_limit: 3,
        ..ListedAccount::default()
    };
    let recorded = Some(Fingerprint::of("g"));
    ObservedAccount::new(&account, recorded, None, VaultQuota::Provided)
}

fn expected() -> Expected {
    Expected {
        options: ModuleSettings::read(&whmcs::Options::default()),
        quotas: Ok(Quotas::default()),
    }
}

fn kinds(entry: &Entry, expected: &Expected) -> Vec<&'static str> {
    let mismatches = mismatches(entry, expected).into_iter();
    mismatches.map(|(kind, _)| kind).collect()
}

#[test]
fn status_and_suspension_agree() {
    for (status, is_suspended, found) in [
        (Active, false, vec![]),
        (Completed, false, vec![]),
        (Suspended, true, vec![]),
        (Active, true, vec![SUSPENSION]),
        (Completed, true, vec![SUSPENSION]),
        (Suspended, false, vec![SUSPENSION]),
        (Pending, true, vec![]),
        (Terminated, true, vec![ENDED]),
    ] {
        let mut entry = entry(status);
        entry.observed = Some(Box::new(observed("g", is_suspended)));
        assert_eq!(
            kinds(&entry, &expected()),
            found,
            "{status:?} {is_suspended}"
        );
    }
}

#[test]
fn an_account_that_is_kept_after_the_end_is_suspended() {
    let mut kept = expected();
    kept.options.termination = Termination::SuspendAndKeep;
    let mut entry = entry(Cancelled);
    assert_eq!(kinds(&entry, &kept), [ENDED]);
    entry.observed = Some(Box::new(observed("g", true)));
    assert_eq!(kinds(&entry, &kept), [""; 0]);
}

#[test]
fn an_account_that_is_not_listed_is_missing_only_while_the_service_is_live() {
    for (status, found) in [
        (Active, vec![MISSING]),
        (Suspended, vec![MISSING]),
        (Pending, vec![]),
        (Terminated, vec![]),
    ] {
        let mut entry = entry(status);
        entry.observed = None;
        assert_eq!(kinds(&entry, &expected()), found, "{status:?}");
    }
    let mut planned = entry(Active);
    planned.record = RecordState::Planned;
    let found = mismatches(&planned, &expected());
    assert!(
        found
            .iter()
            .any(|(_, text)| text.contains("was never created")),
        "{found:?}"
    );
}

#[test]
fn whose_account_it_is_comes_before_what_is_wrong_with_it() {
    let mut another = entry(Active);
    another.observed = Some(Box::new(observed("another", true)));
    assert_eq!(kinds(&another, &expected()), [IDENTITY]);
    let mut disputed = entry(Active);
    disputed.is_disputed = true;
    assert_eq!(kinds(&disputed, &expected()), [DISPUTED]);
    let mut claimed = entry(Terminated);
    claimed.service.claimed_by = Some(ServiceId::Service(201));
    assert_eq!(kinds(&claimed, &expected()), [DISPUTED]);
    let mut moved = entry(Active);
    moved.service.is_moved = true;
    assert_eq!(kinds(&moved, &expected()), [MOVED]);
    let mut gone = entry(Active);
    gone.service.status = None;
    assert_eq!(kinds(&gone, &expected()), [GONE]);
}

#[test]
fn a_service_of_another_entry_is_compared_there_and_one_of_another_server_not_at_all() {
    let mut left = entry(Active);
    left.observed = None;
    left.service.is_left = true;
    assert_eq!(kinds(&left, &expected()), [""; 0]);
    let mut elsewhere = entry(Active);
    elsewhere.standing = Standing::Unconfirmed;
    assert_eq!(
        kinds(&elsewhere, &expected()),
        [""; 0],
        "it waits for staff"
    );
    elsewhere.observed = None;
    assert_eq!(kinds(&elsewhere, &expected()), ["moved"]);
}

#[test]
fn limits_differ_only_where_the_product_sets_them() {
    let limits = |quotas: Quotas| {
        let expected = Expected {
            quotas: Ok(quotas),
            ..expected()
        };
        mismatches(&entry(Active), &expected)
    };
    let devices = |devices| Quotas {
        devices: Some(devices),
        ..Quotas::default()
    };
    assert_eq!(limits(devices(3)), []);
    let both = Quotas {
        protected_items: Some(7),
        ..devices(9)
    };
    let (kind, text) = limits(both).remove(0);
    assert_eq!(kind, LIMITS);
    assert!(
        text.contains("another device limit and another protected item quota"),
        "{text}"
    );
    let no_limit = Quotas {
        protected_items: Some(0),
        storage_vault: Some(5),
        ..Quotas::default()
    };
    assert_eq!(
        limits(no_limit),
        [],
        "there is no vault, and no quota is none"
    );
}
