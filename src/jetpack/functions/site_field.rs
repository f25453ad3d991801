//! The field "Site" of the service page: what was done at the customer's site, and what is still to be done there. From the
//! license table; no request, no statement.

use crate::jetpack::Activation;
use crate::jetpack::licensing::activation;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::jetpack::tables::licenses_site::{SiteRecord, SiteStep};
use crate::text::escape_html;
use crate::whmcs::Service;

const LABEL: &str = "Site";

/// Returns label and HTML; nothing where there is nothing to say.
pub fn of(service: &Service, active: &[StoredLicense]) -> Option<(&'static str, String)> {
    let mut lines: Vec<String> = active.iter().filter_map(done).collect();
    if let Some(license) = activation::unattached(service, active) {
        lines.extend(to_do(service, &license.at_site));
    }
    let escaped: Vec<String> = lines.iter().map(|line| escape_html(line)).collect();
    (!escaped.is_empty()).then(|| (LABEL, escaped.join("<br>")))
}

fn done(license: &StoredLicense) -> Option<String> {
    let SiteRecord {
        blog_id,
        connected_at,
        attached_at,
        ..
    } = &license.at_site;
    let mut parts = Vec::new();
    if let Some(at) = connected_at {
        parts.push(format!("connected to Jetpack on {at} UTC"));
    }
    if let Some(id) = blog_id {
        parts.push(format!("blog id {id}"));
    }
    if let Some(at) = attached_at {
        parts.push(format!("license attached on {at} UTC"));
    }
    if parts.is_empty() {
        return None;
    }
    let site = license.site.as_deref().unwrap_or("The site");
    Some(format!("{site}: {}", parts.join(", ")))
}

fn to_do(service: &Service, record: &SiteRecord) -> Option<String> {
    let step = record.step?;
    let site = match SiteAddress::of(service) {
        Ok(site) => site.url,
        Err(error) => return Some(error.to_string()),
    };
    let tried = record.tried_at.as_ref().map_or_else(
        || "Not tried yet".to_owned(),
        |at| format!("Last tried on {at} UTC"),
    );
    let again = "It is tried again by Renew, Check at Jetpack and the daily cron";
    let connects = Activation::of(&service.options) == Activation::ConnectAndAttach;
    Some(match step {
        SiteStep::Cut => format!(
            "{site}: its owner has cut the connection to Jetpack, and Jetpack does not make it again. {tried}. Ask the client to connect it in his WordPress, then press Attach to site."
        ),
        SiteStep::Staff if connects => format!(
            "{site} is not at the domain of another active hosting service of this client, so it is not connected by itself. {tried}. If it is the client's site, press Connect site; if he connects it himself, press Attach to site."
        ),
        SiteStep::Staff | SiteStep::Open if connects => {
            format!("{site}: still to be connected and attached. {tried}. {again}.")
        }
        SiteStep::Staff | SiteStep::Open => {
            format!("{site}: still to be attached. {tried}. {again}.")
        }
    })
}
