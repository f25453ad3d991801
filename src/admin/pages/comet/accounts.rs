//! Accounts against services on the page *Comet*: recorded accounts, services and product addons without one, and accounts
//! whose service is gone.

use super::{KEY, here};
use crate::admin::form::{filters, input, select};
use crate::admin::html::{Html, element, link, table};
use crate::admin::links;
use crate::admin::page::PageRequest;
use crate::cometbackup::tables::accounts_browsing::{
    self, AccountFilter, BrowsedAccount, WithoutAccount,
};
use crate::database::Database;
use crate::error::Error;
use crate::service_id::ServiceId;

/// Rows of a page.
const PAGE: usize = 50;

const VIEWS: [(&str, &str); 4] = [
    ("", "Recorded accounts"),
    (GONE, "Accounts whose service is not in WHMCS"),
    (SERVICES, "Services without an account"),
    (ADDONS, "Product addons without an account"),
];
const GONE: &str = "gone";
const SERVICES: &str = "services";
const ADDONS: &str = "addons";

/// What the next page keeps of the address.
const KEPT: [&str; 3] = ["view", "name", "server"];

/// Makes the section by one statement.
pub fn section(request: &PageRequest<'_>, database: &mut Database) -> Result<Html, Error> {
    let view = request.query("view");
    let begin = Html::new()
        .with(element("h3").text("Accounts against services"))
        .with(form(request));
    let after = request.query("after");
    let (rows, headings, last) = match view.as_str() {
        SERVICES | ADDONS => {
            let after = after.parse().unwrap_or_default();
            let found = if view == SERVICES {
                accounts_browsing::services_without(database, after, PAGE + 1)?
            } else {
                accounts_browsing::addons_without(database, after, PAGE + 1)?
            };
            let last = found.get(PAGE - 1).filter(|_| found.len() > PAGE);
            let last = last.map(|one| u64::from(one.service_id.number()));
            let rows: Vec<Vec<Html>> = found.iter().take(PAGE).map(without_account).collect();
            (
                rows,
                &["Service", "Product", "Domain", "Server", "Status"][..],
                last,
            )
        }
        _ => {
            let filter = AccountFilter {
                server: request.query_id("server"),
                name: request.query("name").trim().to_owned(),
                without_service: view == GONE,
            };
            let after = after.parse().unwrap_or_default();
            let found = accounts_browsing::recorded(database, &filter, after, PAGE + 1)?;
            let last = found.get(PAGE - 1).filter(|_| found.len() > PAGE);
            let last = last.map(|one| one.row);
            let rows = found.iter().take(PAGE).map(recorded).collect();
            let headings = &[
                "Account",
                "Server",
                "Service",
                "Status",
                "Last good backup (UTC)",
            ][..];
            (rows, headings, last)
        }
    };
    if rows.is_empty() {
        return Ok(begin.with(element("p").text("There are none.")));
    }
    let next = last.map(|row| {
        let mut to = here();
        for name in KEPT {
            let value = request.query(name);
            if !value.is_empty() {
                to = to.and(name, &value);
            }
        }
        let to = to.and("after", &row.to_string());
        element("p").with(link(&to, "Next").class("btn btn-default btn-sm"))
    });
    Ok(begin.with(table(headings, rows)).with(next))
}

fn form(request: &PageRequest<'_>) -> Html {
    let views = VIEWS.map(|(value, text)| (value.to_owned(), text.to_owned()));
    let fields = Html::new()
        .with(select("view", "Show", &views, &request.query("view")))
        .with(input(
            "name",
            "User name begins with",
            &request.query("name"),
        ))
        .with(input(
            "server",
            "Number of the server",
            &request.query("server"),
        ));
    filters(KEY, fields).into()
}

fn recorded(account: &BrowsedAccount) -> Vec<Html> {
    let mut state = match account.status {
        None => "Its service is not in WHMCS".to_owned(),
        Some(status) => status.word(),
    };
    if account.is_planned {
        state.push_str("; not known to be created");
    }
    if account.is_to_be_deleted {
        state.push_str("; the daily run deletes it");
    }
    let service = match account.status {
        None => Html::from(account.service_id.to_string()),
        Some(_) => service(account.client_id, account.service_id),
    };
    vec![
        Html::from(account.username.as_str()),
        server(account.server_id),
        service,
        Html::from(state),
        Html::from(account.good_backup_at.clone().unwrap_or_default()),
    ]
}

fn without_account(one: &WithoutAccount) -> Vec<Html> {
    vec![
        service(one.client_id, one.service_id),
        product(one),
        Html::from(one.domain.as_str()),
        server(one.server_id),
        Html::from(one.status.word()),
    ]
}

fn service(client: u32, id: ServiceId) -> Html {
    link(&links::service(client, id), &id.to_string()).into()
}

fn product(one: &WithoutAccount) -> Html {
    let to = match one.service_id {
        ServiceId::Service(_) => links::product(one.sold_as),
        ServiceId::Addon { .. } => links::product_addon(one.sold_as),
    };
    link(&to, &one.sold_as.to_string()).into()
}

fn server(id: u32) -> Html {
    match id {
        0 => Html::from("None"),
        id => link(&links::server(id), &id.to_string()).into(),
    }
}
