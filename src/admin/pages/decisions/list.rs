//! The list: operations without a known end, and what the daily runs found, each page by page and with its choices.

use super::KEY;
use super::choices;
use crate::admin::command::{SERVER, SERVICE};
use crate::admin::form::{button, filters, select};
use crate::admin::html::{Element, Html, Tone, element, link, message, table};
use crate::admin::links::{self, Link};
use crate::admin::page::{Action, PageRequest};
use crate::database::Database;
use crate::error::Error;
use crate::journal::listing::{self as journal, ListedOperation};
use crate::reconciliation::listing::{self as findings, ListedFinding};
use crate::service_id::ServiceId;
use crate::whmcs::ListedService;
use crate::{cometbackup, jetpack};

/// Rows of each part of a page.
const PAGE: usize = 50;

/// What the address asks for.
struct Wanted {
    module: String,
    kind: String,
    /// Ids to go on below.
    operations: u64,
    findings: u64,
}

/// Makes the lists by three statements, whatever there is.
pub fn show(
    request: &PageRequest<'_>,
    database: &mut Database,
    is_asked: bool,
) -> Result<Html, Error> {
    let wanted = Wanted::read(request);
    let operations = if wanted.kind.is_empty() {
        journal::unknown_listed(database, &wanted.module, wanted.operations, PAGE + 1)?
    } else {
        Vec::new()
    };
    let of = (wanted.module.as_str(), wanted.kind.as_str());
    let found = findings::page(database, of, wanted.findings, PAGE + 1)?;
    let counts = findings::counts(database)?;
    let mut page = Html::new().with(wanted.filters(&counts));
    if operations.is_empty() && found.is_empty() {
        let nothing = "Nothing waits for a person.";
        return Ok(if is_asked {
            page
        } else {
            page.with(message(Tone::Good, nothing))
        });
    }
    if !operations.is_empty() {
        page.push(element("h3").text("Answers that were lost"));
        page.push(element("p").text(
            "A request left, and what came of it is not known. It is never repeated blindly.",
        ));
        let next = next(&operations, |one| one.id);
        let rows = operations.iter().take(PAGE);
        page.push(table(&HEADINGS, rows.map(|one| of_operation(request, one))));
        page.push(next.map(|id| older(&wanted.link("operations", id))));
    }
    if !found.is_empty() {
        page.push(element("h3").text("Found by the daily runs"));
        let next = next(&found, |one| one.id);
        let rows = found.iter().take(PAGE);
        page.push(table(&HEADINGS, rows.map(|one| of_finding(request, one))));
        page.push(next.map(|id| older(&wanted.link("findings", id))));
    }
    Ok(page)
}

const HEADINGS: [&str; 4] = ["Since (UTC)", "Service", "What", "Choices"];

impl Wanted {
    fn read(request: &PageRequest<'_>) -> Self {
        let id = |name| {
            request
                .query(name)
                .parse()
                .unwrap_or(i64::MAX.unsigned_abs())
        };
        let module = request.query("of");
        let modules = [jetpack::MODULE, cometbackup::MODULE];
        Self {
            module: modules
                .into_iter()
                .find(|known| *known == module)
                .unwrap_or_default()
                .to_owned(),
            kind: request.query("kind"),
            operations: id("operations"),
            findings: id("findings"),
        }
    }

    /// The same list, further down.
    fn link(&self, part: &'static str, below: u64) -> Link {
        links::page(KEY)
            .and("of", &self.module)
            .and("kind", &self.kind)
            .and(part, &below.to_string())
    }

    fn filters(&self, counts: &[findings::KindCount]) -> Element {
        let modules = [
            ("", "Both modules"),
            (jetpack::MODULE, "Jetpack"),
            (cometbackup::MODULE, "Comet Backup"),
        ];
        let modules: Vec<(String, String)> = modules
            .iter()
            .map(|(value, text)| ((*value).to_owned(), (*text).to_owned()))
            .collect();
        let mut kinds = vec![(String::new(), "Everything".to_owned())];
        for one in counts {
            let kind = (one.kind.clone(), one.kind.clone());
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        filters(
            KEY,
            Html::new()
                .with(select("of", "Module", &modules, &self.module))
                .with(select("kind", "Kind", &kinds, &self.kind)),
        )
    }
}

/// The id to go on below, where there is more than a page.
fn next<T>(rows: &[T], id: impl Fn(&T) -> u64) -> Option<u64> {
    rows.get(PAGE)?;
    rows.get(PAGE - 1).map(id)
}

fn older(to: &Link) -> Element {
    element("p").with(link(to, "Older ones").class("btn btn-default btn-sm"))
}

fn of_operation(request: &PageRequest<'_>, one: &ListedOperation) -> Vec<Html> {
    let id = one.request_id.as_deref().unwrap_or("none");
    let what = element("div")
        .text(&format!("{}: {}. ", one.operation, one.asked))
        .text(&one.answered)
        .with(
            element("div")
                .class("provisioning-small")
                .text(&format!("Request id: {id}")),
        );
    let actions = choices::of_operation(&one.module, &one.operation);
    let is_license = (one.module.as_str(), one.operation.as_str()) == (jetpack::MODULE, "issue");
    let what = what.with(is_license.then(|| {
        element("div").text("If the Jetpack partner portal has a license of that minute, enter its key on the page of the service.")
    }));
    vec![
        one.at.as_str().into(),
        service(one.service.as_ref()),
        what.into(),
        buttons(request, actions, one.service.as_ref(), None),
    ]
}

fn of_finding(request: &PageRequest<'_>, one: &ListedFinding) -> Vec<Html> {
    let actions = choices::of_finding(&one.module, &one.kind);
    vec![
        one.since.as_str().into(),
        match (&one.service, one.server_id) {
            (None, Some(server)) => {
                link(&links::server(server), &format!("Server {server}")).into()
            }
            (listed, _) => service(listed.as_ref()),
        },
        one.text.as_str().into(),
        buttons(request, actions, one.service.as_ref(), one.server_id),
    ]
}

/// The service with a link to its page, and whose it is.
fn service(listed: Option<&ListedService>) -> Html {
    let Some(listed) = listed else {
        return "None".into();
    };
    let name = match listed.service_id {
        ServiceId::Service(id) => format!("Service {id}"),
        ServiceId::Addon { id, .. } => format!("Addon {id}"),
    };
    if listed.client_id == 0 {
        return format!("{name}, no longer in WHMCS").into();
    }
    let whose = match listed.client.as_str() {
        "" => format!("Client {}", listed.client_id),
        client => client.to_owned(),
    };
    Html::new()
        .with(link(
            &links::service(listed.client_id, listed.service_id),
            &name,
        ))
        .with(element("br"))
        .with(link(&links::client(listed.client_id), &whose))
        .with(
            element("div")
                .class("provisioning-small")
                .text(&listed.domain),
        )
}

/// WHMCS's API runs commands on services only: those of a product addon are on its own page.
fn buttons(
    request: &PageRequest<'_>,
    actions: &[&'static Action],
    listed: Option<&ListedService>,
    server_id: Option<u32>,
) -> Html {
    let all = |fields: &[(&str, String)]| -> Html {
        let forms = actions.iter();
        forms
            .map(|action| Html::from(button(request, action, fields)).with(" "))
            .collect()
    };
    match (listed, server_id) {
        (Some(listed), _) => match listed.service_id {
            ServiceId::Service(id) if listed.client_id > 0 => all(&[(SERVICE, id.to_string())]),
            ServiceId::Addon { .. } if listed.client_id > 0 => {
                let labels: Vec<&str> = actions.iter().map(|action| action.label).collect();
                let page = links::service(listed.client_id, listed.service_id);
                link(
                    &page,
                    &format!("On the addon's page: {}", labels.join(", ")),
                )
                .into()
            }
            _ => Html::new(),
        },
        (None, Some(server)) if actions.iter().any(|one| one.key == "comet_confirm_server") => {
            all(&[(SERVER, server.to_string())])
        }
        _ => Html::new(),
    }
}
