//! The field of the service page that offers unassigned licenses, from what reconciliation has recorded. No request; statements
//! only where the service lacks a license or has adopted its last.

use super::adopt::{BACK, BACK_BY_SITE, BY_SITE, ONE};
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::api::site::host_of;
use crate::jetpack::licensing::adoption;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::jetpack::tables::unassigned::{self, Unassigned};
use crate::journal::Record;
use crate::text::{escape_html, plain};
use crate::whmcs::Service;

pub const LABEL: &str = "Unassigned Licenses";

/// Pairs of a plan that the page shows.
const MOST_SHOWN: usize = 20;

/// Returns its HTML, all values escaped; `None` where there is nothing to offer.
pub fn of(
    database: &mut Database,
    service: &Service,
    active: &[StoredLicense],
    last: Option<&Record>,
    is_undecided: bool,
) -> Result<Option<String>, Error> {
    let mut parts = Vec::new();
    let adopted = last.and_then(|last| adoption::can_be_taken_back(last, active));
    if let Some(license) = adopted {
        let found = unassigned::adopted(database, &license.key)?;
        parts.push(checkbox(
            BACK,
            "1",
            &format!("Take the adopted license {} back", license.key.hint()),
        ));
        if let Some(mark) = found
            .map(|found| found.plan_mark)
            .filter(|mark| !mark.is_empty())
        {
            let (_, count) = unassigned::adopted_as_planned(database, &mark, 0, 1)?;
            parts.push(checkbox(
                BACK_BY_SITE,
                &mark,
                &format!("Take all {count} back that were adopted with it by their sites"),
            ));
        }
    }
    if !is_undecided && adoption::may_adopt(service, active) {
        if let Some((slug, token)) = adoption::sold_by(service) {
            let host = host_of(Some(&service.domain));
            let found = unassigned::of_product(database, (&slug, &token), Some(&host))?;
            parts.extend(select(&found));
        }
        let (planned, count) = unassigned::planned(database, 0, MOST_SHOWN)?;
        parts.extend(by_site(&planned, count));
    }
    Ok((!parts.is_empty()).then(|| parts.join("")))
}

fn select(found: &[Unassigned]) -> Option<String> {
    if found.is_empty() {
        return None;
    }
    let option = |license: &Unassigned| {
        format!(
            r#"<option value="{}">{}</option>"#,
            license.row,
            escape_html(&in_words(license))
        )
    };
    let options: String = found.iter().map(option).collect();
    Some(format!(
        r#"<p>Jetpack has licenses of this product that are in no row of the license table. Adopt one for this service; it is checked at Jetpack when you save. <select name="{ONE}" aria-label="License to adopt" class="form-control" style="max-width:100%"><option value="">None</option>{options}</select></p>"#
    ))
}

/// What would be done is shown before it is.
fn by_site(planned: &[Unassigned], count: u64) -> Option<String> {
    let mark = planned.first().map(|license| license.plan_mark.as_str())?;
    let line = |license: &Unassigned| {
        let owner = match license.planned_for {
            Some(owner) => owner.kind().to_owned() + &format!(" {}", owner.number()),
            None => String::new(),
        };
        escape_html(&format!("{} → {owner}", in_words(license)))
    };
    let mut lines: Vec<String> = planned.iter().map(line).collect();
    let more = count.saturating_sub(planned.len() as u64);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let label = format!("Adopt these {count} for their services");
    Some(format!(
        "<p>By its site each of these belongs to exactly one service in use that lacks it:<br>{}</p>{}",
        lines.join("<br>"),
        checkbox(BY_SITE, mark, &label)
    ))
}

fn in_words(license: &Unassigned) -> String {
    let name = match plain(&license.product) {
        name if name.is_empty() => plain(&license.slug),
        name => name,
    };
    let issued = license.issued_at.as_deref().unwrap_or("an unknown time");
    let site = license
        .site
        .as_deref()
        .map_or_else(|| "no site".to_owned(), plain);
    format!(
        "{name} {}, issued on {issued} UTC, {site}",
        license.key.hint()
    )
}

fn checkbox(name: &str, value: &str, label: &str) -> String {
    format!(
        r#"<p><label><input type="checkbox" name="{name}" value="{}"> {}</label></p>"#,
        escape_html(value),
        escape_html(label)
    )
}
