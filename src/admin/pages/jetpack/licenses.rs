//! The licenses on the page *Jetpack*: search, filters, pages, and finding one by its whole key.

use super::{KEY, here};
use crate::admin::form::{filters, form, input, select, submit};
use crate::admin::html::{Html, Tone, element, link, message, table};
use crate::admin::links::{self, Link};
use crate::admin::page::{Action, PageRequest};
use crate::error::Error;
use crate::jetpack::api::license::LicenseKey;
use crate::jetpack::tables::licenses_browsing::{
    self, Counted, From, LicenseFilter, LicenseState, Search, ShownLicense,
};
use crate::whmcs::open_database;

/// Licenses of a page.
const PAGE: usize = 50;

/// The field of the form that takes a whole key. It is sent by POST, so that the key is in no address.
const WHOLE_KEY: &str = "license_key";

const AGES: [(&str, &str); 7] = [
    ("", "Any"),
    ("y7", "Within 7 days"),
    ("y30", "Within 30 days"),
    ("y365", "Within a year"),
    ("o30", "Before that: more than 30 days ago"),
    ("o365", "More than a year ago"),
    ("o1095", "More than three years ago"),
];

const STATES: [(&str, &str); 3] = [("", "Any"), ("active", "Active"), ("revoked", "Revoked")];

const SERVICES: [(&str, &str); 3] = [
    ("", "Any"),
    ("yes", "With a service"),
    ("no", "Without a service"),
];

/// What stands for a license of which no product is recorded.
const NO_PRODUCT: &str = "-";

/// Filters of the address, which the next page and the file keep.
const KEPT: [&str; 5] = ["q", "state", "product", "service", "age"];

pub const FIND: Action = Action {
    key: "jetpack_find",
    page: KEY,
    label: "Find license",
    question: None,
    run: find,
};

/// Reads the filter that the address asks for.
///
/// # Errors
/// Where a whole key was typed into the search, which would put it into addresses.
pub fn filter(request: &PageRequest<'_>) -> Result<LicenseFilter, Error> {
    let age = request.query("age");
    let days = |sign: &str| age.strip_prefix(sign).and_then(|days| days.parse().ok());
    let search = Search::typed(&request.query("q"));
    if matches!(search, Search::Key(_)) {
        return Err(Error::Refusal(
            "What is searched here stands in the address of the page, where no license key belongs. Enter a whole key in the field Whole license key."
                .into(),
        ));
    }
    Ok(LicenseFilter {
        search,
        state: match request.query("state").as_str() {
            "active" => Some(LicenseState::Active),
            "revoked" => Some(LicenseState::Revoked),
            _ => None,
        },
        product: match request.query("product").as_str() {
            "" => None,
            NO_PRODUCT => Some(String::new()),
            slug => Some(slug.to_owned()),
        },
        has_service: match request.query("service").as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        younger_than: days("y"),
        older_than: days("o"),
    })
}

/// Makes the section by two statements.
pub fn section(request: &PageRequest<'_>) -> Result<Html, Error> {
    let asked = asked(request);
    let mut database = open_database(request.host)?;
    let counted = licenses_browsing::counts(&mut database)?;
    let begin = Html::new()
        .with(summary(&counted))
        .with(search_form(request, &counted))
        .with(key_form(request));
    let (filter, is_by_key) = match asked {
        Ok(asked) => asked,
        Err(error) => return Ok(begin.with(message(Tone::Warning, &error.for_staff("")))),
    };
    let before = request.query("before").parse().unwrap_or_default();
    let mut listed =
        licenses_browsing::page(&mut database, &filter, From::Before(before), PAGE + 1)?;
    let has_more = listed.len() > PAGE;
    listed.truncate(PAGE);
    if listed.is_empty() {
        return Ok(begin.with(element("p").text("No license fits.")));
    }
    let last = listed.last().map(|license| license.row);
    let rows = listed.iter().map(row);
    let headings = [
        "License",
        "Product",
        "State",
        "Issued (UTC)",
        "Site",
        "Service",
        "Client",
    ];
    let begin = begin.with(table(&headings, rows));
    if is_by_key {
        return Ok(begin);
    }
    Ok(begin.with(steps(request, before > 0, last.filter(|_| has_more))))
}

/// A whole key is found by the form for it, anything else by the address.
fn asked(request: &PageRequest<'_>) -> Result<(LicenseFilter, bool), Error> {
    let typed = request.field(WHOLE_KEY);
    match LicenseKey::new(typed.trim()) {
        Some(key) => Ok((
            LicenseFilter {
                search: Search::Key(key),
                ..LicenseFilter::default()
            },
            true,
        )),
        None => Ok((filter(request)?, false)),
    }
}

fn summary(counted: &[Counted]) -> Html {
    let active: u64 = counted.iter().map(|one| one.active).sum();
    let revoked: u64 = counted.iter().map(|one| one.revoked).sum();
    element("p")
        .text(&format!("{active} active licenses, {revoked} revoked. "))
        .with(link(
            &links::page("decisions").and("of", crate::jetpack::MODULE),
            "What waits for a decision",
        ))
        .into()
}

fn search_form(request: &PageRequest<'_>, counted: &[Counted]) -> Html {
    let choices = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = all.iter();
        pairs
            .map(|(value, text)| ((*value).to_owned(), (*text).to_owned()))
            .collect()
    };
    let mut products = vec![(String::new(), "Any".to_owned())];
    products.extend(counted.iter().map(|one| {
        if one.slug.is_empty() {
            (NO_PRODUCT.to_owned(), "Not recorded".to_owned())
        } else {
            (one.slug.clone(), one.slug.clone())
        }
    }));
    let fields = Html::new()
        .with(input(
            "q",
            "Site, domain, client, or the number of a service, addon or order",
            &request.query("q"),
        ))
        .with(select(
            "state",
            "State",
            &choices(&STATES),
            &request.query("state"),
        ))
        .with(select(
            "product",
            "Product",
            &products,
            &request.query("product"),
        ))
        .with(select(
            "service",
            "Service",
            &choices(&SERVICES),
            &request.query("service"),
        ))
        .with(select(
            "age",
            "Issued",
            &choices(&AGES),
            &request.query("age"),
        ));
    filters(KEY, fields).into()
}

/// What was typed is not shown again.
fn key_form(request: &PageRequest<'_>) -> Html {
    let field = input(WHOLE_KEY, "Whole license key", "");
    form(request, &FIND, field).with(submit(&FIND)).into()
}

fn row(license: &ShownLicense) -> Vec<Html> {
    let state = match &license.revoked_at {
        None => Html::from("Active"),
        Some(at) => Html::from(match license.revoked_for.as_str() {
            "" => format!("Revoked {at}"),
            why => format!("Revoked {at} ({why})"),
        }),
    };
    let service = match (license.service_id, license.status) {
        (None, _) => Html::from(format!("None (order {})", license.order_id)),
        (Some(id), None) => Html::from(format!("{id}, not in WHMCS")),
        (Some(id), Some(status)) => element("span")
            .with(link(
                &links::service(license.client_id, id),
                &id.to_string(),
            ))
            .text(&format!(" {}", status.word()))
            .into(),
    };
    let client = match license.client_id {
        0 => Html::new(),
        id => link(&links::client(id), &license.client).into(),
    };
    let site = if license.site.is_empty() {
        license.domain.as_str()
    } else {
        license.site.as_str()
    };
    vec![
        Html::from(license.hint.as_str()),
        Html::from(license.slug.as_str()),
        state,
        Html::from(license.issued_at.as_str()),
        Html::from(site),
        service,
        client,
    ]
}

/// Links to the other pages and to the file, with the filters that are on.
fn steps(request: &PageRequest<'_>, is_later: bool, last: Option<u64>) -> Html {
    let mut kept = here();
    for name in KEPT {
        let value = request.query(name);
        if !value.is_empty() {
            kept = kept.and(name, &value);
        }
    }
    let button = |to: Link, text: &str| link(&to, text).class("btn btn-default btn-sm");
    let first = is_later.then(|| button(kept.clone(), "Newest"));
    let older = last.map(|row| button(kept.clone().and("before", &row.to_string()), "Older"));
    element("p")
        .with(first)
        .text(" ")
        .with(older)
        .text(" ")
        .with(button(
            kept.and("export", "csv"),
            "Download all that fit (CSV)",
        ))
        .into()
}

/// Says which license has the key that was typed, without the key.
fn find(request: &PageRequest<'_>) -> Result<String, Error> {
    let typed = request.field(WHOLE_KEY);
    let key = LicenseKey::new(typed.trim())
        .ok_or_else(|| Error::Refusal("No license key was entered.".into()))?;
    let hint = key.hint();
    let filter = LicenseFilter {
        search: Search::Key(key),
        ..LicenseFilter::default()
    };
    let mut database = open_database(request.host)?;
    let found = licenses_browsing::page(&mut database, &filter, From::Before(0), 2)?;
    match found.first() {
        None => Err(Error::Refusal(format!(
            "No license with this key ({hint}) is in WHMCS."
        ))),
        Some(license) => Ok(match license.service_id {
            Some(id) => format!("The license {hint} is that of {id}."),
            None => format!(
                "The license {hint} is in row {} of the license table, and no service has claimed it.",
                license.row
            ),
        }),
    }
}
