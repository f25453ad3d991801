//! The steps at the customer's site: connect it to Jetpack, attach a license to it, and detach the license. One request each.

use super::session::LicenseSession;
use super::site_address::SiteAddress;
use crate::error::Error;
use crate::jetpack::api::license::License;
use crate::jetpack::api::site::{Connection, LocalUser, Site};
use crate::jetpack::tables::licenses::StoredLicense;
use crate::jetpack::tables::licenses_site;
use crate::journal::Answer;
use crate::journal::operation::{Done, Ended};
use crate::outcome::Outcome;

/// Connects the site, and records that of the license it is connected for.
pub fn connect(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    site: &SiteAddress,
    administrator: &LocalUser,
) -> Result<Connection, Error> {
    let api = session.api()?;
    let asked = format!("connect the site {}", site.url);
    let connected = request(session, ("connect", &asked), || {
        api.connect(&site.url, administrator)
    })?;
    let Site {
        connection,
        blog_id,
    } = *connected.value();
    let is_cut = connection == Connection::Cut;
    let text = match connection {
        Connection::New => "connected",
        Connection::Already => "it was connected already",
        Connection::Cut => "not connected: its owner has cut the connection",
    };
    let answer = Answer {
        text: format!("connect: {text}"),
        remote_id: blog_id.map(|id| id.to_string()),
        request_id: connected.request_id().map(str::to_owned),
    };
    let database = &mut session.database;
    connected.store(database, "store the site", &answer, |transaction, _| {
        licenses_site::connected_within(transaction, license.row, blog_id, is_cut)
    })?;
    Ok(connection)
}

/// Attaches the license to the site.
pub fn attach(
    session: &mut LicenseSession<'_>,
    license: &StoredLicense,
    site: &SiteAddress,
) -> Result<(), Error> {
    let api = session.api()?;
    let site = &site.url;
    let asked = format!("attach the license {} to {site}", license.key.hint());
    let attached = request(session, ("attach", &asked), || {
        api.attach(&license.key, site)
    })?;
    let answer = done("attach", &attached);
    let database = &mut session.database;
    attached.store(database, "store the site", &answer, |transaction, _| {
        licenses_site::attached_within(transaction, license.row, site)
    })?;
    Ok(())
}

/// Detaches the license from whatever site it is attached to.
pub fn detach(session: &mut LicenseSession<'_>, license: &StoredLicense) -> Result<(), Error> {
    let api = session.api()?;
    let asked = format!("detach the license {} from its site", license.key.hint());
    let detached = request(session, ("detach", &asked), || api.detach(&license.key))?;
    let answer = done("detach", &detached);
    let database = &mut session.database;
    detached.store(database, "store the site", &answer, |transaction, _| {
        licenses_site::detached_within(transaction, license.row)
    })?;
    Ok(())
}

/// Each of them is safe to repeat, so that an answer that was lost is no question for a person.
fn request<T>(
    session: &mut LicenseSession<'_>,
    (name, asked): (&'static str, &str),
    send: impl FnOnce() -> Outcome<T>,
) -> Result<Done<T>, Error> {
    match session.run(name, asked, send)? {
        Ended::Done(done) => Ok(done),
        Ended::Failed(error) => Err(error),
        Ended::Unknown(lost) => Err(Error::Refusal(format!(
            "{} It is safe to run it again.",
            lost.error
        ))),
    }
}

fn done(name: &str, changed: &Done<License>) -> Answer {
    Answer {
        text: format!("{name}: done"),
        remote_id: changed.value().id.map(|id| id.to_string()),
        request_id: changed.request_id().map(str::to_owned),
    }
}
