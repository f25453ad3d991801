//! The steps that attach a license to the customer's site and detach it. One request each.

use super::errors;
use super::session::{Licensing, answer_of};
use crate::error::Error;
use crate::jetpack::api::license::License;
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::jetpack::{ERROR_PREFIX, OPTION_ATTACH};
use crate::journal::{self, Answer, End};
use crate::outcome::Outcome;
use crate::php_value::Value;
use crate::whmcs::Service;

/// After issuing, where setting 5 asks for it. The license is good without it, so that a site which is not ready
/// does not fail the order: the Activity Log says what to do. Answers the licenses that live then.
pub fn attach_if_wanted(
    licensing: &mut Licensing<'_>,
    living: Vec<StoredLicense>,
) -> Result<Vec<StoredLicense>, Error> {
    let wanted = licensing.service.options.at(OPTION_ATTACH);
    if !wanted.is_some_and(|option| Value::from(option).truthy()) {
        return Ok(living);
    }
    let Some(license) = living
        .first()
        .filter(|_| living.iter().all(|l| l.site.is_none()))
    else {
        return Ok(living);
    };
    let attached = site_of(licensing.service).and_then(|site| attach(licensing, license, &site));
    if let Err(error) = attached {
        licensing.host.log_activity(format!(
            "{} The license itself is issued; press Attach to site when the site is ready. - {}",
            error.for_staff(ERROR_PREFIX),
            licensing.service.id
        ));
    }
    licensing.living()
}

pub fn attach(
    licensing: &mut Licensing<'_>,
    license: &StoredLicense,
    site: &str,
) -> Result<(), Error> {
    let api = licensing.api()?;
    let asked = format!("attach the license {} to {site}", license.key.hint());
    carry_out(licensing, "attach", &asked, license, Some(site), || {
        api.attach(&license.key, site)
    })
}

pub fn detach(licensing: &mut Licensing<'_>, license: &StoredLicense) -> Result<(), Error> {
    let api = licensing.api()?;
    let asked = format!("detach the license {} from its site", license.key.hint());
    carry_out(licensing, "detach", &asked, license, None, || {
        api.detach(&license.key)
    })
}

fn carry_out(
    licensing: &mut Licensing<'_>,
    operation: &'static str,
    asked: &str,
    license: &StoredLicense,
    site: Option<&str>,
    request: impl FnOnce() -> Outcome<License>,
) -> Result<(), Error> {
    let intent = licensing.intent(operation, asked);
    let entry = licensing.begin(&intent)?;
    licensing.sent(&entry)?;
    match request() {
        Outcome::Done(answered) => {
            let answer = Answer {
                text: format!("{operation}: done"),
                remote_id: answered.value.id.map(|id| id.to_string()),
                request_id: answered.request_id,
            };
            let stored = licensing.database.retrying(|database| {
                database.transaction("store the site", |transaction| {
                    licenses::site_within(transaction, license.row, site)?;
                    journal::settle_within(transaction, &intent)?;
                    journal::done_within(transaction, &entry, &answer)?;
                    Ok(())
                })
            });
            Ok(stored?)
        }
        Outcome::NotDone(error) => {
            licensing.end(&entry, End::Failed, &answer_of(&error))?;
            Err(error)
        }
        Outcome::NotKnown(error) => {
            licensing.end(&entry, End::Unknown, &answer_of(&error))?;
            Err(Error::Refusal(format!(
                "{error} It is safe to run it again."
            )))
        }
    }
}

pub fn first(licensing: &mut Licensing<'_>) -> Result<StoredLicense, Error> {
    licensing
        .living()?
        .into_iter()
        .next()
        .ok_or(errors::no_license())
}

/// The service's domain as the absolute URL that the API takes.
pub fn site_of(service: &Service) -> Result<String, Error> {
    let domain = service.domain.trim().trim_end_matches('.');
    let url = url::Url::parse(&format!("https://{domain}")).ok();
    let host = url.as_ref().and_then(|url| url.domain());
    match host {
        Some(host) if host.contains('.') && host.eq_ignore_ascii_case(domain) => Ok(format!("https://{host}")),
        // A name with letters beyond ASCII is sent in the form that DNS has.
        Some(host) if !domain.is_ascii() && !domain.contains(['/', '?', '#', '@', ':']) => Ok(format!("https://{host}")),
        _ => Err(Error::Refusal(
            "The service has no domain that a site could be at. Enter the domain on the service page and press Attach to site.".into(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_id::ServiceId;

    fn site(domain: &str) -> Result<String, Error> {
        site_of(&Service {
            domain: domain.into(),
            ..Service::of(ServiceId::Service(1))
        })
    }

    #[test]
    fn only_a_domain_name_becomes_a_site() {
        assert_eq!(site("Example.com. ").unwrap(), "https://example.com");
        assert_eq!(
            site("bücher.example").unwrap(),
            "https://xn--bcher-kva.example"
        );
        for wrong in [
            "",
            "localhost",
            "127.0.0.1",
            "a.b/c",
            "u@a.b",
            "a.b:1",
            "<b>.x",
            "a b.c",
        ] {
            assert!(site(wrong).is_err(), "{wrong}");
        }
    }
}
