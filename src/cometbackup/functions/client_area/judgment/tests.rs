use super::*;

const NOW: i64 = 2_000_000_000;

/// A file server's item that was backed up an hour ago.
fn item(name: &str) -> Item {
    Item {
        name: name.into(),
        device: "NW-FILES01".into(),
        created_at: NOW - 100 * DAY,
        good_at: Some(NOW - HOUR),
        last: Some((5000, NOW - HOUR)),
        device_seen: Some(NOW - HOUR),
        ..Item::default()
    }
}

/// One whose last backup, `hours` ago, ended like this, and its last good one a day before that.
fn failed(name: &str, status: i64, hours: i64) -> Item {
    Item {
        good_at: Some(NOW - hours * HOUR - DAY),
        last: Some((status, NOW - hours * HOUR)),
        ..item(name)
    }
}

fn aged(name: &str, days: i64) -> Item {
    Item {
        good_at: Some(NOW - days * DAY - 1),
        last: Some((5000, NOW - days * DAY - 1)),
        ..item(name)
    }
}

fn account(items: Vec<Item>) -> JudgedAccount {
    JudgedAccount {
        now: NOW,
        devices: 1,
        items,
        ..JudgedAccount::default()
    }
}

/// The sign, and the verdict in short.
fn judged(account: &JudgedAccount) -> String {
    let verdict = judge(account);
    let of = |about: &AffectedItems| format!("{} of {}", about.name, about.count);
    let text = match &verdict {
        BackupVerdict::Suspended { since } => format!("suspended {since}"),
        BackupVerdict::NoDevice => "no device".into(),
        BackupVerdict::NoItem => "no item".into(),
        BackupVerdict::Full(about) => {
            format!("full: {}", about.as_ref().map_or_else(String::new, of))
        }
        BackupVerdict::Overdue {
            about,
            good_at,
            why,
            ..
        } => format!("overdue {}: {} {why:?}", (NOW - good_at) / DAY, of(about)),
        BackupVerdict::Never { about, why, .. } => format!("never: {} {why:?}", of(about)),
        BackupVerdict::Failed { about, status, .. } => format!("failed {status}: {}", of(about)),
        BackupVerdict::Unknown(about) => format!("unknown: {}", of(about)),
        BackupVerdict::First(about) => format!("first: {}", of(about)),
        BackupVerdict::Running { about, .. } => format!("running: {}", of(about)),
        BackupVerdict::Good { about, oldest } => {
            format!("good {}h: {}", (NOW - oldest) / HOUR, of(about))
        }
        BackupVerdict::NotAllSeen => "not all seen".into(),
    };
    format!("{:?}, {text}", verdict.sign())
}

fn never(name: &str, days: i64) -> Item {
    Item {
        good_at: None,
        last: None,
        created_at: NOW - days * DAY,
        ..item(name)
    }
}

#[test]
fn the_worst_of_the_items_is_the_verdict() {
    let running = |name: &str| Item {
        running_since: Some(NOW - HOUR),
        ..item(name)
    };
    let away = |name: &str| Item {
        device_seen: Some(NOW - 4 * DAY),
        ..aged(name, 4)
    };
    let all = |items: &[&Item]| judged(&account(items.iter().copied().cloned().collect()));
    let (a, b) = (&item("A"), &item("B"));
    for (items, expected) in [
        (vec![a, b, &aged("C", 1)], "Good, good 24h: C of 3"),
        (vec![a, &aged("B", -2)], "Unknown, unknown: B of 1"),
        (vec![a, &running("B")], "Running, running: B of 1"),
        (vec![a, &never("B", 1)], "Waiting, first: B of 1"),
        (
            vec![&running("A"), &never("B", 1)],
            "Running, running: A of 1",
        ),
        (
            vec![a, &never("B", 9), &never("C", 3)],
            "Failure, never: B of 2 NotKnown",
        ),
        (
            vec![a, &aged("B", 2), &aged("C", 5)],
            "Failure, overdue 5: C of 2 NotKnown",
        ),
        (
            vec![&away("A"), &never("B", 9)],
            "Failure, overdue 4: A of 1 DeviceAway(\"NW-FILES01\", 1999654400)",
        ),
    ] {
        assert_eq!(all(&items), expected);
    }
}

#[test]
fn a_failure_counts_by_its_status_and_age() {
    let unknown = Item {
        may_have_better: true,
        ..failed("B", 7002, 5)
    };
    for (item, expected) in [
        (
            failed("B", 7002, 30),
            "Failure, overdue 2: B of 1 Status(7002)",
        ),
        (failed("B", 7002, 5), "Warning, failed 7002: B of 1"),
        (failed("B", 7004, 5), "Warning, failed 7004: B of 1"),
        (failed("B", 7999, 5), "Warning, failed 7999: B of 1"),
        (failed("B", 7003, 5), "Failure, full: B of 1"),
        (failed("B", 7006, 5), "Good, good 29h: B of 2"),
        (failed("B", 7001, 5), "Good, good 29h: B of 2"),
        (unknown, "Warning, failed 7002: B of 1"),
    ] {
        assert_eq!(judged(&account(vec![self::item("A"), item])), expected);
    }
    let both = vec![failed("A", 7003, 5), aged("B", 9)];
    assert_eq!(judged(&account(both)), "Failure, full: A of 1");
}

#[test]
fn what_is_not_known_is_not_fine() {
    let unknown = Item {
        good_at: None,
        may_have_better: true,
        last: None,
        ..item("B")
    };
    assert_eq!(
        judged(&account(vec![item("A"), unknown])),
        "Unknown, unknown: B of 1"
    );
    let more = JudgedAccount {
        has_more_items: true,
        ..account(vec![item("A")])
    };
    assert_eq!(judged(&more), "Unknown, not all seen");
    let later = Item {
        good_at: Some(NOW - 9 * DAY),
        may_have_better: true,
        ..item("A")
    };
    assert_eq!(judged(&account(vec![later])), "Unknown, unknown: A of 1");
}

#[test]
fn an_account_that_does_nothing_says_why() {
    let suspended = JudgedAccount {
        is_suspended: true,
        suspended_at: 7,
        ..account(vec![aged("A", 9)])
    };
    assert_eq!(judged(&suspended), "Paused, suspended 7");
    assert_eq!(judged(&account(Vec::new())), "Warning, no item");
    let empty = JudgedAccount {
        devices: 0,
        ..account(Vec::new())
    };
    assert_eq!(judged(&empty), "Waiting, no device");
    let full = JudgedAccount {
        is_full: true,
        ..account(vec![item("A")])
    };
    assert_eq!(judged(&full), "Warning, full: ");
    let late = JudgedAccount {
        is_full: true,
        ..account(vec![aged("A", 9)])
    };
    assert_eq!(judged(&late), "Failure, overdue 9: A of 1 NotKnown");
}

#[test]
fn a_weekly_backup_is_not_overdue_within_its_week() {
    let weekly = |days| Item {
        rhythm: Some(7),
        ..aged("A", days)
    };
    assert_eq!(judged(&account(vec![weekly(7)])), "Good, good 168h: A of 1");
    assert_eq!(
        judged(&account(vec![weekly(8)])),
        "Failure, overdue 8: A of 1 NotKnown"
    );
    let daily = Item {
        rhythm: Some(0),
        ..aged("A", 1)
    };
    assert_eq!(judged(&account(vec![daily])), "Good, good 24h: A of 1");
}

#[test]
fn the_reason_is_the_device_before_the_job() {
    let gone = Item {
        device: String::new(),
        ..failed("A", 7002, 90)
    };
    assert_eq!(
        judged(&account(vec![gone])),
        "Failure, overdue 4: A of 1 DeviceRemoved"
    );
    let away = Item {
        device_seen: Some(NOW - 3 * DAY),
        ..failed("A", 7007, 72)
    };
    assert!(judged(&account(vec![away])).contains("DeviceAway"));
    let unseen = Item {
        device_seen: None,
        ..failed("A", 7007, 72)
    };
    assert!(judged(&account(vec![unseen])).contains("Status(7007)"));
}

#[test]
fn times_of_a_clock_that_is_wrong_do_no_harm() {
    for moment in [i64::MIN / 4, 0, NOW + 9 * DAY, i64::MAX / 4] {
        let strange = Item {
            good_at: Some(moment),
            last: Some((7002, moment)),
            running_since: Some(moment),
            device_seen: Some(moment),
            created_at: moment,
            ..item("A")
        };
        assert!(!judged(&account(vec![strange])).is_empty());
    }
}
