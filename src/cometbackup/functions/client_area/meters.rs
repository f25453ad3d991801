//! Used of allowed, as bars, in the visitor's language.

use super::format::{array, list, minute, percent, size_in};
use super::page_data::PageData;
use super::quotas::{self, QuotaFigures};
use crate::php_value::Value;
use crate::whmcs::texts::Texts;

/// From where on a bar says that there is little left.
const NEARLY: i64 = 90;

/// One bar.
struct Meter<'a> {
    title: &'a str,
    used: String,
    /// `None`: no limit.
    percent: Option<i64>,
    of: String,
    text: String,
}

/// Returns the bars of storage, selected data and devices; none where the account is not known.
pub(super) fn meters(texts: &Texts, read: &PageData) -> Value {
    if !read.profile.is_object() {
        return list(std::iter::empty());
    }
    let figures = quotas::figures(read);
    let meters = [
        storage(texts, &figures),
        selected(texts, &figures),
        devices(texts, &figures),
    ];
    list(meters.into_iter().map(|meter| meter.row(texts)))
}

fn storage<'a>(texts: &'a Texts, figures: &QuotaFigures) -> Meter<'a> {
    let used = if figures.has_vaults {
        figures.stored.map_or_else(
            || texts.text("size.not_measured").to_owned(),
            |bytes| size_in(texts, bytes),
        )
    } else {
        texts.text("size.nothing").to_owned()
    };
    let stored = figures.stored.unwrap_or_default();
    let (of, percent) = match (figures.stored_of, figures.is_shared) {
        (Some(bytes), _) => (
            of(texts, &size_in(texts, bytes)),
            Some(whole(stored, bytes)),
        ),
        (None, true) => (texts.text("limit.shared").to_owned(), None),
        (None, false) => (texts.text("limit.none").to_owned(), None),
    };
    let measured = minute(figures.measured_at);
    let mut text = texts.text("meter.storage_text").to_owned();
    if !measured.is_empty() {
        text.push(' ');
        text.push_str(&texts.fill("meter.measured", &[("time", &measured)]));
    }
    Meter {
        title: texts.text("meter.storage"),
        used,
        percent,
        of,
        text,
    }
}

fn selected<'a>(texts: &'a Texts, figures: &QuotaFigures) -> Meter<'a> {
    let limit = figures.protected_of;
    Meter {
        title: texts.text("meter.selected"),
        used: size_in(texts, figures.protected),
        percent: limit.map(|limit| whole(figures.protected, limit)),
        of: limit.map_or_else(
            || texts.text("limit.none").to_owned(),
            |limit| of(texts, &size_in(texts, limit)),
        ),
        text: texts.text("meter.selected_text").to_owned(),
    }
}

fn devices<'a>(texts: &'a Texts, figures: &QuotaFigures) -> Meter<'a> {
    let limit = figures.devices_of;
    Meter {
        title: texts.text("meter.devices"),
        used: figures.devices.to_string(),
        percent: limit.map(|limit| whole(figures.devices, limit)),
        of: limit.map_or_else(
            || texts.text("limit.none").to_owned(),
            |limit| of(texts, &limit.to_string()),
        ),
        text: String::new(),
    }
}

fn of(texts: &Texts, allowed: &str) -> String {
    texts.fill("limit.of", &[("allowed", allowed)])
}

fn whole(used: i64, allowed: i64) -> i64 {
    percent(used, allowed).whole().unwrap_or_default()
}

impl Meter<'_> {
    fn row(&self, texts: &Texts) -> Value {
        let (meaning, key) = match self.percent {
            Some(100..) => ("bad", "meter.full"),
            Some(NEARLY..) => ("wait", "meter.nearly"),
            _ => ("busy", "meter.used"),
        };
        let filled = self.percent.map(|percent| {
            let percent = percent.to_string();
            texts.fill(key, &[("percent", &percent)])
        });
        array(vec![
            ("title", self.title.into()),
            ("used", self.used.as_str().into()),
            ("of", self.of.as_str().into()),
            ("percent", self.percent.map_or(Value::Null, Value::Int)),
            (
                "width",
                self.percent
                    .map_or(Value::Null, |percent| Value::Int(percent.clamp(0, 100))),
            ),
            ("meaning", meaning.into()),
            ("filled", filled.unwrap_or_default().into()),
            ("text", self.text.as_str().into()),
        ])
    }
}
