//! The servers on the page *Comet*: version and known holes as they were last read, accounts, and the last daily run.

use std::fmt::Write;

use crate::admin::html::{Element, Html, element, link, table};
use crate::admin::links;
use crate::cometbackup::MODULE;
use crate::cometbackup::comet::version::Version;
use crate::cometbackup::tables::accounts_browsing::{self, Counts, ServerFacts};
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation;
use crate::whmcs::servers::{self, NamedServer};

/// Makes the section by five statements.
pub fn section(database: &mut Database) -> Result<Html, Error> {
    let servers = servers::named(database)?;
    let facts = accounts_browsing::facts(database)?;
    let counts = accounts_browsing::counts(database)?;
    let runs = reconciliation::last_runs(database)?;
    let findings = reconciliation::of_servers(database, MODULE)?;
    let heading = Html::new().with(element("h3").text("Servers"));
    if servers.is_empty() {
        let none = "WHMCS has no server of this module. Add one under System Settings, Servers.";
        return Ok(heading.with(element("p").text(none)));
    }
    let rows = servers.iter().map(|server| {
        let counts = counts.get(&server.id).copied().unwrap_or_default();
        row(
            server,
            &facts.get(&server.id).cloned().unwrap_or_default(),
            counts,
        )
    });
    let headings = [
        "Server",
        "Version",
        "Known holes",
        "Accounts",
        "Last read (UTC)",
    ];
    let last = runs.iter().find(|run| run.module == MODULE);
    let last = last.and_then(|run| Some((run.ended_at.as_deref()?, run.found)));
    Ok(heading
        .with(table(&headings, rows))
        .with(element("p").text(&last_run(last)))
        .with(found(&findings)))
}

fn row(server: &NamedServer, facts: &ServerFacts, counts: Counts) -> Vec<Html> {
    let name = if server.name.is_empty() {
        &server.host
    } else {
        &server.name
    };
    let mut about = element("span")
        .with(link(&links::server(server.id), name))
        .text(&format!(" {}", server.host));
    if !facts.product_name.is_empty() {
        about = about.text(&format!(" ({})", facts.product_name));
    }
    if server.is_disabled {
        about = about.text(", disabled");
    }
    let version = facts.version.as_deref();
    let holes = match version {
        None => "Not known".to_owned(),
        Some(version) => match Version::read(version).holes() {
            Some(holes) => format!("It {holes}."),
            None => "None".to_owned(),
        },
    };
    vec![
        about.into(),
        Html::from(version.unwrap_or("Not read yet")),
        Html::from(holes),
        Html::from(accounts(counts)),
        Html::from(facts.version_at.clone().unwrap_or_default()),
    ]
}

/// Writing to a String cannot fail.
fn accounts(counts: Counts) -> String {
    let mut text = counts.created.to_string();
    if counts.planned > 0 {
        let _ = write!(text, ", and {} not known to be created", counts.planned);
    }
    if counts.to_delete > 0 {
        let _ = write!(
            text,
            ", {} of them wait for their deletion",
            counts.to_delete
        );
    }
    text
}

fn last_run(last: Option<(&str, Option<u64>)>) -> String {
    match last {
        None => "The daily comparison of the servers with WHMCS has not run yet.".to_owned(),
        Some((at, found)) => format!(
            "The daily comparison of the servers with WHMCS last ended at {at} UTC{}.",
            match found {
                None => String::new(),
                Some(1) => ", and found one thing that staff should look at".to_owned(),
                Some(found) => format!(", and found {found} things that staff should look at"),
            }
        ),
    }
}

/// What the daily comparison found of servers, and not of a service.
fn found(findings: &[reconciliation::Shown]) -> Option<Element> {
    let entry = |finding: &reconciliation::Shown| {
        element("li").text(&format!("{} (since {} UTC)", finding.text, finding.since))
    };
    (!findings.is_empty()).then(|| element("ul").all(findings.iter().map(entry)))
}
