//! The steps that attach a license to the customer's site and detach it. One request each.

use super::session::LicenseSession;
use crate::error::Error;
use crate::jetpack::api::license::License;
use crate::jetpack::tables::licenses::{self, StoredLicense};
use crate::jetpack::{ERROR_PREFIX, OPTION_ATTACH};
use crate::journal::Answer;
use crate::journal::operation::Ended;
use crate::outcome::Outcome;
use crate::php_value::Value;
use crate::whmcs::Service;

/// After issuing, where setting 5 asks for it. The license is good without it, so that a site which is not ready
/// does not fail the order: the Activity Log says what to do.
pub fn attach_if_wanted(session: &mut LicenseSession<'_>, active: &[StoredLicense]) {
    let wanted = session.service.options.at(OPTION_ATTACH);
    let is_wanted = wanted.is_some_and(|option| Value::from(option).truthy());
    let Some(license) = active
        .first()
        .filter(|_| is_wanted && active.iter().all(|license| license.site.is_none()))
    else {
        return;
    };
    let attached = site_of(session.service).and_then(|site| attach(session, license, &site));
    if let Err(error) = attached {
        session.host.log_activity(format!(
            "{} The license itself is issued; press Attach to site when the site is ready. - {}",
            error.for_staff(ERROR_PREFIX),
            session.service.id
        ));
    }
}

pub fn attach(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    site: &str,
) -> Result<(), Error> {
    let api = session.api()?;
    let asked = format!("attach the license {} to {site}", license.key.hint());
    change(session, ("attach", &asked), license, Some(site), || {
        api.attach(&license.key, site)
    })
}

pub fn detach(session: &mut LicenseSession<'_>, license: &StoredLicense) -> Result<(), Error> {
    let api = session.api()?;
    let asked = format!("detach the license {} from its site", license.key.hint());
    change(session, ("detach", &asked), license, None, || {
        api.detach(&license.key)
    })
}

fn change(
    session: &mut LicenseSession<'_>,
    (name, asked): (&'static str, &str),
    license: &StoredLicense,
    site: Option<&str>,
    send: impl FnOnce() -> Outcome<License>,
) -> Result<(), Error> {
    let changed = match session.run(name, asked, send)? {
        Ended::Done(changed) => changed,
        Ended::Failed(error) => return Err(error),
        Ended::Unknown(lost) => {
            let error = lost.error;
            return Err(Error::Refusal(format!(
                "{error} It is safe to run it again."
            )));
        }
    };
    let answer = Answer {
        text: format!("{name}: done"),
        remote_id: changed.value().id.map(|id| id.to_string()),
        request_id: changed.request_id().map(str::to_owned),
    };
    let database = &mut session.database;
    changed.store(database, "store the site", &answer, |transaction, _| {
        licenses::site_within(transaction, license.row, site)
    })?;
    Ok(())
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
