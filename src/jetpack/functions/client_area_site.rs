//! The part of the customer's page about his site, with the form of the button "Attach to my site".

use super::client_area_allowed_functions::ATTACH_TO_MY_SITE;
use crate::jetpack::licensing::activation;
use crate::jetpack::licensing::site_address::SiteAddress;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::php_value::Value;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Service, product_page};

/// Returns the template's variable: null where the license is attached, and where attaching is left to the customer.
pub fn of(
    service: &Service,
    shown: &[StoredLicense],
    token: Option<String>,
    texts: &Texts,
) -> Value {
    let Some(license) = activation::unattached(service, shown) else {
        return Value::Null;
    };
    let record = &license.at_site;
    let address = SiteAddress::of(service).ok().map(|site| site.url);
    let form = token.filter(|_| address.is_some()).map(|token| {
        Value::Array(vec![
            (
                "action".to_owned(),
                product_page::relative(service.id).into(),
            ),
            ("function".to_owned(), ATTACH_TO_MY_SITE.into()),
            ("token".to_owned(), token.into()),
        ])
    });
    let step = record.step.map_or("", |step| step.stored());
    let sentence = match (&address, step) {
        (None, _) => texts.text("site.unknown").to_owned(),
        (Some(site), "open") => texts.fill("site.open", &[("site", site)]),
        (Some(site), "cut") => texts.fill("site.cut", &[("site", site)]),
        (Some(site), _) => texts.fill("site.ready", &[("site", site)]),
    };
    let tried = record.tried_at.as_ref();
    let tried = tried.map(|time| texts.fill("site.tried", &[("time", time)]));
    let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
    Value::Array(vec![
        ("address".to_owned(), text(address)),
        ("step".to_owned(), step.into()),
        ("triedAt".to_owned(), text(record.tried_at.clone())),
        ("connectedAt".to_owned(), text(record.connected_at.clone())),
        ("sentence".to_owned(), sentence.into()),
        ("tried".to_owned(), text(tried)),
        ("form".to_owned(), form.unwrap_or(Value::Null)),
    ])
}
