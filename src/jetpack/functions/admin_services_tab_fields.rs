//! `jetpack_AdminServicesTabFields`: what staff see on the service page. No request.

use super::{admin_services_tab_fields_save, adopt_field, compared, site_field, waiting};
use crate::error::Error;
use crate::installation;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::lost_issue::issued_for;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::tables::found_licenses::{self, Proposal};
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::journal::{self, Record};
use crate::reconciliation;
use crate::service_page::{self, OPERATIONS, SHOWN_OPERATIONS};
use crate::text::escape_html;
use crate::whmcs::{Host, Service};

const STATE: &str = "State at Jetpack";

/// Returns label and HTML of each field, all values escaped.
pub fn run(host: &dyn Host, service: &Service) -> Result<Vec<(&'static str, String)>, Error> {
    let mut session = LicenseSession::open(host, service)?;
    let active = session.active()?;
    let undecided = session.undecided()?;
    let revoked = if active.is_empty() {
        licenses::last_revoked(&mut session.database, service)?
    } else {
        None
    };
    let asked = installation::question(&mut session.database)?;
    let database = &mut session.database;
    let operations = journal::last_operations(database, MODULE, service.id, SHOWN_OPERATIONS)?;
    let adoption = adopt_field::of(
        database,
        service,
        &active,
        operations.first(),
        undecided.is_some(),
    )?;
    let waits = waiting::Waits {
        lost_answer: undecided.as_ref(),
        is_copy_asked: asked.is_some(),
        offers_adoption: adoption.is_some(),
    };
    let mut fields = vec![("License Key", keys(&active))];
    let waiting = service_page::decisions(&waiting::of(service, &active, &waits));
    fields.extend(waiting.map(|html| (service_page::DECISIONS, html)));
    fields.extend(compared::field(service, &active, revoked.as_ref()));
    if let Some(last) = &revoked {
        fields.push((STATE, escape_html(&format!("Revoked on {} UTC", last.at))));
    }
    if !active.is_empty() {
        fields.extend(of_licenses(service, &active));
    }
    fields.extend(service_page::operations(&operations).map(|html| (OPERATIONS, html)));
    if let Some(record) = &undecided {
        let slug = issued_for(&record.asked).map_or_else(|| session.slug(), Ok);
        let proposed = match &slug {
            Ok(slug) => found_licenses::proposed(&mut session.database, slug.as_str(), &record.at)?,
            Err(_) => Vec::new(),
        };
        fields.push((waiting::LOST_ANSWER, question(record, &proposed)));
    }
    fields.extend(adoption.map(|html| (adopt_field::LABEL, html)));
    fields.extend(asked.map(|asked| (installation::FIELD, escape_html(&asked))));
    let found = reconciliation::of_service(&mut session.database, MODULE, service.id)?;
    fields.extend(reconciliation::field(&found));
    Ok(fields)
}

/// What is recorded of the active licenses.
fn of_licenses(
    service: &Service,
    active: &[StoredLicense],
) -> impl Iterator<Item = (&'static str, String)> {
    let product = |license: &StoredLicense| {
        license
            .slug
            .clone()
            .unwrap_or_else(|| "not recorded".into())
    };
    let issued = |license: &StoredLicense| format!("{} UTC", license.issued_at);
    let fields = [
        ("Jetpack Product", lines(active, product)),
        ("Issued", lines(active, issued)),
        (STATE, lines(active, state)),
    ];
    fields.into_iter().chain(site_field::of(service, active))
}

/// Returns the one field there is when the rest cannot be read.
pub fn failure(sentence: &str) -> Vec<(&'static str, String)> {
    vec![("License Key", escape_html(sentence))]
}

fn keys(active: &[StoredLicense]) -> String {
    let input = |text: &str| {
        format!(
            r#"<input type="text" name="licensekey" aria-label="License key" class="form-control" style="max-width:100%" size="60" value="{}" disabled>"#,
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

/// What happened, and the ways to end it.
fn question(record: &Record, proposed: &[Proposal]) -> String {
    let id = record.request_id.as_deref().unwrap_or("none");
    format!(
        r#"<p>A request to {} was sent on {} UTC (request id {}), and its answer was lost.</p>{}<p>Look for a license of that minute in the Jetpack partner portal.</p><p><strong>It is there:</strong> enter its key and save. <input type="text" name="{}" aria-label="Key of the license that was issued" class="form-control" style="max-width:100%" size="60" autocomplete="off"><br><label><input type="checkbox" name="{}" value="1"> It may be older than the request by more than a day</label></p><p><strong>It is not there:</strong> press the button Not issued: try again.</p>"#,
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
        r#"<p><strong>Found at Jetpack, and of no service here:</strong> choose it and save, if nobody else uses this API Token or it is none of theirs. <select name="{}" aria-label="License of this service" class="form-control" style="max-width:100%"><option value="">None of them</option>{options}</select></p>"#,
        admin_services_tab_fields_save::CHOSEN
    )
}
