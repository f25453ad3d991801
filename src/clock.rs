//! Times as they are stored: UTC, `2026-01-15 10:00:01`.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

const STORED: &str = "%Y-%m-%d %H:%M:%S";

/// This moment.
pub fn now() -> String {
    Timestamp::now().strftime(STORED).to_string()
}

/// This moment in seconds since 1970.
pub fn unix_now() -> i64 {
    Timestamp::now().as_second()
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
