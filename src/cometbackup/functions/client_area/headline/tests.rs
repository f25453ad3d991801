use super::*;
use crate::cometbackup::TEXTS;
use crate::whmcs::fake_host::FakeHost;

/// Monday, 2026-11-30 00:30 UTC.
const NOW: i64 = 1_795_998_600;
const HOUR: i64 = 60 * 60;

fn said(verdict: &BackupVerdict) -> Headline {
    let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
    of(&texts, verdict, NOW)
}

fn about(count: usize) -> AffectedItems {
    AffectedItems {
        name: "Shared folders".into(),
        count,
    }
}

#[test]
fn a_verdict_is_one_sentence() {
    let overdue = |count, why| BackupVerdict::Overdue {
        about: about(count),
        good_at: NOW - 4 * DAY - HOUR,
        why,
        device: "NW-FILES01".into(),
    };
    let good = |hours| BackupVerdict::Good {
        about: about(3),
        oldest: NOW - hours * HOUR,
    };
    let failed = |status| BackupVerdict::Failed {
        about: about(1),
        status,
        at: NOW - HOUR,
        device: "NW-FILES01".into(),
    };
    let seen = NOW - 5 * DAY - 13 * HOUR;
    for (verdict, expected) in [
        (
            good(24),
            "All 3 protected items were backed up within the last day.",
        ),
        (
            good(25),
            "All 3 protected items were backed up within the last 2 days.",
        ),
        (
            overdue(1, Why::DeviceAway("NW-FILES01".into(), seen)),
            "Shared folders has not been backed up for 4 days: the device NW-FILES01 has not been seen since Tuesday.",
        ),
        (
            overdue(3, Why::NotKnown),
            "Shared folders and 2 more have not been backed up for up to 4 days.",
        ),
        (
            failed(7002),
            "The last backup of Shared folders failed yesterday: there was an error on the device.",
        ),
        (
            failed(7999),
            "The last backup of Shared folders failed yesterday: there was an error on the device.",
        ),
        (
            BackupVerdict::Full(Some(about(2))),
            "Shared folders and 1 more can no longer be backed up: the limit of your plan is reached.",
        ),
        (
            BackupVerdict::Unknown(about(1)),
            "It is not known when Shared folders was last backed up.",
        ),
        (
            BackupVerdict::NoDevice,
            "Nothing is backed up yet: no device is connected.",
        ),
    ] {
        assert_eq!(said(&verdict).sentence, expected);
    }
}

#[test]
fn since_when_and_what_to_do_stand_beside_it() {
    let overdue = BackupVerdict::Overdue {
        about: about(1),
        good_at: NOW - 4 * DAY,
        why: Why::Status(7007),
        device: "NW-FILES01".into(),
    };
    let overdue = said(&overdue);
    assert_eq!(overdue.since, "Last good backup: 2026-11-26 00:30 UTC.");
    assert!(overdue.advice.contains("NW-FILES01"), "{}", overdue.advice);
    let nameless = said(&BackupVerdict::Failed {
        about: about(1),
        status: 7002,
        at: 0,
        device: String::new(),
    });
    assert_eq!(nameless.since, "");
    assert!(
        nameless.advice.contains("on the device:"),
        "{}",
        nameless.advice
    );
}

#[test]
fn what_was_known_earlier_is_not_said_to_be_so_now() {
    let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
    let good = BackupVerdict::Good {
        about: about(3),
        oldest: NOW - HOUR,
    };
    let said = earlier(&texts, of(&texts, &good, NOW), NOW, NOW + 3 * HOUR);
    assert_eq!(said.sign, Sign::Unknown);
    assert_eq!(
        said.sentence,
        "As it was 3 hours ago: All 3 protected items were backed up within the last day."
    );
}
