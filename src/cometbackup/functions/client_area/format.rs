//! Reading a profile that may lack anything, and formatting template variables: sizes, times, durations.

use crate::cometbackup::comet::job::BackupJob;
use crate::json::lenient;
use crate::php_value::Value;
use crate::whmcs::texts::Texts;
use jiff::Timestamp;
use serde_json::Value as Json;

pub(super) fn entries(map: &Json) -> impl Iterator<Item = (&String, &Json)> {
    map.as_object().into_iter().flatten()
}

pub(super) fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn yes(value: &Json) -> bool {
    value.as_bool().unwrap_or_default()
}

/// Reads a size, count or time.
pub(super) fn number(value: &Json) -> i64 {
    lenient::whole(value).unwrap_or_default()
}

/// Returns the value at a path of keys; `null` where it does not exist.
pub(super) fn at<'a>(value: &'a Json, path: &[&str]) -> &'a Json {
    path.iter()
        .try_fold(value, |value, key| value.get(key))
        .unwrap_or(&Json::Null)
}

/// Returns the name in an object; `None` where there is no object, or no name in it.
pub(super) fn name_of<'a>(entry: &'a Json, field: &str) -> Option<&'a str> {
    at(entry, &[field])
        .as_str()
        .filter(|name| !name.trim().is_empty())
}

pub(super) const GB: i64 = 1 << 30;
pub(super) const UNITS: [(i64, &str); 5] = [
    (1 << 50, "PB"),
    (1 << 40, "TB"),
    (GB, "GB"),
    (1 << 20, "MB"),
    (1 << 10, "KB"),
];

pub(super) fn array(entries: Vec<(&'static str, Value)>) -> Value {
    Value::Array(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

pub(super) fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(
        values
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
    )
}

/// Formats a size: `5.00 GB`, `900 bytes`, by powers of 1024, as Comet and the PHP module count. English, for templates of a
/// host's own.
pub(super) fn size(bytes: i64) -> String {
    let (number, unit) = amount(bytes);
    format!("{number} {unit}")
}

/// Formats a size in the visitor's language.
pub(super) fn size_in(texts: &Texts, bytes: i64) -> String {
    let (number, unit) = amount(bytes);
    let unit = match unit {
        "byte" => texts.text("unit.byte"),
        "bytes" => texts.text("unit.bytes"),
        "KB" => texts.text("unit.kilobyte"),
        "MB" => texts.text("unit.megabyte"),
        "GB" => texts.text("unit.gigabyte"),
        "TB" => texts.text("unit.terabyte"),
        _ => texts.text("unit.petabyte"),
    };
    let number = number.replace('.', texts.text("number.decimal_separator"));
    format!("{number} {unit}")
}

fn amount(bytes: i64) -> (String, &'static str) {
    let bytes = bytes.max(0);
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let hundredths = (i128::from(bytes) * 100 + i128::from(unit / 2)) / i128::from(*unit);
            let number = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            (number, name)
        }
        None if bytes == 1 => ("1".to_owned(), "byte"),
        None => (bytes.to_string(), "bytes"),
    }
}

pub(super) fn gigabytes(bytes: i64) -> Value {
    if bytes % GB == 0 {
        return Value::Int(bytes / GB);
    }
    #[allow(clippy::cast_precision_loss)]
    let exact = bytes as f64 / GB as f64;
    Value::Float((exact * 100.0).round() / 100.0)
}

pub(super) fn percent(used: i64, allowed: i64) -> Value {
    if allowed <= 0 {
        return Value::Int(100);
    }
    let percent = i128::from(used) * 100 / i128::from(allowed);
    Value::Int(i64::try_from(percent).unwrap_or(i64::MAX))
}

/// Formats a time; empty where there is none.
pub(super) fn time(seconds: i64, format: &str) -> String {
    if seconds <= 0 {
        return String::new();
    }
    Timestamp::from_second(seconds)
        .map(|moment| moment.strftime(format).to_string())
        .unwrap_or_default()
}

pub(super) fn minute(seconds: i64) -> String {
    time(seconds, "%Y-%m-%d %H:%M")
}

pub(super) fn duration(job: &BackupJob) -> String {
    let seconds = job.end_time.saturating_sub(job.start_time);
    match seconds {
        // A time beyond the calendar is none.
        _ if minute(job.end_time).is_empty() || seconds < 0 => String::new(),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::TEXTS;
    use crate::whmcs::fake_host::FakeHost;

    #[test]
    fn sizes_are_as_recorded() {
        let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
        for (bytes, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (900, "900 bytes"),
            (1023, "1023 bytes"),
            (1024, "1.00 KB"),
            (3_145_728, "3.00 MB"),
            (5_368_709_120, "5.00 GB"),
            (5_369_757_696, "5.00 GB"),
            (1_649_267_441_664, "1.50 TB"),
            (i64::MAX, "8192.00 PB"),
            (i64::MIN, "0 bytes"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
            assert_eq!(size_in(&texts, bytes), text, "{bytes}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_none() {
        for (seconds, text) in [
            (0, ""),
            (-5, ""),
            (i64::MAX, ""),
            (1_763_936_450, "2025-11-23 22:20"),
        ] {
            assert_eq!(minute(seconds), text, "{seconds}");
        }
        let backwards = BackupJob {
            start_time: 10,
            end_time: 5,
            ..BackupJob::default()
        };
        assert_eq!(duration(&backwards), "");
        let endless = BackupJob {
            end_time: i64::MAX,
            ..backwards
        };
        assert_eq!(duration(&endless), "");
        assert_eq!(percent(i64::MAX, 1), Value::Int(i64::MAX));
    }
}
