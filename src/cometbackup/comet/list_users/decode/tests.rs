use std::io::Read;

use super::*;
use crate::cometbackup::comet::limits::Limit;
use crate::cometbackup::comet::list_users::backups::{Backups, FailedBackup};

const LIST: &str = r#"{"ada-l\u006fvelace":{"CreationGUID":"g1","CreateTime":5,"IsSuspended":true,"PolicyID":"p","OrganizationID":"org-1",
    "MaximumDevices":3,"AllProtectedItemsQuotaEnabled":true,"AllProtectedItemsQuotaBytes":9,"Emails":["ada@example.com"],"AccountName":"Ada","QuotaHyperVGuests":2,"QuotaVMwareGuests":"2","Future":[{"a":[1e3]}],
    "Destinations":{"v1":{"DestinationType":1003,"StorageLimitEnabled":true,"StorageLimitBytes":7,
      "Statistics":{"ClientProvidedSize":{"Size":4,"MeasureCompleted":6,"Components":[]}}},"v2":{"Statistics":null}},
    "Sources":{"s":{}},"Devices":{}},
  "Status":{"CreationGUID":7,"IsSuspended":"yes","MaximumDevices":-1,"Destinations":null,"Sources":[],"CreateTime":1e9}} "#;

fn read_in(
    text: &str,
    piece: usize,
    longest: usize,
) -> (Result<StreamEnd, StreamError>, Vec<ListedAccount>) {
    let mut rest = text.as_bytes();
    let mut found = Vec::new();
    let mut read = |into: &mut [u8]| rest.read(&mut into[..piece]).map_err(|e| e.to_string());
    let end = accounts(&mut read, longest, &mut |account| found.push(account));
    (end, found)
}

fn read(text: &str) -> (Result<StreamEnd, StreamError>, Vec<ListedAccount>) {
    read_in(text, 7, 1 << 20)
}

#[test]
fn accounts_come_one_by_one_with_what_is_looked_at() {
    let (end, found) = read(LIST);
    assert_eq!(end.unwrap(), StreamEnd::All(2));
    let vault = |id: &str, stored, limit| Vault {
        id: id.into(),
        stored,
        limit,
    };
    let ada = ListedAccount {
        name: "ada-lovelace".into(),
        creation_guid: "g1".into(),
        created_at: 5,
        is_suspended: true,
        policy_id: "p".into(),
        tenant: "org-1".into(),
        device_limit: 3,
        item_quota: Some(9),
        seats: [None, Some(2), None, None],
        vaults: vec![
            vault("v1", Some(4), Limit::Bytes(7)),
            vault("v2", None, Limit::None),
        ],
        has_more_vaults: false,
        is_unused: false,
        devices: 0,
        emails: vec!["ada@example.com".into()],
        account_name: "Ada".into(),
        measures: Measures {
            stored: Some(4),
            vaults: Some(2),
            devices: Some(0),
            // No item names its engine.
            ..Measures::default()
        },
        backups: Backups::default(),
    };
    assert_eq!(found.first(), Some(&ada));
}

#[test]
fn fields_of_another_type_are_empty_and_status_may_be_a_name() {
    let (_, found) = read(LIST);
    let odd = ListedAccount {
        name: "Status".into(),
        is_unused: true,
        backups: Backups::unknown(),
        // `null` is what old servers write for none.
        measures: Measures {
            stored: Some(0),
            vaults: Some(0),
            ..Measures::default()
        },
        ..ListedAccount::default()
    };
    assert_eq!(found.get(1), Some(&odd));
}

#[test]
fn the_error_object_is_no_list_of_accounts() {
    let error = r#"{"Status":403,"Message":"Unauthorised"}"#;
    let (end, found) = read(error);
    assert_eq!((end, found.len()), (Ok(StreamEnd::Other(error.into())), 0));
}

#[test]
fn no_accounts_is_an_empty_map() {
    assert_eq!(read("{}").0.unwrap(), StreamEnd::All(0));
}

#[test]
fn what_is_no_list_or_has_something_behind_it_is_an_error() {
    for wrong in [
        "{\"a\":[]}",
        "{\"a\":null}",
        "{\"a\":1}",
        "{\"Status\":[403]}",
        "{}{}",
        "{\"a\":{}}x",
    ] {
        assert!(read(wrong).0.is_err(), "{wrong}");
    }
}

#[test]
fn an_answer_that_breaks_off_anywhere_is_no_whole_one() {
    let whole = LIST.trim_end();
    for length in 0..whole.len() {
        let end = read(&whole[..length]).0;
        assert!(!matches!(end, Ok(StreamEnd::All(_))), "{length}");
    }
    assert!(matches!(read(whole).0, Ok(StreamEnd::All(_))));
}

#[test]
fn one_account_without_end_is_not_read_on_and_many_short_ones_are() {
    let endless = format!(r#"{{"a":{{}},"b":{{"x":"{}"}}}}"#, "x".repeat(5000));
    let many: Vec<String> = (0..500).map(|n| format!(r#""a{n}":{{}}"#)).collect();
    let (end, found) = read_in(&endless, 100, 1000);
    assert_eq!(end, Err(StreamError::TooLong));
    assert_eq!(found.len(), 1);
    let (end, found) = read_in(&format!("{{{}}}", many.join(",")), 100, 1000);
    assert_eq!((end.unwrap(), found.len()), (StreamEnd::All(500), 500));
}

#[test]
fn of_more_vaults_than_any_account_has_the_first_are_read_and_it_is_known() {
    for more in [0, 1] {
        let vaults: Vec<String> = (0..bounds::VAULTS + more)
            .map(|n| format!(r#""{n}":{{}}"#))
            .collect();
        let text = format!(r#"{{"a":{{"Destinations":{{{}}}}}}}"#, vaults.join(","));
        let (end, found) = read(&text);
        assert_eq!(end, Ok(StreamEnd::All(1)));
        assert_eq!(found[0].vaults.len(), bounds::VAULTS);
        assert_eq!(found[0].has_more_vaults, more > 0);
    }
}

/// The measures of an account with these items and devices.
fn measured(sources: &str, devices: &str) -> Measures {
    let text =
        format!(r#"{{"a":{{"Destinations":{{}},"Sources":{sources},"Devices":{devices}}}}}"#);
    let (end, found) = read(&text);
    assert_eq!(end, Ok(StreamEnd::All(1)), "{text}");
    found[0].measures
}

/// An item of an engine with its last good and its last job.
fn item(engine: &str, good: &str, last: &str) -> String {
    let jobs = [("LastSuccessfulBackupJob", good), ("LastBackupJob", last)];
    let jobs: Vec<String> = jobs
        .iter()
        .filter(|(_, job)| !job.is_empty())
        .map(|(name, job)| format!(r#""{name}":{job}"#))
        .collect();
    format!(
        r#"{{"Engine":"engine1/{engine}","Statistics":{{{}}}}}"#,
        jobs.join(",")
    )
}

const GOOD: &str =
    r#"{"Status":5000,"StartTime":9,"TotalSize":70,"TotalAccountsCount":14,"TotalVmCount":4}"#;
const FAILED: &str = r#"{"Status":7003,"StartTime":9,"TotalSize":0}"#;
const NEVER: &str = r#"{"Status":0,"StartTime":0,"TotalSize":0}"#;

#[test]
fn an_account_that_plainly_has_nothing_has_zero_of_everything() {
    for (sources, devices) in [("{}", "{}"), ("null", "null")] {
        let nothing = measured(sources, devices);
        let zero = Some(0);
        let expected = Measures {
            stored: zero,
            protected: zero,
            devices: zero,
            vaults: zero,
            microsoft365_accounts: zero,
            hyperv_guests: zero,
            vmware_guests: zero,
            proxmox_guests: zero,
        };
        assert_eq!(nothing, expected, "{sources}");
    }
}

#[test]
fn what_the_profile_does_not_hold_or_holds_in_another_type_is_not_known() {
    let (_, found) = read(r#"{"a":{}}"#);
    assert_eq!(found[0].measures, Measures::default());
    for wrong in ["[]", "7", "\"x\"", "true"] {
        let (_, found) = read(&format!(
            r#"{{"a":{{"Destinations":{wrong},"Sources":{wrong},"Devices":{wrong}}}}}"#
        ));
        assert_eq!(found[0].measures, Measures::default(), "{wrong}");
    }
}

#[test]
fn the_last_good_job_counts_and_the_last_one_where_it_did_not_fail() {
    let protected = |good: &str, last: &str| {
        measured(&format!(r#"{{"s":{}}}"#, item("file", good, last)), "{}").protected
    };
    let warned = GOOD.replace("5000", "7001");
    for (good, last, expected) in [
        (GOOD, FAILED, Some(70)),
        (GOOD, GOOD, Some(70)),
        // Servers before 21.6 have the last job only.
        ("", GOOD, Some(70)),
        ("", warned.as_str(), Some(70)),
        ("", FAILED, None),
        ("", r#"{"Status":6001,"StartTime":9,"TotalSize":5}"#, None),
        (NEVER, FAILED, None),
        (NEVER, NEVER, Some(0)),
        ("", NEVER, Some(0)),
        ("null", NEVER, Some(0)),
        ("[]", "7", None),
        (r#"{"Status":5000,"TotalSize":-1}"#, "", None),
        (r#"{"Status":5000,"TotalSize":"70"}"#, "", None),
        (
            r#"{"Status":5000,"TotalSize":18446744073709551615}"#,
            "",
            None,
        ),
        ("", "", None),
    ] {
        assert_eq!(protected(good, last), expected, "{good} {last}");
    }
}

#[test]
fn one_item_that_is_not_known_makes_the_sum_unknown_and_a_new_one_adds_nothing() {
    let sources = |other: &str| format!(r#"{{"a":{},"b":{other}}}"#, item("file", GOOD, GOOD));
    let new = r#"{"Engine":"engine1/file"}"#;
    assert_eq!(measured(&sources(new), "{}").protected, Some(70));
    let null = r#"{"Engine":"engine1/file","Statistics":null}"#;
    assert_eq!(measured(&sources(null), "{}").protected, Some(70));
    assert_eq!(
        measured(&sources(&item("file", GOOD, "")), "{}").protected,
        Some(140)
    );
    assert_eq!(
        measured(&sources(&item("file", "", FAILED)), "{}").protected,
        None
    );
    let odd = r#"{"Engine":"engine1/file","Statistics":[]}"#;
    assert_eq!(measured(&sources(odd), "{}").protected, None);
    let alone = format!(r#"{{"a":{new}}}"#);
    assert_eq!(
        measured(&alone, "{}").protected,
        None,
        "no statistics at all"
    );
    let most = i64::MAX.to_string();
    let huge = item("file", &GOOD.replace("70", &most), "");
    assert_eq!(measured(&sources(&huge), "{}").protected, None);
}

#[test]
fn accounts_and_guests_are_counted_by_engine() {
    let sources = format!(
        r#"{{"a":{},"b":{},"c":{},"d":{}}}"#,
        item("winmsofficemail", GOOD, FAILED),
        item("hyperv", GOOD, GOOD),
        item("hyperv", GOOD, ""),
        item("proxmox", "", GOOD),
    );
    let found = measured(&sources, "{}");
    assert_eq!(found.microsoft365_accounts, Some(14));
    assert_eq!(found.hyperv_guests, Some(8));
    assert_eq!(
        (found.vmware_guests, found.proxmox_guests),
        (Some(0), Some(4))
    );
}

#[test]
fn devices_say_what_the_jobs_do_not() {
    let old = r#"{"Status":5000,"StartTime":9,"TotalSize":70}"#;
    let sources = format!(
        r#"{{"m":{},"v":{}}}"#,
        item("winmsofficemail", old, old),
        item("vmware", "", FAILED)
    );
    let devices =
        r#"{"d":{"Sources":{"m":{"O365AccountCount":9,"TotalVmCount":0},"v":{"TotalVmCount":3}}}}"#;
    let found = measured(&sources, devices);
    assert_eq!(
        (
            found.microsoft365_accounts,
            found.vmware_guests,
            found.devices
        ),
        (Some(9), Some(3), Some(1))
    );
    for silent in [
        "{}",
        r#"{"d":{"Sources":{"m":{"O365AccountCount":0},"x":{"O365AccountCount":9}}}}"#,
        r#"{"d":{"Sources":null},"e":7}"#,
        r#"{"d":{"Sources":{"m":7,"v":{"TotalVmCount":"3"}}}}"#,
    ] {
        let found = measured(&sources, silent);
        assert_eq!(
            (found.microsoft365_accounts, found.vmware_guests),
            (None, None),
            "{silent}"
        );
    }
}

#[test]
fn an_item_of_no_known_engine_may_be_of_any() {
    let found = measured(r#"{"s":{"Engine":7}}"#, "{}");
    assert_eq!(
        (found.hyperv_guests, found.microsoft365_accounts),
        (None, None)
    );
    let other = format!(r#"{{"s":{}}}"#, item("windisk", GOOD, GOOD));
    assert_eq!(measured(&other, "{}").hyperv_guests, Some(0));
}

fn backups_of(sources: &str, devices: &str) -> Backups {
    let text = format!(r#"{{"a":{{"Sources":{sources},"Devices":{devices}}}}}"#);
    let (end, found) = read(&text);
    assert_eq!(end, Ok(StreamEnd::All(1)));
    found[0].backups.clone()
}

#[test]
fn the_last_good_backup_and_the_last_failure_are_those_of_all_items() {
    let sources = r#"{
      "one":{"Description":"Documents","OwnerDevice":"d1","Statistics":{
        "LastBackupJob":{"Status":7002,"StartTime":900,"EndTime":950},
        "LastSuccessfulBackupJob":{"Status":5000,"StartTime":100,"EndTime":150}}},
      "two":{"Description":"Mail","OwnerDevice":"d2","Statistics":{
        "LastBackupJob":{"Status":7001,"StartTime":500,"EndTime":0}}},
      "three":{"Description":"Old","OwnerDevice":"d2","Statistics":{
        "LastBackupJob":{"Status":7004,"StartTime":300,"EndTime":300}}},
      "running":{"Statistics":{"LastBackupJob":{"Status":6001,"StartTime":990}}}}"#;
    let found = backups_of(sources, r#"{"d1":{"FriendlyName":"LAPTOP"},"d2":{}}"#);
    let failure = FailedBackup {
        at: 950,
        word: "Error",
        item: "Documents".into(),
        device: "LAPTOP".into(),
    };
    // A job with warnings went to its end.
    assert_eq!(found.good_at, Some(500));
    assert_eq!(found.failure, Some(failure));
}

#[test]
fn where_no_job_ran_there_was_no_backup_and_of_what_cannot_be_read_nothing_is_known() {
    for (sources, expected) in [
        ("{}", Backups::default()),
        ("null", Backups::default()),
        (r#"{"s":null}"#, Backups::default()),
        (r#"{"s":{}}"#, Backups::default()),
        (r#"{"s":{"Statistics":null}}"#, Backups::default()),
        (
            r#"{"s":{"Statistics":{"LastBackupJob":{"Status":0,"StartTime":0}}}}"#,
            Backups::default(),
        ),
        ("[]", Backups::unknown()),
        (r#"{"s":{"Statistics":"x"}}"#, Backups::unknown()),
    ] {
        assert_eq!(backups_of(sources, "null"), expected, "{sources}");
    }
}

/// A server of today writes zeros where none was good.
#[test]
fn where_only_the_last_job_is_kept_an_earlier_one_may_have_been_good() {
    let known = |jobs: &str| {
        let sources = format!(r#"{{"s":{{"Statistics":{{{jobs}}}}}}}"#);
        let found = backups_of(&sources, "null");
        (found.good_at, found.may_have_better)
    };
    let failed = r#""LastBackupJob":{"Status":7002,"StartTime":900,"EndTime":950}"#;
    let running = r#""LastBackupJob":{"Status":6001,"StartTime":900}"#;
    let good = r#""LastBackupJob":{"Status":5000,"StartTime":900,"EndTime":950}"#;
    let never = r#""LastSuccessfulBackupJob":{"Status":0,"StartTime":0}"#;
    assert_eq!(known(failed), (None, true));
    assert_eq!(known(running), (None, true));
    assert_eq!(known(good), (Some(950), false));
    assert_eq!(known(&format!("{failed},{never}")), (None, false));
}
