//! The spool of issued licenses that could neither be stored nor revoked: kept on disk, and stored by the next call.

use serde::{Deserialize, Serialize};

use super::shared_directory;
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::installation;
use crate::jetpack::api::license::{License, LicenseKey, Slug};
use crate::jetpack::tables::licenses::{self, LicensePlace};
use crate::jetpack::tables::licenses_site::SiteStep;
use crate::jetpack::{ERROR_PREFIX, MODULE};
use crate::journal::{Answer, operation};
use crate::service_id::ServiceId;
use crate::whmcs::{Host, ModuleCall, Service};
use crate::worker::state_dir::{Location, StateDir, Unread};

const PREFIX: &str = "license-";
/// What was no license of ours is put aside, so that it is logged once.
const UNREADABLE: &str = "unreadable-";
/// Bytes; ten times what a license takes.
const LONGEST: u64 = 16_384;

/// One license and where it belongs. The file is private: it holds the key.
#[derive(Serialize, Deserialize)]
struct Waiting {
    /// Several WHMCS can share a directory. `None` in files of versions before it was written.
    #[serde(default)]
    installation: Option<String>,
    /// User and name, for those versions.
    database: String,
    journal_id: u64,
    service_id: u32,
    addon_id: u32,
    order_id: u32,
    product_id: u32,
    slug: String,
    license_key: String,
    license_id: Option<u64>,
    issued_at: Option<String>,
    request_id: Option<String>,
    /// Whether it is to be made active on the customer's site.
    #[serde(default)]
    has_site_step: bool,
}

/// A license that Jetpack issued, and the request's row in the journal.
pub struct Issued<'a> {
    pub journal_id: u64,
    pub slug: &'a Slug,
    pub license: &'a License,
    pub request_id: Option<&'a str>,
}

/// Keeps a license. Returns the file, or why it could not be written. The module log gets the key as well:
/// for as long as the file waits the host has no other copy.
pub fn keep(
    host: &dyn Host,
    service: &Service,
    database: &Database,
    issued: &Issued<'_>,
) -> Result<String, String> {
    let license = issued.license;
    let waiting = Waiting {
        installation: installation::last_known_id(database),
        database: database.identity(),
        journal_id: issued.journal_id,
        service_id: service.id.service(),
        addon_id: service.id.addon(),
        order_id: service.order_id.unwrap_or_default(),
        product_id: service.product_id,
        slug: issued.slug.as_str().to_owned(),
        license_key: license.key.expose().to_owned(),
        license_id: license.id,
        issued_at: license.issued_at.clone(),
        request_id: issued.request_id.map(str::to_owned),
        has_site_step: SiteStep::first(&service.options).is_some(),
    };
    let text = serde_json::to_string(&waiting).map_err(|error| error.to_string())?;
    let directory = host.state_dir().open_or_make()?;
    let name = format!("{PREFIX}{}-{}", service.id.service(), issued.journal_id);
    let file = directory.path_of(&name);
    directory
        .write(&name, &text)
        .map_err(|error| format!("{file} could not be written ({error})"))?;
    host.log_call(ModuleCall {
        module: MODULE,
        action: "keep license".to_owned(),
        request: format!("{} - kept in {file}", service.id),
        response: waiting.license_key,
        secrets: Vec::new(),
    });
    Ok(file)
}

/// Stores what waits for this installation. Where nothing does, it looks into one directory.
pub fn pick_up(host: &dyn Host, database: &mut Database) {
    let location = host.state_dir();
    shared_directory::note(&location, database);
    for location in [location, Location::of_first_version()] {
        // Where there is none, the daily run reports it, not each command.
        if let Ok(directory) = location.open() {
            pick_up_from(&directory, host, database);
        }
    }
}

/// Returns the keys of the licenses that wait on this web server, for whichever installation; `None` where a file that may
/// hold one could not be read.
pub fn keys(host: &dyn Host) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for location in [host.state_dir(), Location::of_first_version()] {
        let Ok(directory) = location.open() else {
            continue;
        };
        for name in directory.names(PREFIX).ok()? {
            let kept = match directory.read(&name, LONGEST) {
                Ok(kept) => kept,
                // It is stored by now.
                Err(Unread::Missing) => continue,
                Err(_) => return None,
            };
            let waiting: Waiting = serde_json::from_str(&kept.text).ok()?;
            keys.push(waiting.license_key);
        }
    }
    Some(keys)
}

fn pick_up_from(directory: &StateDir, host: &dyn Host, database: &mut Database) {
    let names = directory.names(PREFIX).unwrap_or_else(|error| {
        host.log_activity(format!(
            "{ERROR_PREFIX} {} could not be read, where licenses may wait: {error}.",
            directory.path_of("")
        ));
        Vec::new()
    });
    for name in names {
        let problem = match directory.read(&name, LONGEST) {
            Ok(kept) if kept.is_cut => put_aside(directory, &name),
            Ok(kept) => match read(&kept.text) {
                Some((waiting, license)) => stored(database, directory, &name, &waiting, &license),
                None => put_aside(directory, &name),
            },
            // Another process has stored it in the meantime.
            Err(Unread::Missing) => None,
            Err(Unread::Foreign) => put_aside(directory, &name),
            Err(Unread::Failed(error)) => Some(format!(
                "{ERROR_PREFIX} The file {} holds a license and could not be read: {error}. The next command tries again.",
                directory.path_of(&name)
            )),
        };
        if let Some(problem) = problem {
            host.log_activity(problem);
        }
    }
}

fn stored(
    database: &mut Database,
    directory: &StateDir,
    name: &str,
    waiting: &Waiting,
    license: &License,
) -> Option<String> {
    let service_id = waiting.service_id();
    let end = match waiting.is_for(database) {
        Ok(true) => store(database, waiting, license).map_err(Error::from),
        Ok(false) => return None,
        Err(error) => Err(error),
    };
    match end {
        Ok(()) => {
            // Where it stays, the next call finds it stored.
            drop(directory.remove(name));
            Some(format!(
                "{ERROR_PREFIX} The license {} that was issued while the database was away is stored now. - {service_id}",
                license.key.hint()
            ))
        }
        Err(error) => Some(format!(
            "{ERROR_PREFIX} The license {} waits in {} and could not be stored: {error} The next command tries again. - {service_id}",
            license.key.hint(),
            directory.path_of(name)
        )),
    }
}

/// The journal row makes two processes wait for each other, the key says which one was first.
fn store(database: &mut Database, waiting: &Waiting, license: &License) -> Result<(), SqlError> {
    let answer = Answer {
        text: format!("issued the license {}, stored later", license.key.hint()),
        remote_id: license.id.map(|id| id.to_string()),
        request_id: waiting.request_id.clone(),
    };
    let place = LicensePlace {
        service_id: waiting.service_id(),
        order: Some(waiting.order_id),
        product_id: waiting.product_id,
        step: waiting.has_site_step.then_some(SiteStep::Open),
    };
    let row = (waiting.journal_id, &answer);
    operation::store_later(database, "store the license", row, |transaction| {
        if !licenses::holds_within(transaction, &license.key)? {
            licenses::insert_within(transaction, &place, &waiting.slug, license)?;
        }
        Ok(())
    })
}

fn read(text: &str) -> Option<(Waiting, License)> {
    let waiting: Waiting = serde_json::from_str(text).ok()?;
    let license = License {
        id: waiting.license_id,
        key: LicenseKey::new(&waiting.license_key)?,
        issued_at: waiting.issued_at.clone(),
        revoked_at: None,
    };
    Some((waiting, license))
}

/// `None` where another process has stored it and taken it away in the meantime.
fn put_aside(directory: &StateDir, name: &str) -> Option<String> {
    let aside = format!("{UNREADABLE}{name}");
    directory.rename(name, &aside).ok()?;
    Some(format!(
        "{ERROR_PREFIX} The file {} should hold a license and cannot be read. Look into it: a key in it is billed.",
        directory.path_of(&aside)
    ))
}

impl Waiting {
    /// Whether it is this installation's; never for a copy.
    fn is_for(&self, database: &mut Database) -> Result<bool, Error> {
        let own = match installation::own(database) {
            Err(Error::Refusal(_)) => return Ok(false),
            own => own?,
        };
        Ok(match (&self.installation, own.id) {
            (Some(recorded), Some(id)) => *recorded == id,
            _ => self.database == database.identity(),
        })
    }

    const fn service_id(&self) -> ServiceId {
        ServiceId::from_columns(self.service_id, self.addon_id)
    }
}
