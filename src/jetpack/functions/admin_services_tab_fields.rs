//! `jetpack_AdminServicesTabFields`: what staff see on the service page. No request.

use super::{admin_services_tab_fields_save, adopt_field, site_field};
use crate::error::Error;
use crate::installation;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::lost_issue::issued_for;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::found_licenses::{self, Proposal};
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::journal::{self, Record};
use crate::reconciliation;
use crate::text::escape_html;
use crate::whmcs::{Host, Service};

/// Label and HTML, all values escaped.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, String)>, Error> {
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    let mut fields = vec![("License Key", keys(&active))];
    if active.is_empty() {
        if let Some(last) = licenses::last_revoked(&mut session.database, service)? {
            fields.push((
                "State at Jetpack",
                escape_html(&format!("Revoked on {} UTC", last.at)),
            ));
        }
    } else {
        let product = |license: &StoredLicense| {
            license
                .slug
                .clone()
                .unwrap_or_else(|| "not recorded".into())
        };
        let issued = |license: &StoredLicense| format!("{} UTC", license.issued_at);
        fields.push(("Jetpack Product", lines(&active, product)));
        fields.push(("Issued", lines(&active, issued)));
        fields.push(("State at Jetpack", lines(&active, state)));
        fields.extend(site_field::of(service, &active));
    }
    let last = journal::last(&mut session.database, MODULE, service.id)?;
    if let Some(record) = &last {
        fields.push(("Last Operation", escape_html(&in_words(record))));
    }
    let undecided = session.undecided()?;
    let is_undecided = undecided.is_some();
    if let Some(record) = undecided {
        let slug = issued_for(&record.asked).map_or_else(|| session.slug(), Ok);
        let proposed = match &slug {
            Ok(slug) => found_licenses::proposed(&mut session.database, slug.as_str(), &record.at)?,
            Err(_) => Vec::new(),
        };
        fields.push(("Lost Answer", question(&record, &proposed)));
    }
    let (database, last) = (&mut session.database, last.as_ref());
    let offered = adopt_field::of(database, service, &active, last, is_undecided)?;
    fields.extend(offered.map(|html| (adopt_field::LABEL, html)));
    if let Some(asked) = installation::question(&mut session.database)? {
        fields.push((installation::FIELD, escape_html(&asked)));
    }
    let found = reconciliation::of_service(&mut session.database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
}

/// The one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(&'static str, String)> {
    vec![("License Key", escape_html(sentence))]
}

fn keys(active: &[StoredLicense]) -> String {
    let input = |text: &str| {
        format!(
            r#"<input type="text" name="licensekey" class="form-control" size="60" value="{}" disabled>"#,
            escape_html(text)
        )
    };
    if active.is_empty() {
        return input("No License Key Found");
    }
    active
        .iter()
        .map(|license| input(license.key.expose()))
        .collect::<Vec<_>>()
        .join("<br>")
}

/// One line for each license, a line that is the same for all only once.
fn lines(active: &[StoredLicense], text: impl Fn(&StoredLicense) -> String) -> String {
    let mut lines: Vec<String> = active
        .iter()
        .map(|license| escape_html(&text(license)))
        .collect();
    lines.dedup();
    lines.join("<br>")
}

fn state(license: &StoredLicense) -> String {
    let state = license.checked_at.as_ref().map_or_else(
        || "Not checked yet; press Check at Jetpack".to_owned(),
        |at| format!("Active, checked on {at} UTC"),
    );
    match &license.site {
        Some(site) => format!("{state}; attached to {site}"),
        None => state,
    }
}

fn in_words(record: &Record) -> String {
    let id = record.request_id.as_deref().unwrap_or("none");
    let text = match record.answered.as_str() {
        "" => &record.asked,
        answered => answered,
    };
    format!(
        "{}: {}, {} UTC, request id {id}. {text}",
        record.operation, record.state, record.at
    )
}

/// What happened, and the ways to end it.
fn question(record: &Record, proposed: &[Proposal]) -> String {
    let id = record.request_id.as_deref().unwrap_or("none");
    format!(
        r#"<p>A request to {} was sent on {} UTC (request id {}), and its answer was lost.</p>{}<p>Look for a license of that minute in the Jetpack partner portal.</p><p><strong>It is there:</strong> enter its key and save. <input type="text" name="{}" class="form-control" size="60" autocomplete="off"><br><label><input type="checkbox" name="{}" value="1"> It may be older than the request by more than a day</label></p><p><strong>It is not there:</strong> press the button Not issued: try again.</p>"#,
        escape_html(&record.asked),
        escape_html(&record.at),
        escape_html(id),
        choice(proposed),
        admin_services_tab_fields_save::KEY,
        admin_services_tab_fields_save::OLD
    )
}

/// The licenses that the list shows and no service has. Somebody else who uses the token may have issued them.
fn choice(proposed: &[Proposal]) -> String {
    use std::fmt::Write;

    if proposed.is_empty() {
        return String::new();
    }
    let mut options = String::new();
    for proposal in proposed {
        // Writing to a String cannot fail.
        let _ = write!(
            options,
            r#"<option value="{}">{}, issued on {} UTC</option>"#,
            escape_html(&proposal.hash),
            escape_html(&proposal.key.hint()),
            escape_html(&proposal.issued_at)
        );
    }
    format!(
        r#"<p><strong>Found at Jetpack, and of no service here:</strong> choose it and save, if nobody else uses this API Token or it is none of theirs. <select name="{}" class="form-control"><option value="">None of them</option>{options}</select></p>"#,
        admin_services_tab_fields_save::CHOSEN
    )
}
