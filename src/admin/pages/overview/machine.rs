//! The machine's part of the overview: versions, the PHPs of web and cron, and the Comet Servers as they were last seen.

use super::KEY;
use crate::admin::doctor::{self, CheckState, Line};
use crate::admin::html::{Html, element, link, table};
use crate::admin::links;
use crate::admin::page::PageRequest;
use crate::cometbackup::tables::server_facts::{self, ListedServer};
use crate::database::Database;
use crate::error::Error;
use crate::installation::heartbeats::{self, Heartbeat};
use crate::whmcs::system_facts;

/// Makes the part by three statements.
pub fn show(request: &PageRequest<'_>, database: &mut Database) -> Result<Html, Error> {
    let facts = system_facts::read(database)?;
    let seen = heartbeats::all(database)?;
    let servers = server_facts::all(database)?;
    let own = heartbeats::this_php(request.host);
    let versions = format!(
        "WHMCS {}, PHP {}, database {}.",
        facts.whmcs, own.php, facts.database
    );
    let lines = doctor::versions(request.host);
    let doctor = links::page(KEY).and("doctor", "1");
    Ok(Html::new()
        .with(element("h3").text("Versions"))
        .with(element("p").text(&versions))
        .with(doctor_lines(lines))
        .with(element("p").with(link(&doctor, "Ask the doctor").class("btn btn-default btn-sm")))
        .with(element("h3").text("PHP of the web server and of cron"))
        .with(phps(&own, &seen))
        .with(element("h3").text("Comet Servers"))
        .with(of_servers(&servers)))
}

/// The doctor's lines, what is not fine first.
pub fn doctor(mut lines: Vec<Line>) -> Html {
    lines.sort_by_key(|line| match line.state {
        CheckState::Fault => 0,
        CheckState::Note => 1,
        CheckState::Fine => 2,
    });
    doctor_lines(lines)
}

fn doctor_lines(lines: Vec<Line>) -> Html {
    let rows = lines.into_iter().map(|line| {
        let state = match line.state {
            CheckState::Fine => element("span").class("label label-success").text("✓ Fine"),
            CheckState::Note => element("span").class("label label-warning").text("! Note"),
            CheckState::Fault => element("span").class("label label-danger").text("✗ Fault"),
        };
        vec![state.into(), line.check.into(), line.text.into()]
    });
    table(&["State", "What", "Found"], rows).into()
}

/// This PHP, and those that ran a daily job.
fn phps(own: &Heartbeat, seen: &[Heartbeat]) -> Html {
    let cells = |php: &Heartbeat, when: String| -> Vec<Html> {
        vec![
            when.into(),
            php.host.as_str().into(),
            format!("{} ({})", php.php, php.sapi).into(),
            format!("{} ({})", php.version, php.build).into(),
            judged(php, own).into(),
        ]
    };
    let mut rows = vec![cells(own, "This page".to_owned())];
    rows.extend(
        seen.iter()
            .map(|php| cells(php, format!("Daily run, {} UTC", php.seen_at))),
    );
    let mut all = Html::from(table(
        &["Seen", "Machine", "PHP", "Extension", "What it means"],
        rows,
    ));
    if !seen.iter().any(|php| php.is_recent) {
        all.push(element("p").text("No daily run with this extension was seen within two days. Either the cron job of WHMCS does not run, or its PHP does not have the extension: then the Activity Log says so, and install.sh puts it right."));
    }
    all
}

fn judged(php: &Heartbeat, own: &Heartbeat) -> &'static str {
    if (&php.version, &php.build) != (&own.version, &own.build) {
        "Another extension than this page's: run install.sh upgrade, and reload PHP."
    } else if !php.is_recent {
        "Not seen for two days."
    } else {
        "Fine."
    }
}

fn of_servers(servers: &[ListedServer]) -> Html {
    if servers.is_empty() {
        return element("p").text("None.").into();
    }
    let rows = servers.iter().map(|server| {
        let name = match server.name.as_str() {
            "" => server.hostname.as_str(),
            name => name,
        };
        let (version, at) = server.version.clone().unwrap_or_else(|| {
            let never = "Not known: press Test Connection at the server.";
            (never.to_owned(), String::new())
        });
        let means = match server.holes() {
            Some(holes) => format!("The server {holes}."),
            None if server.is_disabled => "Takes no new services.".to_owned(),
            None => String::new(),
        };
        vec![
            link(&links::server(server.id), name).into(),
            server.hostname.as_str().into(),
            version.into(),
            at.into(),
            means.into(),
        ]
    });
    table(
        &["Server", "Host", "Version", "Seen (UTC)", "What it means"],
        rows,
    )
    .into()
}
