//! Moments as people say them: the calendar day in UTC, "yesterday", the weekday within a week, else the date.

use super::format::time;
use crate::cometbackup::comet::job_days::day_of;
use crate::whmcs::texts::Texts;

/// Today, yesterday, the weekdays from Monday, and a date.
type Words = [&'static str; 10];

const SINCE: Words = [
    "since.today",
    "since.yesterday",
    "since.monday",
    "since.tuesday",
    "since.wednesday",
    "since.thursday",
    "since.friday",
    "since.saturday",
    "since.sunday",
    "since.date",
];

const ON: Words = [
    "on.today",
    "on.yesterday",
    "on.monday",
    "on.tuesday",
    "on.wednesday",
    "on.thursday",
    "on.friday",
    "on.saturday",
    "on.sunday",
    "on.date",
];

/// Returns "since Tuesday". Unix seconds.
pub(super) fn since(texts: &Texts, moment: i64, now: i64) -> String {
    said(texts, &SINCE, moment, now)
}

/// Returns "on Tuesday". Unix seconds.
pub(super) fn on(texts: &Texts, moment: i64, now: i64) -> String {
    said(texts, &ON, moment, now)
}

fn said(texts: &Texts, words: &Words, moment: i64, now: i64) -> String {
    let date = time(moment, "%Y-%m-%d");
    let position = position(moment, now);
    let key = words.get(position).copied().unwrap_or_default();
    texts.fill(key, &[("date", &date)])
}

fn position(moment: i64, now: i64) -> usize {
    let day = day_of(moment);
    match day_of(now) - day {
        0 => 0,
        1 => 1,
        // The first of January 1970 was a Thursday.
        2..=6 => usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default() + 2,
        _ => 9,
    }
}

/// Returns "3 hours ago". Unix seconds.
pub(super) fn ago(texts: &Texts, moment: i64, now: i64) -> String {
    let minutes = u64::try_from((now - moment) / 60).unwrap_or_default();
    let hours = minutes / 60;
    match minutes {
        0..60 => texts.counted("ago.minutes", minutes.max(1), &[]),
        60..2880 => texts.counted("ago.hours", hours, &[]),
        _ => texts.counted("ago.days", hours / 24, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::TEXTS;
    use crate::whmcs::fake_host::FakeHost;

    /// Monday, 2026-11-30 00:30 UTC.
    const NOW: i64 = 1_795_998_600;
    const HOUR: i64 = 60 * 60;

    #[test]
    fn a_day_is_said_as_people_say_it() {
        let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
        for (hours, expected) in [
            (0, "since today"),
            (1, "since yesterday"),
            (24, "since yesterday"),
            (25, "since Saturday"),
            (6 * 24, "since Tuesday"),
            (7 * 24, "since 2026-11-23"),
            (-24, "since 2026-12-01"),
        ] {
            assert_eq!(since(&texts, NOW - hours * HOUR, NOW), expected, "{hours}");
        }
        assert_eq!(on(&texts, NOW - 25 * HOUR, NOW), "on Saturday");
        assert_eq!(on(&texts, NOW, NOW), "today");
    }

    #[test]
    fn an_age_is_said_in_the_unit_that_fits() {
        let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
        for (minutes, expected) in [
            (0, "1 minute ago"),
            (-7, "1 minute ago"),
            (59, "59 minutes ago"),
            (61, "1 hour ago"),
            (47 * 60, "47 hours ago"),
            (48 * 60, "2 days ago"),
        ] {
            assert_eq!(ago(&texts, NOW - minutes * 60, NOW), expected, "{minutes}");
        }
    }
}
