//! Vaults, devices, jobs and downloads as the page lists them.

use super::format::{
    array, at, duration, entries, list, minute, name_of, number, size, size_in, text,
};
use super::page_data::PageData;
use super::{JOBS_SHOWN, View, failures, old_devices, when};
use crate::cometbackup::comet::installers::{self, Offer};
use crate::cometbackup::comet::job::{BackupJob, JobEnding};
use crate::cometbackup::comet::limits::Limit;
use crate::cometbackup::comet::vault_figures::VaultFigures;
use crate::cometbackup::functions::client_area_allowed_functions::{DEVICE, REMOVE_OLD_DEVICE};
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::whmcs::product_page;
use crate::whmcs::texts::Texts;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};

/// Sizes in English, for templates of a host's own, and in the visitor's language.
pub(super) fn vaults(texts: &Texts, read: &PageData) -> Value {
    let of_plan: HashSet<&String> = read.vaults.iter().collect();
    list(
        entries(at(&read.profile, &["Destinations"])).map(|(id, vault)| {
            let figures = VaultFigures::of(vault);
            let stored = figures
                .stored()
                .map_or_else(|| "not measured yet".to_owned(), size);
            let allowed = match figures.limit() {
                Limit::None => "unlimited".to_owned(),
                Limit::Bytes(bytes) => size(bytes),
                Limit::Shared => "a shared limit".to_owned(),
            };
            let measured = figures.stored().map(|bytes| size_in(texts, bytes));
            let shown = match figures.limit() {
                Limit::None => String::new(),
                Limit::Bytes(bytes) => {
                    texts.fill("limit.of", &[("allowed", &size_in(texts, bytes))])
                }
                Limit::Shared => texts.text("limit.shared").to_owned(),
            };
            array(vec![
                (
                    "used",
                    measured
                        .unwrap_or_else(|| texts.text("size.not_measured").to_owned())
                        .into(),
                ),
                ("of", shown.into()),
                (
                    "name",
                    name_of(vault, "Description")
                        .unwrap_or_else(|| texts.text("vault.no_name"))
                        .into(),
                ),
                ("stored", stored.into()),
                ("allowed", allowed.into()),
                ("ofPlan", Value::Bool(of_plan.contains(id))),
            ])
        }),
    )
}

/// Returns the devices; whether one is old is not known where the jobs are not.
pub(super) fn devices(view: &View<'_>, read: &PageData) -> Value {
    let profile = &read.profile;
    let seen = if read.knows_jobs() {
        old_devices::last_seen(profile, &read.totals, &read.jobs)
    } else {
        HashMap::new()
    };
    let now = view.now;
    let mut items: HashMap<&str, i64> = HashMap::new();
    for (_, item) in entries(at(profile, &["Sources"])) {
        *items.entry(text(at(item, &["OwnerDevice"]))).or_default() += 1;
    }
    list(entries(at(profile, &["Devices"])).map(|(id, device)| {
        let protects = items.get(id.as_str()).copied().unwrap_or_default();
        let last = seen.get(id.as_str()).copied();
        array(vec![
            ("id", id.as_str().into()),
            ("lastSeen", minute(last.unwrap_or_default()).into()),
            (
                "contact",
                last.map_or_else(String::new, |last| when::on(view.texts, last, now))
                    .into(),
            ),
            (
                "old",
                Value::Bool(last.is_some_and(|last| old_devices::is_old(last, now))),
            ),
            (
                "name",
                name_of(device, "FriendlyName")
                    .unwrap_or_else(|| view.texts.text("device.no_name"))
                    .into(),
            ),
            ("system", system(at(device, &["PlatformVersion"])).into()),
            ("version", text(at(device, &["ClientVersion"])).into()),
            (
                "registered",
                minute(number(at(device, &["RegistrationTime"]))).into(),
            ),
            ("items", Value::Int(protects)),
        ])
    }))
}

/// Returns the form beside an old device.
pub(super) fn removal(service_id: ServiceId, token: &str) -> Value {
    array(vec![
        ("action", product_page::relative(service_id).into()),
        ("function", REMOVE_OLD_DEVICE.into()),
        ("field", DEVICE.into()),
        ("token", token.into()),
    ])
}

pub(super) fn system(platform: &Json) -> String {
    let os = match text(at(platform, &["os"])) {
        "windows" => "Windows",
        "darwin" => "macOS",
        "linux" => "Linux",
        other => other,
    };
    let distribution = text(at(platform, &["distribution"]));
    let words: HashSet<String> = distribution.split(' ').map(str::to_lowercase).collect();
    let version = text(at(platform, &["version"]));
    let shown = [
        if words.contains(&os.to_lowercase()) {
            ""
        } else {
            os
        },
        distribution,
        version,
    ];
    let shown: Vec<&str> = shown.into_iter().filter(|word| !word.is_empty()).collect();
    shown.join(" ")
}

pub(super) fn jobs_shown(texts: &Texts, read: &PageData) -> [(&'static str, Value); 3] {
    let more = read.jobs.count().saturating_sub(JOBS_SHOWN);
    let rows = read.jobs.newest.iter();
    [
        (
            "jobs",
            list(rows.map(|job| shown_job(texts, job, &read.profile))),
        ),
        (
            "jobsMore",
            Value::Int(i64::try_from(more).unwrap_or(i64::MAX)),
        ),
        ("jobsKnown", Value::Bool(read.knows_jobs())),
    ]
}

fn shown_job(texts: &Texts, job: &BackupJob, profile: &Json) -> Value {
    let named = |map: &str, id: &str, field: &str, gone: &'static str| {
        if id.is_empty() || !profile.is_object() {
            return String::new();
        }
        let known = name_of(at(profile, &[map, id]), field);
        known.unwrap_or_else(|| texts.text(gone)).to_owned()
    };
    let device = named("Devices", &job.device, "FriendlyName", "gone.device");
    let item = named("Sources", &job.source, "Description", "gone.item");
    let vault = named("Destinations", &job.vault, "Description", "gone.vault");
    let (kind, meaning, symbol) = match job.ending() {
        JobEnding::Success => ("success", "good", "\u{2713}"),
        JobEnding::Unfinished => ("running", "busy", "\u{2026}"),
        JobEnding::Warning => ("warning", "wait", "!"),
        JobEnding::Failure => ("failure", "bad", "\u{2715}"),
        JobEnding::Unknown => ("unknown", "quiet", "?"),
    };
    let words = failures::words(job.status);
    let job_word = failures::job_word(job.classification);
    array(vec![
        ("what", texts.text(job_word).into()),
        ("result", texts.text(words.state).into()),
        ("advice", failures::advice(texts, words, &device).into()),
        ("meaning", meaning.into()),
        ("type", job.classification_word().into()),
        ("state", job.status_word().into()),
        ("kind", kind.into()),
        ("symbol", symbol.into()),
        ("device", device.into()),
        ("item", item.into()),
        ("vault", vault.into()),
        ("started", minute(job.start_time).into()),
        ("ended", minute(job.end_time).into()),
        ("duration", duration(job).into()),
        ("files", Value::Int(job.total_files.max(0))),
        ("size", size_in(texts, job.total_size).into()),
        ("uploaded", size_in(texts, job.upload_size).into()),
        ("downloaded", size_in(texts, job.download_size).into()),
    ])
}

/// Returns the group of installers for the visitor's own system, where the browser names one and there are any; else empty.
/// A browser does not say which processor it runs on, so it is a group and not one of them.
pub(super) fn own_system<'a>(agent: Option<&str>, offers: &'a [Offer]) -> &'a str {
    let group = agent.and_then(installers::group_of);
    let of_system = offers
        .iter()
        .find(|offer| Some(offer.group.as_str()) == group);
    of_system.map_or("", |offer| &offer.group)
}

/// Installers whose names have words of a language in them, by the server's number.
const NAMES: [(u32, &str); 5] = [
    (1, "installer.windows"),
    (5, "installer.windows_64"),
    (3, "installer.windows_32"),
    (20, "installer.macos_arm"),
    (21, "installer.debian"),
];

fn name<'a>(texts: &'a Texts, offer: &'a Offer) -> &'a str {
    let known = NAMES.iter().find(|(id, _)| *id == offer.id);
    known.map_or(&offer.label, |(_, key)| texts.text(key))
}

fn group_name<'a>(texts: &'a Texts, offer: &'a Offer) -> &'a str {
    if offer.group == installers::OTHER {
        texts.text("installer.other_group")
    } else {
        &offer.group
    }
}

/// Returns the downloads by groups, that of the visitor's own system first.
pub(super) fn downloads(
    texts: &Texts,
    service_id: ServiceId,
    offers: &[Offer],
    own: &str,
) -> Value {
    let mut groups: Vec<&str> = Vec::new();
    for offer in offers {
        if !groups.contains(&offer.group.as_str()) {
            groups.push(&offer.group);
        }
    }
    groups.sort_by_key(|group| *group != own);
    let page = product_page::relative(service_id);
    let sorted = groups
        .into_iter()
        .flat_map(|group| offers.iter().filter(move |offer| offer.group == group));
    list(sorted.map(|offer| {
        let kind = &offer.kind;
        let here = || format!("{page}&type={kind}");
        let url = offer.public_url.clone().unwrap_or_else(here);
        array(vec![
            ("type", kind.as_str().into()),
            ("label", offer.label.as_str().into()),
            ("name", name(texts, offer).into()),
            ("group", group_name(texts, offer).into()),
            ("own", Value::Bool(offer.group == own)),
            ("recommended", Value::Bool(offer.recommended)),
            ("url", url.into()),
        ])
    }))
}

#[cfg(test)]
mod tests {
    use super::system;

    #[test]
    fn systems_are_named_once() {
        for (platform, text) in [
            (
                r#"{"os":"windows","distribution":"Windows Server 2022","version":"10.0"}"#,
                "Windows Server 2022 10.0",
            ),
            (
                r#"{"os":"linux","distribution":"debian","version":"12"}"#,
                "Linux debian 12",
            ),
            (r#"{"os":"darwin","version":"15.1"}"#, "macOS 15.1"),
            ("null", ""),
        ] {
            assert_eq!(system(&serde_json::from_str(platform).unwrap()), text);
        }
    }
}
