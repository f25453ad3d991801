//! Times as they are stored: UTC, `2026-01-15 10:00:01`.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

use crate::text::first_characters;

const STORED: &str = "%Y-%m-%d %H:%M:%S";

/// Returns this moment as a stored time.
pub fn now() -> String {
    Timestamp::now().strftime(STORED).to_string()
}

/// Returns the stored time so many seconds before this moment.
pub fn ago(seconds: i64) -> String {
    stored(unix_now().saturating_sub(seconds))
}

/// Returns this moment in seconds since 1970.
pub fn unix_now() -> i64 {
    Timestamp::now().as_second()
}

/// Reads a time as the head of an answer has it, `Mon, 30 Nov 2026 00:20:02 GMT`: seconds since 1970.
pub fn of_http_date(text: &str) -> Option<i64> {
    let moment = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(moment.timestamp().as_second())
}

/// Returns seconds since 1970 as a stored time.
pub fn stored(unix: i64) -> String {
    let moment = Timestamp::from_second(unix).unwrap_or_default();
    moment.strftime(STORED).to_string()
}

/// A stored time in seconds since 1970.
pub fn unix(stored: &str) -> Option<i64> {
    let moment: DateTime = stored.parse().ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The day so many days after the day of a stored time; empty where that is no time.
pub fn day_after(stored_time: &str, days: u32) -> String {
    let seconds = i64::from(days).saturating_mul(86_400);
    let moment = unix(stored_time).map(|unix| stored(unix.saturating_add(seconds)));
    moment.map_or_else(String::new, |moment| first_characters(&moment, 10))
}

/// A span in its largest whole unit, `3 hours`; `None` where it is none, because a clock was set back.
pub fn in_words(seconds: i64) -> Option<String> {
    const UNITS: [(i64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    if seconds < 0 {
        return None;
    }
    let unit = UNITS.iter().find(|(unit, _)| seconds >= *unit);
    Some(unit.map_or_else(
        || "less than a minute".to_owned(),
        |(unit, name)| match seconds / unit {
            1 => format!("1 {name}"),
            count => format!("{count} {name}s"),
        },
    ))
}

/// Reads a time of an API: RFC 3339 with its zone, or SQL text without one, which is UTC.
pub fn to_stored(text: &str) -> Option<String> {
    let text = text.trim();
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => text
            .parse::<DateTime>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp(),
    };
    Some(moment.strftime(STORED).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_the_end_of_a_month() {
        assert_eq!(day_after("2026-02-27 00:00:00", 3), "2026-03-02");
        assert_eq!(day_after("", 3), "");
    }

    #[test]
    fn a_span_is_said_in_its_largest_whole_unit() {
        for (seconds, words) in [
            (0, Some("less than a minute")),
            (60, Some("1 minute")),
            (7_199, Some("1 hour")),
            (172_800, Some("2 days")),
            (-1, None),
        ] {
            assert_eq!(in_words(seconds).as_deref(), words, "{seconds}");
        }
    }

    #[test]
    fn both_forms_of_the_api_become_utc_text() {
        for (given, stored) in [
            ("2020-09-08 16:14:58", "2020-09-08 16:14:58"),
            ("2020-09-08T16:14:58", "2020-09-08 16:14:58"),
            ("2020-09-08T16:14:58Z", "2020-09-08 16:14:58"),
            ("2020-09-08T18:14:58+02:00", "2020-09-08 16:14:58"),
            ("2020-09-08T16:14:58.999+00:00", "2020-09-08 16:14:58"),
            ("2026-03-29 02:30:00", "2026-03-29 02:30:00"),
        ] {
            assert_eq!(to_stored(given).as_deref(), Some(stored), "{given}");
        }
    }

    #[test]
    fn a_date_of_http_and_a_stored_time_are_the_same_moment() {
        let at = of_http_date("Mon, 30 Nov 2026 00:20:02 GMT").unwrap();
        assert_eq!(unix("2026-11-30 00:20:02"), Some(at));
        assert_eq!(stored(at), "2026-11-30 00:20:02");
        for wrong in [
            "",
            "now",
            "2026-11-30 00:20:02",
            "Mon, 30 Foo 2026 00:20:02 GMT",
        ] {
            assert_eq!(of_http_date(wrong), None, "{wrong}");
        }
        assert_eq!(unix("0000-00-00 00:00:00"), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for wrong in [
            "",
            "soon",
            "0000-00-00 00:00:00",
            "2020-13-01 00:00:00",
            "1600000000",
        ] {
            assert_eq!(to_stored(wrong), None, "{wrong}");
        }
    }
}
