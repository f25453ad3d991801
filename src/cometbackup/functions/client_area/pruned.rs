//! A profile cut down to what the page reads and can show: a profile may have megabytes.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::allow_list::{AllowedField, PROFILE};
use super::format::{at, number};
use crate::cometbackup::comet::bounds;
use crate::json::document::each_entry;
use crate::json::stream as json_stream;

/// A profile without what no page shows.
#[derive(Default)]
pub(super) struct Pruned {
    pub profile: Json,
    pub totals: Totals,
}

/// Counts and sums of the whole profile, also of what is left out of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    pub vaults: usize,
    pub devices: usize,
    pub items: usize,
    pub schedules: usize,
    /// Bytes.
    pub protected: i64,
}

impl Totals {
    fn of(&mut self, map: &str) -> Option<&mut usize> {
        match map {
            "Destinations" => Some(&mut self.vaults),
            "Devices" => Some(&mut self.devices),
            "Sources" => Some(&mut self.items),
            "BackupRules" => Some(&mut self.schedules),
            _ => None,
        }
    }

    /// Returns what the page lacks: the keys of sentences, how many there are, and how many are shown.
    pub(super) fn left_out(&self) -> impl Iterator<Item = (&'static str, usize, usize)> {
        let lists = [
            ("notice.more_vaults", self.vaults, bounds::VAULTS),
            ("notice.more_devices", self.devices, bounds::DEVICES),
            ("notice.more_items", self.items, bounds::ITEMS),
        ];
        lists.into_iter().filter(|(_, count, most)| count > most)
    }
}

fn most(map: &str) -> usize {
    match map {
        "Destinations" => bounds::VAULTS,
        "Devices" => bounds::DEVICES,
        _ => bounds::ITEMS,
    }
}

/// Cuts a profile down; `text` is one JSON object.
pub(super) fn pruned(text: &str) -> Pruned {
    let mut totals = Totals::default();
    let mut profile = Map::new();
    each_entry(text, |name, text| {
        let shape = PROFILE.iter().find(|(known, _)| *known == name);
        let value = match shape {
            Some((name, AllowedField::Map(fields))) => Some(map(name, fields, text, &mut totals)),
            Some((_, shape)) => value(shape, text),
            None => None,
        };
        if let Some(value) = value {
            profile.insert(name.to_owned(), value);
        }
    });
    Pruned {
        profile: profile.into(),
        totals,
    }
}

fn map(name: &str, fields: &[(&str, AllowedField)], text: &str, totals: &mut Totals) -> Json {
    let mut entries = Map::new();
    let mut protected: i64 = 0;
    let mut count = 0;
    let most = most(name);
    each_entry(text, |id, text| {
        count += 1;
        let entry = object(fields, text);
        if name == "Sources" {
            protected = protected.saturating_add(protected_by(&entry));
        }
        if entries.len() < most && id.len() <= bounds::TEXT_BYTES {
            entries.insert(id.to_owned(), entry);
        }
    });
    totals.protected = totals.protected.saturating_add(protected);
    if let Some(total) = totals.of(name) {
        *total = count;
    }
    entries.into()
}

/// Selected data of an item, as its last good backup found it.
fn protected_by(item: &Json) -> i64 {
    let statistics = at(item, &["Statistics"]);
    // Servers before 21.6 have the last job only, and one that failed may have no size.
    let good = at(statistics, &["LastSuccessfulBackupJob"]);
    let last = at(statistics, &["LastBackupJob"]);
    let status = number(at(last, &["Status"]));
    if !good.is_object()
        || (number(at(good, &["TotalSize"])) == 0 && (5000..6000).contains(&status))
    {
        number(at(last, &["TotalSize"]))
    } else {
        number(at(good, &["TotalSize"]))
    }
}

/// `null` for what is none.
fn object(fields: &[(&str, AllowedField)], text: &str) -> Json {
    let mut object = Map::new();
    let read = each_entry(text, |name, text| {
        let shape = fields.iter().find(|(known, _)| *known == name);
        if let Some(value) = shape.and_then(|(_, shape)| value(shape, text)) {
            object.insert(name.to_owned(), value);
        }
    });
    read.map_or(Json::Null, |()| object.into())
}

fn value(shape: &AllowedField, text: &str) -> Option<Json> {
    match shape {
        AllowedField::Scalar => scalar(text),
        AllowedField::Texts => texts(text),
        AllowedField::Object(fields) | AllowedField::Map(fields) => {
            Some(object(fields, text)).filter(Json::is_object)
        }
    }
}

fn scalar(text: &str) -> Option<Json> {
    if text.starts_with(['{', '[']) {
        return None;
    }
    let mut value: Json = serde_json::from_str(text).ok()?;
    if let Json::String(text) = &mut value {
        let mut end = text.len().min(bounds::TEXT_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    Some(value)
}

fn texts(list: &str) -> Option<Json> {
    let mut rest = list.as_bytes();
    let mut texts = Vec::new();
    let read =
        |piece: &mut [u8]| std::io::Read::read(&mut rest, piece).map_err(|error| error.to_string());
    // What comes after the last that is shown is not read.
    let ending = json_stream::elements(read, list.len(), |_: IgnoredAny, text| {
        if texts.len() == bounds::ADDRESSES {
            return Err(String::new().into());
        }
        let text = std::str::from_utf8(text).ok().and_then(scalar);
        texts.extend(text.filter(Json::is_string));
        Ok(())
    });
    (ending.is_ok() || !texts.is_empty()).then(|| texts.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(count: usize, entry: &str) -> String {
        let entries: Vec<String> = (0..count).map(|n| format!("\"{n}\":{entry}")).collect();
        format!("{{{}}}", entries.join(","))
    }

    #[test]
    fn what_no_page_shows_is_left_out_and_the_rest_is_as_it_was() {
        let text = r#"{"Username":"ada","Password":"x","Emails":["a",7,"b"],"Destinations":{"v":{"Description":"V","Key":"x",
            "Statistics":{"ClientProvidedSize":{"Size":5,"Components":[{}]}}},"w":null},"Devices":null,"MaximumDevices":[1]}"#;
        let expected = serde_json::json!({"Username":"ada","Emails":["a","b"],"Destinations":{"v":{"Description":"V",
            "Statistics":{"ClientProvidedSize":{"Size":5}}},"w":null},"Devices":{}});
        let pruned = pruned(text);
        assert_eq!(pruned.profile, expected);
        assert_eq!((pruned.totals.vaults, pruned.totals.devices), (2, 0));
        assert_eq!(pruned.totals.left_out().count(), 0);
    }

    #[test]
    fn lists_and_texts_are_cut_and_counts_and_sums_are_whole() {
        let item = r#"{"Description":"I","Statistics":{"LastBackupJob":{"TotalSize":3}}}"#;
        let vault = format!("{{\"Description\":\"{}\"}}", "é".repeat(3000));
        let text = format!(
            "{{\"Sources\":{},\"Destinations\":{},\"Devices\":{},\"Emails\":[{}]}}",
            many(bounds::ITEMS + 7, item),
            many(bounds::VAULTS + 1, &vault),
            many(bounds::DEVICES, "{}"),
            vec!["\"a\""; bounds::ADDRESSES + 1].join(","),
        );
        let pruned = pruned(&text);
        let kept = |name: &str| pruned.profile[name].as_object().unwrap().len();
        assert_eq!(kept("Sources"), bounds::ITEMS);
        assert_eq!(kept("Destinations"), bounds::VAULTS);
        assert_eq!(kept("Devices"), bounds::DEVICES);
        assert_eq!(
            pruned.profile["Emails"].as_array().unwrap().len(),
            bounds::ADDRESSES
        );
        let name = pruned.profile["Destinations"]["0"]["Description"].as_str();
        assert_eq!(name.unwrap().len(), bounds::TEXT_BYTES);
        assert_eq!(pruned.totals.protected, 3 * 5007);
        assert_eq!(
            pruned.totals.left_out().collect::<Vec<_>>(),
            [
                ("notice.more_vaults", 2001, 2000),
                ("notice.more_items", 5007, 5000),
            ]
        );
    }

    #[test]
    fn an_old_server_tells_the_last_job_only() {
        let of = |statistics: &str| {
            let text =
                format!(r#"{{"Sources":{{"s":{{"Statistics":{statistics}}},"t":{{}},"u":null}}}}"#);
            pruned(&text).totals.protected
        };
        assert_eq!(of(r#"{"LastBackupJob":{"TotalSize":5}}"#), 5);
        assert_eq!(
            of(r#"{"LastBackupJob":{"Status":5000,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#),
            5
        );
        assert_eq!(
            of(r#"{"LastBackupJob":{"Status":7002,"TotalSize":5},"LastSuccessfulBackupJob":{}}"#),
            0
        );
        assert_eq!(
            of(
                r#"{"LastBackupJob":{"Status":7003,"TotalSize":0},"LastSuccessfulBackupJob":{"TotalSize":9}}"#
            ),
            9
        );
        assert_eq!(of("null"), 0);
        assert_eq!(of(r#"{"LastBackupJob":{"TotalSize":-5}}"#), 0);
    }
}
