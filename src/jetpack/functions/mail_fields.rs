//! `jetpack_MailFieldNames` and `jetpack_MailFields`, for the hooks of mails: merge fields of a service's licenses. No request.

use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::site_address::{SITE_URL, SiteAddress};
use crate::jetpack::tables::licenses_mail::{self, MailedLicense};
use crate::php_value::Value;
use crate::service_id::ServiceId;
use crate::whmcs::{Host, Service, custom_fields, mail, open_database};

/// Name and description, for WHMCS's list beside the editor.
const FIELDS: [mail::MailField; 4] = [
    (
        "jetpack_license_key",
        "Jetpack license key; of several, with a comma between them",
    ),
    (
        "jetpack_license_state",
        "Jetpack license state: active, revoked or none",
    ),
    (
        "jetpack_site",
        "Address of the site that the Jetpack license is for",
    ),
    (
        "jetpack_activation_address",
        "Address where the customer enters the Jetpack license key in his WordPress",
    ),
];

/// Where Jetpack takes a license key, below the site's address.
const ACTIVATION: &str = "/wp-admin/admin.php?page=my-jetpack#/add-license";

pub fn names(given: &Value) -> Value {
    mail::field_names(&FIELDS, given)
}

/// Returns the values for the mail that WHMCS is about to send; none where it is not about a license. One statement for a mail
/// about no product, two for one about another product, three or fewer for these.
pub fn run(host: &dyn Host, given: &Value) -> Result<Value, Error> {
    let mut database = open_database(host)?;
    let Some(about) = mail::about(&mut database, MODULE, given)? else {
        return Ok(Value::Array(Vec::new()));
    };
    let all = licenses_mail::of_service(&mut database, about.service)?;
    if !about.is_of_module && all.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    let licenses = of_whom(&all, about.is_of_module);
    let active: Vec<&MailedLicense> = licenses
        .iter()
        .copied()
        .filter(|one| one.is_active)
        .collect();
    let attached = active.iter().find(|license| !license.site.is_empty());
    let site = if let Some(license) = attached {
        Some(license.site.clone())
    } else {
        let id = ServiceId::Service(about.service);
        let service = Service {
            custom_fields: custom_fields::values(&mut database, id, &[SITE_URL])?,
            domain: about.domain,
            ..Service::of(id)
        };
        SiteAddress::of(&service).ok().map(|site| site.url)
    };
    let keys: Vec<&str> = active.iter().map(|license| license.key.expose()).collect();
    let activation = site.as_deref().map(|site| format!("{site}{ACTIVATION}"));
    let values = [
        keys.join(", "),
        state(&licenses).to_owned(),
        site.clone().unwrap_or_default(),
        activation.unwrap_or_default(),
    ];
    Ok(mail::field_values(&FIELDS, values))
}

/// The service's own where it is sold with this module, else those of its product addons.
fn of_whom(all: &[MailedLicense], is_of_module: bool) -> Vec<&MailedLicense> {
    all.iter()
        .filter(|license| license.is_of_addon != is_of_module)
        .collect()
}

/// A word for `{if}` in the template, so it is the same in every language.
fn state(licenses: &[&MailedLicense]) -> &'static str {
    if licenses.iter().any(|license| license.is_active) {
        "active"
    } else if licenses.is_empty() {
        "none"
    } else {
        "revoked"
    }
}
