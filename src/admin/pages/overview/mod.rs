//! *Overview*: what waits for a person, what was found, and what runs here. From what is stored; no request.

mod machine;

use crate::admin::doctor::{self, Reach};
use crate::admin::figures::OverviewFigures;
use crate::admin::html::{Element, Html, Tone, element, link, message, table};
use crate::admin::links;
use crate::admin::page::{AddonPage, Content, PageRequest};
use crate::database::Database;
use crate::error::Error;
use crate::reconciliation::{self, LastRun, listing};
use crate::whmcs::open_database;
use crate::{cometbackup, installation, jetpack};

pub const PAGE: AddonPage = AddonPage {
    key: KEY,
    title: "Overview",
    show,
};

const KEY: &str = "overview";
const DECISIONS: &str = "decisions";

/// Findings that are shown here; the others are among the decisions.
const NEWEST: usize = 10;

/// Modules with the names that staff know.
const MODULES: [(&str, &str); 2] = [
    (jetpack::MODULE, "Jetpack"),
    (cometbackup::MODULE, "Comet Backup"),
];

fn show(request: &PageRequest<'_>) -> Result<Content, Error> {
    let page = Html::new().with(element("h2").text(PAGE.title));
    if !request.query("doctor").is_empty() {
        // It opens the database by itself.
        let lines = doctor::lines(request.host, Reach::Here);
        return Ok(page
            .with(element("h3").text("The doctor"))
            .with(machine::doctor(lines))
            .with(element("p").with(link(&links::page(KEY), "Back")))
            .into());
    }
    let mut database = open_database(request.host)?;
    let question = installation::question(&mut database)?;
    let page = page
        .with(question.map(|question| message(Tone::Warning, &question)))
        .with(waiting(&mut database)?)
        .with(newest(&mut database)?)
        .with(runs(&mut database)?)
        .with(machine::show(request, &mut database)?);
    Ok(page.into())
}

fn waiting(database: &mut Database) -> Result<Html, Error> {
    let figures = OverviewFigures::read(database)?;
    let decisions = links::page(DECISIONS);
    let mut rows = Vec::new();
    for (module, name) in MODULES {
        let of_module = decisions.clone().and("of", module);
        let mut row = |what: Element, count: u64| {
            rows.push(vec![
                name.into(),
                Html::from(what),
                count.to_string().as_str().into(),
            ]);
        };
        row(
            link(&of_module, "Waits for a decision"),
            figures.decisions(Some(module)),
        );
        row(
            link(
                &links::module_queue(),
                "Operations that failed within a day",
            ),
            figures.failed(Some(module)),
        );
        if module == jetpack::MODULE {
            row(
                link(
                    &of_module,
                    "Licenses that are paid for and not wanted, or of no service",
                ),
                figures.licenses_not_wanted(),
            );
        } else {
            row(
                element("span").text("Accounts without a good backup since a failure"),
                figures.failing_backups,
            );
        }
    }
    Ok(Html::new()
        .with(element("h3").text("What waits for a person"))
        .with(table(&["Module", "What", "How many"], rows)))
}

fn newest(database: &mut Database) -> Result<Html, Error> {
    let found = listing::page(database, ("", ""), i64::MAX.unsigned_abs(), NEWEST)?;
    let heading = Html::new().with(element("h3").text("Newest findings"));
    if found.is_empty() {
        return Ok(heading.with(element("p").text("None.")));
    }
    let rows = found.into_iter().map(|one| {
        let service: Html = one.service.map_or_else(Html::new, |listed| {
            let text = listed.service_id.to_string();
            if listed.client_id == 0 {
                return format!("{text}, no longer in WHMCS").into();
            }
            link(&links::service(listed.client_id, listed.service_id), &text).into()
        });
        vec![one.since.into(), service, one.text.into()]
    });
    Ok(heading
        .with(table(&["Since (UTC)", "Service", "What"], rows))
        .with(element("p").with(link(
            &links::page(DECISIONS),
            "All of them, with their choices",
        ))))
}

fn runs(database: &mut Database) -> Result<Html, Error> {
    let runs = reconciliation::last_runs(database)?;
    let rows = MODULES.map(|(module, name)| {
        let run = runs.iter().find(|run| run.module == module);
        vec![name.into(), run_in_words(run).as_str().into()]
    });
    Ok(Html::new()
        .with(element("h3").text("Last daily runs"))
        .with(table(&["Module", "How it ended"], rows)))
}

fn run_in_words(run: Option<&LastRun>) -> String {
    let Some((run, at)) = run.and_then(|run| Some((run, run.ended_at.as_deref()?))) else {
        return "Has not run yet: it runs with the daily cron job of WHMCS.".to_owned();
    };
    let found = match run.found {
        None => "it broke off, and its reason is in the Activity Log".to_owned(),
        Some(0) => "nothing was found".to_owned(),
        Some(1) => "one thing was found".to_owned(),
        Some(many) => format!("{many} things were found"),
    };
    let late = if run.is_recent {
        ""
    } else {
        " That is more than two days ago: look whether the daily cron job of WHMCS runs, and whether its PHP has the extension."
    };
    format!("Ended at {at} UTC; {found}.{late}")
}
