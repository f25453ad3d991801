//! The field "Compared" of the service page: what was sold beside what is recorded of Jetpack, from the tables. No request.

use crate::jetpack::api::license::Slug;
use crate::jetpack::api::site::host_of;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::tables::licenses::{Revocation, StoredLicense};
use crate::jetpack::{Activation, OPTION_PRODUCT, suspension_revokes};
use crate::service_page::{self, Agreement, COMPARED, Compared};
use crate::whmcs::{Service, ServiceStatus};

const NEVER: &str =
    "Nothing is asked to show this. Press Check at Jetpack to read the licenses now.";

/// Returns label and HTML; nothing where nothing was ever issued.
pub fn field(
    service: &Service,
    active: &[StoredLicense],
    revoked: Option<&Revocation>,
) -> Option<(&'static str, String)> {
    if active.is_empty() && revoked.is_none() && !service.status.is_live() {
        return None;
    }
    let mut rows = vec![licenses(service, active)];
    if !active.is_empty() {
        rows.push(product(service, active));
        rows.extend(site(service, active));
    }
    let html = service_page::comparison("Jetpack", &rows, &note(active));
    Some((COMPARED, html))
}

/// As old as the license that was checked longest ago.
fn note(active: &[StoredLicense]) -> String {
    let checked: Option<Vec<&str>> = active
        .iter()
        .map(|license| license.checked_at.as_deref())
        .collect();
    match checked.as_deref().and_then(|times| times.iter().min()) {
        Some(at) => format!(
            "Jetpack as recorded, checked on {}. {NEVER}",
            service_page::with_age(at)
        ),
        None => format!("Jetpack as recorded when it last changed, not checked since. {NEVER}"),
    }
}

/// How many there should be by the status, and how many are active.
fn licenses(service: &Service, active: &[StoredLicense]) -> Compared {
    let sold = service.quantity.unwrap_or(1) as usize;
    let wanted = match service.status {
        ServiceStatus::Suspended if suspension_revokes(&service.options) => Some(0),
        status if status.is_live() => Some(sold),
        status if status.is_over() => Some(0),
        _ => None,
    };
    let here = match wanted {
        Some(count) => format!("{}, {count} wanted", service.status.word()),
        None => service.status.word(),
    };
    Compared {
        what: "Licenses",
        here,
        there: format!("{} active", active.len()),
        verdict: wanted.map_or(Agreement::Shown, |wanted| {
            Agreement::of(wanted == active.len())
        }),
    }
}

fn product(service: &Service, active: &[StoredLicense]) -> Compared {
    let sold = Slug::new(service.options.at(OPTION_PRODUCT)).ok();
    let mut names: Vec<&str> = active
        .iter()
        .map(|license| license.slug.as_deref().unwrap_or("not recorded"))
        .collect();
    names.dedup();
    let verdict = sold.as_ref().map_or(Agreement::NotKnown, |slug| {
        let all = active
            .iter()
            .all(|license| license.is_for(slug, service.product_id));
        Agreement::of(all)
    });
    Compared {
        what: "Product",
        here: sold.map_or_else(
            || "none in the module settings".to_owned(),
            |slug| slug.as_str().to_owned(),
        ),
        there: names.join(", "),
        verdict,
    }
}

/// Where staff or the daily run attach it, a license belongs to the site of the service. A customer may attach his elsewhere.
fn site(service: &Service, active: &[StoredLicense]) -> Option<Compared> {
    let here = SiteAddress::of(service).ok();
    let mut sites: Vec<&str> = active
        .iter()
        .map(|license| license.site.as_deref().unwrap_or("no site known"))
        .collect();
    sites.dedup();
    let is_attached = |license: &StoredLicense| license.site.is_some();
    if here.is_none() && !active.iter().any(is_attached) {
        return None;
    }
    let attaches = Activation::of(&service.options) != Activation::ByCustomer;
    let verdict = match &here {
        Some(site) if active.iter().all(is_attached) => Agreement::of(
            active
                .iter()
                .all(|license| site.is_at(&host_of(license.site.as_deref()))),
        ),
        Some(_) if attaches => Agreement::Differs,
        _ => Agreement::NotKnown,
    };
    Some(Compared {
        what: "Site",
        here: here.map_or_else(|| "none".to_owned(), |site| site.url),
        there: sites.join(", "),
        verdict,
    })
}
