//! What Comet Servers and the licensing API send.

use std::cmp::Reverse;

use super::{parts, pieces, refused};
use crate::cometbackup::comet::job::JobHead;
use crate::cometbackup::comet::jobs::{self as comet_jobs, SHOWN};
use crate::cometbackup::comet::list_users::decode;
use crate::cometbackup::comet::profile::Profile;
use crate::cometbackup::comet::{bounds, installers as comet_installers, list_users};
use crate::jetpack::api::license::{License, Slug};
use crate::jetpack::api::license_list::{Bill, page};
use crate::jetpack::api::log_text;
use crate::jetpack::api::products::{PRODUCTS, read_families};
use crate::jetpack::api::site::Site;
use crate::json::object::{self, Object};
use crate::json::stream::StreamEnd;
use crate::text::plain;

use super::texts::is_traceless;

/// The first byte says how the rest is cut.
pub fn accounts(bytes: &[u8]) {
    const LONGEST: usize = 4000;
    let Some((cut, document)) = bytes.split_first() else {
        return;
    };
    let read = |most| {
        let mut found = Vec::new();
        let mut read = pieces(document, most);
        let end = decode::accounts(&mut read, LONGEST, &mut |account| found.push(account));
        (end.map_err(refused), found)
    };
    let whole = read(usize::MAX);
    assert!(
        whole
            .1
            .iter()
            .all(|account| account.vaults.len() <= bounds::VAULTS)
    );
    assert_eq!(read(usize::from(*cut)), whole, "however the bytes are cut");
}

/// The first byte says how the rest is cut, the second from when on jobs are asked for; then come a user name and the list.
pub fn jobs(bytes: &[u8]) {
    let [cut, since, rest @ ..] = bytes else {
        return;
    };
    let Some([username, document]) = parts(rest) else {
        return;
    };
    let since = i64::from(*since) - 1;
    let read = |most| {
        let read = comet_jobs::read(username, since, pieces(document.as_bytes(), most));
        let read = read.map(|(ending, jobs)| {
            let count = jobs.count();
            (ending, jobs.newest, count)
        });
        read.map_err(refused)
    };
    let whole = read(usize::MAX);
    assert_eq!(read(usize::from(*cut)), whole, "however the bytes are cut");
    let Ok((StreamEnd::All(_), newest, count)) = whole else {
        return;
    };
    let all = serde_json::from_str::<Vec<Option<Object<JobHead>>>>(document);
    let mut all: Vec<JobHead> = all
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .map(|start| start.0)
        .collect();
    if !all.is_empty() {
        all.retain(|start| start.username == username && start.start_time > since);
        all.sort_by_key(|start| Reverse(start.start_time));
        assert_eq!(count, all.len());
        let begun = newest.iter().map(|job| job.start_time);
        assert!(begun.eq(all.iter().take(SHOWN).map(|start| start.start_time)));
    }
    assert!(newest.len() == count.min(SHOWN));
    assert!(newest.iter().all(|job| job.username == username));
}

/// An address, a policy group, and the answer with a profile that they are set in.
pub fn profile(bytes: &[u8]) {
    let Some([email, policy, answer]) = parts(bytes) else {
        return;
    };
    let Some(mut profile) = Profile::from_answer(answer) else {
        return;
    };
    assert!(!profile.write_edits(), "nothing is changed unasked");
    let was = profile.clone();
    profile.suspend(true);
    profile.assign_policy_group(policy);
    profile.set_email(email);
    profile.fill_contact_details(email, policy, Some("en_US"));
    profile.write_edits();
    let read = list_users::from_profile("", profile.text());
    // An empty address is none.
    let emails: Vec<&str> = Some(email)
        .filter(|email| !email.is_empty())
        .into_iter()
        .collect();
    assert!(read.is_some_and(|read| read.is_suspended
        && read.policy_id == policy
        && read.emails == emails));
    assert_eq!(profile.device_ids(), was.device_ids());
    assert_eq!(profile.vaults(), was.vaults());
    assert_eq!(profile.creation_guid(), was.creation_guid());
    assert!(profile.device_ids().len() == profile.devices() || profile.devices() == 0);
}

pub fn installers(bytes: &[u8]) {
    let Ok(list) = std::str::from_utf8(bytes) else {
        return;
    };
    for offer in comet_installers::read(list).unwrap_or_default() {
        assert!(!offer.label.is_empty() && !offer.group.is_empty());
        assert_eq!(plain(&offer.label), offer.label);
        assert_eq!(plain(&offer.group), offer.group);
    }
}

/// The answer to a license that was issued or asked for, or to a site that was connected, and what the module log shows of it.
pub fn license(bytes: &[u8]) {
    let _ = Site::read(bytes);
    let shown = log_text::without_secrets(bytes, &mut Vec::new());
    let Some(license) = License::read(bytes) else {
        return;
    };
    let key = license.key.expose();
    assert!((1..=255).contains(&key.chars().count()) && !key.chars().any(char::is_control));
    assert!(
        !is_traceless(key) || !shown.contains(key),
        "the log shows the key"
    );
    for time in [license.issued_at, license.revoked_at]
        .into_iter()
        .flatten()
    {
        assert_eq!(time.len(), "2026-01-15 10:00:01".len(), "{time}");
    }
}

/// A page of the partner's own list, or the bill. The first byte says how the rest is cut.
pub fn license_list(bytes: &[u8]) {
    let Some((cut, document)) = bytes.split_first() else {
        return;
    };
    let _ = object::from_slice::<Bill>(document);
    let read = |most| {
        let mut found = Vec::new();
        let end = page::read(&mut pieces(document, most), &mut |license| {
            found.push(license);
        });
        // What stands for a time that cannot be read is the moment of the reading.
        let found = found.into_iter().map(|mut license| {
            license.attached_at = license.attached_at.map(|_| String::new());
            license.revoked_at = license.revoked_at.map(|_| String::new());
            license
        });
        (end.map_err(refused), found.collect::<Vec<_>>())
    };
    let whole = read(usize::MAX);
    assert_eq!(read(usize::from(*cut)), whole, "however the bytes are cut");
    let (end, found) = whole;
    if let Ok(Ok(page)) = end {
        assert_eq!(found.len() as u64 + page.unreadable, page.items);
        assert!(page.has_items || page.items == 0);
    }
    for license in found {
        let key = license.key.expose();
        assert!((1..=255).contains(&key.chars().count()) && !key.chars().any(char::is_control));
        assert!(
            license
                .slug()
                .is_none_or(|slug| key.starts_with(slug) && slug.len() < key.len())
        );
        assert!(license.attached_at.is_none() || license.is_attached());
        if let Some(time) = license.issued_at {
            assert_eq!(time.len(), "2026-01-15 10:00:01".len(), "{time}");
        }
    }
}

pub fn products(bytes: &[u8]) {
    let families = read_families(bytes).unwrap_or_default();
    let mut products = families.iter().flat_map(|family| &family.products);
    assert!(products.clone().count() <= PRODUCTS);
    assert!(products.all(|product| Slug::new(Some(&product.slug)).is_ok()));
}
