//! `jetpack_Reconcile`: compares WHMCS, the license table and Jetpack. Daily over everything, by a button for one service.
//!
//! Where the API Token has a list of its licenses, they are compared page by page. Otherwise, and for what the list does not
//! settle, they are checked at Jetpack one by one, the longest unchecked first, within a budget. Nothing is issued or revoked
//! here: what is revoked at Jetpack is recorded, the rest is reported.

mod ask_jetpack;
mod budget;
mod by_list;
mod by_site;
mod compare;
mod legacy_rows;
mod lost_issues;
mod open_sites;
mod repair;

use by_list::ListResult;
use by_site::BySite;

use crate::database::Database;
use crate::error::Error;
use crate::installation;
use crate::jetpack::licensing::session::LicenseSession;
use crate::jetpack::licensing::{shared_directory, spool};
use crate::jetpack::tables::licenses_listing::Surveyed;
use crate::jetpack::tables::{found_licenses, licenses, licenses_retention};
use crate::jetpack::{MODULE, OPTION_TOKEN};
use crate::journal::listing;
use crate::reconciliation::{self, Finding, Run, Scope, Task};
use crate::whmcs::services::{self, Settings};
use crate::whmcs::{Host, Options, Service, open_database, stored_token};

const TASK: Task = Task {
    module: MODULE,
    label: "Jetpack",
    scope: Scope::Everything,
};

/// Compares everything, and returns the summary. One request for each page of a list, and at most 500 others.
pub fn all(host: &dyn Host) -> Result<String, Error> {
    let mut database = open_database(host)?;
    installation::may_run_unattended(host, &mut database)?;
    // A license that could not be stored is on disk: it is no missing one.
    spool::pick_up(host, &mut database);
    reconciliation::reconcile_all(host, &mut database, TASK, |run, database| {
        let settings = prepared(host, database)?;
        remark_unreadable(run, &settings);
        licenses_retention::forget_revoked(database, host.keep_journal_days())?;
        listing::close_all_abandoned(database, MODULE)?;
        let given = legacy_rows::claim(run, database)?;
        for remark in shared_directory::remarks(&host.state_dir(), database)? {
            run.remark(remark);
        }
        found_licenses::forget_old(database)?;
        let open = lost_issues::settle(host, run, database)?;
        let listed = by_list::compare(host, run, database, &settings)?;
        let asked = ask_jetpack::ask(host, run, database, &settings, &listed)?;
        let mut by_site = BySite::read(database)?;
        let looked_at = compare::compare(run, database, (&settings, open), &mut by_site)?;
        by_site.write_down(database)?;
        let claims = match given {
            0 => String::new(),
            given => format!(", {given} of the PHP module given to their services"),
        };
        let compared = match listed.pages {
            0 => String::new(),
            pages => format!(
                ", {} compared with its list in {pages} requests",
                listed.licenses
            ),
        };
        Ok(format!(
            "{} services and product addons and {} licenses ({asked} asked about at Jetpack{compared}{claims})",
            looked_at.sold, looked_at.licenses
        ))
    })
}

/// Compares one service. One request for each of its licenses.
///
/// # Errors
/// The findings, as sentences.
pub fn one(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut session = LicenseSession::open(host, service)?;
    let mut database = open_database(host)?;
    let found =
        reconciliation::reconcile_one(host, &mut database, TASK, service.id, |run, database| {
            let settings = prepared(host, database)?;
            // Gives it what the PHP module issued for it.
            session.active()?;
            let open = lost_issues::settle(host, run, database)?;
            ask_jetpack::ask(host, run, database, &settings, &ListResult::default())?;
            compare::compare(run, database, (&settings, open), &mut BySite::default())?;
            Ok(service.id.to_string())
        });
    let active = found.and_then(|()| session.active());
    session.finish(active)
}

/// The settings of all products, once the tables are as this version has them.
fn prepared(host: &dyn Host, database: &mut Database) -> Result<Settings, Error> {
    licenses::prepare(database)?;
    services::settings(host, database, MODULE)
}

/// Says so where a product's token is hidden and cannot be decrypted: nothing is asked with it.
fn remark_unreadable(run: &mut Run, settings: &Settings) {
    let token = |options: &Options| {
        options
            .at(OPTION_TOKEN)
            .is_some_and(stored_token::is_hidden)
    };
    if settings.values().any(token) {
        run.remark(stored_token::UNREADABLE.to_owned());
    }
}

/// What was found of a license.
fn about(row: &Surveyed, kind: &'static str, text: String) -> Finding {
    Finding {
        service_id: row.service_id,
        kind,
        subject: row.subject(),
        text,
        server_id: None,
    }
}

/// Ids that a scope's services, or product addons, can have: after the first, up to the second.
fn range(run: &Run, part: services::ServiceKind) -> Option<(u32, u32)> {
    match run.scope() {
        Scope::Everything => Some((0, u32::MAX)),
        Scope::Of(service_id) => {
            let is_addon = service_id.addon() > 0;
            let meant = is_addon == (part == services::ServiceKind::Addons);
            meant.then(|| (service_id.number().saturating_sub(1), service_id.number()))
        }
    }
}
