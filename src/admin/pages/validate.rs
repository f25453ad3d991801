//! *Validate*: whether what is sold can be delivered. Jetpack and the servers are asked when staff press the button; nothing is
//! changed.

use crate::admin::form::hidden;
use crate::admin::html::{Element, Html, Tone, element, link, message, table};
use crate::admin::links::{self, Link};
use crate::admin::page::{AddonPage, Content, PageRequest};
use crate::admin::validate::{self, Problem, ProblemSubject, Report, Severity};
use crate::cometbackup;
use crate::error::Error;
use crate::jetpack;
use crate::whmcs::catalog::{self, Sold};
use crate::whmcs::open_database;
use crate::whmcs::services::ProductRef;

pub const PAGE: AddonPage = AddonPage {
    key: KEY,
    title: "Validate",
    show,
};

const KEY: &str = "validate";
const RUN: &str = "run";
const PRODUCT: &str = "product";
const ADDON: &str = "addon";

fn show(request: &PageRequest<'_>) -> Result<Content, Error> {
    let only = match (request.query_id(PRODUCT), request.query_id(ADDON)) {
        (Some(id), _) => Some(ProductRef::Product(id)),
        (None, Some(id)) => Some(ProductRef::Addon(id)),
        (None, None) => None,
    };
    let content = if request.query(RUN) == "1" {
        result(&validate::run(request.host, only)?)
    } else {
        Html::new()
    };
    let mut database = open_database(request.host)?;
    let mut sold = catalog::sold(&mut database, jetpack::MODULE)?;
    sold.extend(catalog::sold(&mut database, cometbackup::MODULE)?);
    Ok(Html::new()
        .with(element("h2").text("Validate"))
        .with(element("p").text(
            "Compares each product and product addon of both modules with what Jetpack, the Comet servers and WHMCS say. It asks, and changes nothing.",
        ))
        .with(button())
        .with(content)
        .with(listed(&sold))
        .into())
}

/// By GET, because nothing is changed.
fn button() -> Element {
    element("form")
        .class("provisioning-form")
        .attribute("method", "get")
        .attribute("action", "addonmodules.php")
        .with(hidden("module", links::MODULE))
        .with(hidden("page", KEY))
        .with(hidden(RUN, "1"))
        .with(
            element("button")
                .attribute("type", "submit")
                .class("btn btn-primary")
                .text("Validate everything"),
        )
}

fn result(report: &Report) -> Html {
    let counted = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        more => format!("{more} {many}"),
    };
    let said = format!(
        "Compared: {}. Asked: {}, {}.",
        counted(
            report.compared,
            "product or product addon",
            "products and product addons"
        ),
        counted(report.tokens, "Jetpack token", "Jetpack tokens"),
        counted(report.servers, "Comet server", "Comet servers"),
    );
    let begin = Html::new().with(element("p").text(&said));
    if report.problems.is_empty() {
        return begin.with(message(Tone::Good, "Everything that was compared fits."));
    }
    let headings = ["", "What", "What is wrong", "What to do"];
    begin.with(table(&headings, report.problems.iter().map(row)))
}

fn row(problem: &Problem) -> Vec<Html> {
    let (class, word) = match problem.severity {
        Severity::Fault => ("label label-danger", "Wrong"),
        Severity::Note => ("label label-warning", "Look at it"),
        Severity::Unchecked => ("label label-default", "Not compared"),
    };
    let about = match &problem.about {
        ProblemSubject::Sold(definition, name) => {
            link(&to(*definition), &of(*definition, name)).into()
        }
        ProblemSubject::Server(id, name) => {
            link(&links::server(*id), &format!("Server {name}")).into()
        }
        ProblemSubject::Token(fingerprint) => Html::from(format!("API token {fingerprint}")),
    };
    vec![
        element("span").class(class).text(word).into(),
        about,
        Html::from(problem.what.as_str()),
        Html::from(problem.advice.as_str()),
    ]
}

fn to(definition: ProductRef) -> Link {
    match definition {
        ProductRef::Product(id) => links::product(id),
        ProductRef::Addon(id) => links::product_addon(id),
    }
}

fn of(definition: ProductRef, name: &str) -> String {
    match definition {
        ProductRef::Product(id) => format!("{name} (product {id})"),
        ProductRef::Addon(id) => format!("{name} (product addon {id})"),
    }
}

/// Each with a link that validates only it.
fn listed(sold: &[Sold]) -> Html {
    let row = |sold: &Sold| {
        let here = links::page(KEY).and(RUN, "1");
        let only = match sold.definition {
            ProductRef::Product(id) => here.and(PRODUCT, &id.to_string()),
            ProductRef::Addon(id) => here.and(ADDON, &id.to_string()),
        };
        vec![
            link(&to(sold.definition), &of(sold.definition, &sold.name)).into(),
            Html::from(if sold.is_hidden { "Hidden" } else { "" }),
            link(&only, "Validate only this").into(),
        ]
    };
    if sold.is_empty() {
        return element("p").text("No product uses the modules yet.").into();
    }
    Html::new()
        .with(element("h3").text("Products"))
        .with(table(&["Product", "", ""], sold.iter().map(row)))
}
