//! The last two weeks as a calendar: a row for each protected item, a cell for each day in UTC.
//!
//! Drawn here, so that it needs no script. Who sees no color has a sign in each cell, and its words; who sees no picture has
//! the row in words.

use std::fmt::Write;

use super::format::{array, at, entries, list, name_of, number, text, time};
use super::page_data::PageData;
use super::reading::DAYS_OF_JOBS;
use super::situation::device_name;
use crate::cometbackup::comet::job_days::{DayOfBackups, day_of};
use crate::php_value::Value;
use crate::text::escape_html;
use crate::whmcs::texts::Texts;

const DAY: i64 = 24 * 60 * 60;

/// Rows of a calendar: more are counted. They are the first by name.
pub(super) const ROWS: usize = 100;

/// Width and height of a cell with the gap behind it, and without.
const STEP: usize = 20;
const CELL: usize = 17;
const HEADER: usize = 12;

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Good,
    Warning,
    Failure,
    Running,
    None,
    /// The item did not exist yet.
    Before,
}

impl Kind {
    fn of(day: DayOfBackups, existed: bool) -> Self {
        let is_made = day.good > 0 || day.with_warnings > 0;
        if day.failed > 0 && !is_made {
            Self::Failure
        } else if day.with_warnings > 0 || day.failed > 0 || (day.not_made > 0 && !is_made) {
            Self::Warning
        } else if is_made {
            Self::Good
        } else if day.running > 0 {
            Self::Running
        } else if existed {
            Self::None
        } else {
            Self::Before
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Failure => "failure",
            Self::Running => "running",
            Self::None => "none",
            Self::Before => "before",
        }
    }

    /// The sign in the cell, as lines from its corner.
    const fn sign(self) -> &'static str {
        match self {
            Self::Good => "m4.5 9 3 3 5.5-6.5",
            Self::Warning => "M8.5 4v5.5m0 2.7v.8",
            Self::Failure => "m5 5 7 7m0-7-7 7",
            Self::Running => "M4.5 8.5h.6m3.1 0h.6m3.1 0h.6",
            Self::None => "M6 8.5h5",
            Self::Before => "",
        }
    }
}

/// Returns the variables of the calendar; no rows where the jobs are not known. `now` in unix seconds.
pub(super) fn calendar(texts: &Texts, read: &PageData, now: i64) -> [(&'static str, Value); 3] {
    let days: Vec<i64> = (1 - DAYS_OF_JOBS..=0)
        .map(|back| day_of(now) + back)
        .collect();
    let mut items: Vec<Item<'_>> = if read.knows_jobs() {
        items(texts, read)
    } else {
        Vec::new()
    };
    items.sort_by_cached_key(|item| item.name.to_lowercase());
    let more = items.len().saturating_sub(ROWS);
    items.truncate(ROWS);
    let header = if items.is_empty() {
        String::new()
    } else {
        header(&days)
    };
    let rows = items.iter().map(|item| item.row(texts, read, &days));
    [
        ("calendar", list(rows)),
        ("calendarDays", header.into()),
        (
            "calendarMore",
            Value::Int(i64::try_from(more).unwrap_or(i64::MAX)),
        ),
    ]
}

struct Item<'a> {
    id: &'a str,
    name: &'a str,
    device: String,
    created_on: i64,
}

fn items<'a>(texts: &'a Texts, read: &'a PageData) -> Vec<Item<'a>> {
    let profile = &read.profile;
    let items = entries(at(profile, &["Sources"])).map(|(id, item)| Item {
        id,
        name: name_of(item, "Description").unwrap_or_else(|| texts.text("item.unnamed")),
        device: device_name(profile, text(at(item, &["OwnerDevice"]))),
        created_on: day_of(number(at(item, &["CreateTime"]))),
    });
    items.collect()
}

impl Item<'_> {
    fn row(&self, texts: &Texts, read: &PageData, days: &[i64]) -> Value {
        let cells: Vec<(i64, DayOfBackups, Kind)> = days
            .iter()
            .map(|day| {
                let backups = read.jobs.days.of(self.id, *day);
                (*day, backups, Kind::of(backups, *day >= self.created_on))
            })
            .collect();
        let label = self.label(texts, &cells);
        array(vec![
            ("name", self.name.into()),
            ("device", self.device.as_str().into()),
            ("label", label.as_str().into()),
            ("svg", drawn(texts, &label, &cells).into()),
        ])
    }

    /// The row in words: on how many days it was backed up, and each day that is not as it should be.
    fn label(&self, texts: &Texts, cells: &[(i64, DayOfBackups, Kind)]) -> String {
        let is_made = |day: &DayOfBackups| day.good > 0 || day.with_warnings > 0;
        let made = cells.iter().filter(|(_, day, _)| is_made(day)).count();
        let (made, all) = (made.to_string(), cells.len().to_string());
        let values = [
            ("name", self.name),
            ("made", made.as_str()),
            ("days", all.as_str()),
        ];
        let mut label = texts.fill("calendar.row", &values);
        for (kind, key) in [
            (Kind::Failure, "calendar.failed_on"),
            (Kind::Warning, "calendar.warnings_on"),
            (Kind::None, "calendar.none_on"),
            (Kind::Running, "calendar.running_on"),
        ] {
            let of_kind = cells.iter().filter(|(_, _, other)| *other == kind);
            let dates: Vec<String> = of_kind.map(|(day, ..)| date(*day)).collect();
            if !dates.is_empty() {
                label.push(' ');
                label.push_str(&texts.fill(key, &[("dates", &dates.join(", "))]));
            }
        }
        label
    }
}

fn date(day: i64) -> String {
    time(day.saturating_mul(DAY), "%Y-%m-%d")
}

/// "2026-11-24: 2 backed up, 1 failed".
fn cell_words(texts: &Texts, day: i64, backups: DayOfBackups, kind: Kind) -> String {
    let mut parts = Vec::new();
    for (count, key) in [
        (backups.good, "cell.good"),
        (backups.with_warnings, "cell.warnings"),
        (backups.failed, "cell.failed"),
        (backups.not_made, "cell.not_made"),
        (backups.running, "cell.running"),
    ] {
        if count > 0 {
            parts.push(texts.fill(key, &[("count", &count.to_string())]));
        }
    }
    if parts.is_empty() {
        let key = if kind == Kind::Before {
            "cell.before"
        } else {
            "cell.none"
        };
        parts.push(texts.text(key).to_owned());
    }
    let what = parts.join(", ");
    texts.fill("cell.day", &[("date", &date(day)), ("what", &what)])
}

/// A picture of one row. Where the style sheet is missing, its lines are those of the text around it.
fn drawn(texts: &Texts, label: &str, cells: &[(i64, DayOfBackups, Kind)]) -> String {
    let mut svg = opening(cells.len(), CELL);
    // Writing to a String cannot fail.
    let _ = write!(svg, " role=\"img\" aria-label=\"{}\">", escape_html(label));
    for (at, (day, backups, kind)) in cells.iter().enumerate() {
        let words = cell_words(texts, *day, *backups, *kind);
        let _ = write!(
            svg,
            "<g class=\"provisioning-day provisioning-day-{}\" transform=\"translate({})\"><title>{}</title><rect width=\"{CELL}\" height=\"{CELL}\" rx=\"3\"/>",
            kind.word(),
            at * STEP,
            escape_html(&words),
        );
        if !kind.sign().is_empty() {
            let _ = write!(svg, "<path d=\"{}\"/>", kind.sign());
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    svg
}

/// The days of the month above the columns; each cell says its whole date.
fn header(days: &[i64]) -> String {
    let mut svg = opening(days.len(), HEADER);
    svg.push_str(" aria-hidden=\"true\">");
    for (at, day) in days.iter().enumerate() {
        let number = time(day.saturating_mul(DAY), "%d");
        let x = at * STEP + CELL / 2;
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"9\" text-anchor=\"middle\" font-size=\"9\" fill=\"currentColor\">{number}</text>"
        );
    }
    svg.push_str("</svg>");
    svg
}

fn opening(cells: usize, height: usize) -> String {
    let width = cells * STEP - (STEP - CELL);
    format!(
        "<svg class=\"provisioning-days\" viewBox=\"0 0 {width} {height}\" fill=\"none\" stroke=\"currentColor\" focusable=\"false\""
    )
}

#[cfg(test)]
mod tests {
    use super::super::pruned::pruned;
    use super::*;
    use crate::cometbackup::TEXTS;
    use crate::cometbackup::comet::job::BackupJob;
    use crate::whmcs::fake_host::FakeHost;

    /// Monday, 2026-11-30 00:30 UTC.
    const NOW: i64 = 1_795_998_600;

    fn job(source: &str, back: i64, status: i64) -> BackupJob {
        BackupJob {
            classification: 4001,
            source: source.into(),
            start_time: NOW - back * DAY,
            status,
            ..BackupJob::default()
        }
    }

    fn read(items: &str, jobs: Vec<BackupJob>) -> PageData {
        let read = pruned(&format!(
            r#"{{"Sources":{items},"Devices":{{"d":{{"FriendlyName":"D"}}}}}}"#
        ));
        PageData {
            profile: read.profile,
            totals: read.totals,
            jobs: jobs.into(),
            ..PageData::default()
        }
    }

    fn drawn_of(read: &PageData) -> Vec<(&'static str, Value)> {
        let texts = Texts::for_visitor(&FakeHost::new(""), &TEXTS);
        calendar(&texts, read, NOW).into()
    }

    fn word(value: &Value) -> String {
        value.text().unwrap_or_default()
    }

    #[test]
    fn each_day_has_a_cell_with_its_words() {
        let jobs = vec![
            job("s", 0, 6001),
            job("s", 1, 5000),
            job("s", 1, 7002),
            job("s", 2, 7002),
            job("s", 3, 7004),
            job("s", 4, 7001),
            job("s", 5, 5000),
            job("s", 14, 5000),
        ];
        let created = NOW - 7 * DAY;
        let read = read(
            &format!(
                r#"{{"s":{{"Description":"Shared","OwnerDevice":"d","CreateTime":{created}}}}}"#
            ),
            jobs,
        );
        let calendar = drawn_of(&read);
        let row = calendar[0].1.get("0");
        let svg = word(row.get("svg"));
        assert_eq!(svg.matches("<rect").count(), 14);
        for words in [
            "day-running\" transform=\"translate(260)\"><title>2026-11-30: 1 running",
            "day-warning\" transform=\"translate(240)\"><title>2026-11-29: 1 backed up, 1 failed",
            "day-failure\" transform=\"translate(220)\"><title>2026-11-28: 1 failed",
            "day-warning\" transform=\"translate(200)\"><title>2026-11-27: 1 not made",
            "day-warning\" transform=\"translate(180)\"><title>2026-11-26: 1 with warnings",
            "day-good\" transform=\"translate(160)\"><title>2026-11-25: 1 backed up",
            "day-none\" transform=\"translate(140)\"><title>2026-11-24: no backup",
            "day-before\" transform=\"translate(0)\"><title>2026-11-17: not there yet",
        ] {
            assert!(svg.contains(words), "{words}\n{svg}");
        }
        let label = word(row.get("label"));
        assert!(
            label.starts_with("Shared: backed up on 3 of the last 14 days."),
            "{label}"
        );
        assert!(label.contains("2026-11-28"), "{label}");
        assert_eq!(word(row.get("device")), "D");
        assert!(word(&calendar[1].1).contains(">30</text>"));
    }

    #[test]
    fn a_strangers_name_is_text_in_the_picture() {
        let read = read(
            r#"{"s":{"Description":"\"><script>alert(1)</script>"}}"#,
            Vec::new(),
        );
        let svg = word(drawn_of(&read)[0].1.get("0").get("svg"));
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.contains("&lt;script&gt;"), "{svg}");
    }

    #[test]
    fn many_items_are_cut_and_unknown_jobs_draw_nothing() {
        let items: Vec<String> = (0..ROWS + 3)
            .map(|n| format!(r#""{n}":{{"Description":"I{n:04}"}}"#))
            .collect();
        let mut read = read(&format!("{{{}}}", items.join(",")), Vec::new());
        let calendar = drawn_of(&read);
        assert_eq!(word(calendar[0].1.get("99").get("name")), "I0099");
        assert_eq!(calendar[0].1.get("100"), &Value::Null);
        assert_eq!(calendar[2].1, Value::Int(3));
        read.missing = super::super::page_data::Missing::Jobs;
        assert_eq!(drawn_of(&read)[0].1, Value::Array(Vec::new()));
    }
}
