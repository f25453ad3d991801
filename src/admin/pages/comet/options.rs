//! *Create options and fields* on the page *Comet*: what staff choose, what would be created, and the button that creates it.

use super::KEY;
use crate::admin::comet::options::{self, CreationPlan, OPTIONS, OptionChoice, USUAL};
use crate::admin::form::{filters, form, hidden, select, submit};
use crate::admin::html::{Element, Html, Tone, element, message};
use crate::admin::page::{Action, PageRequest};
use crate::cometbackup::MODULE;
use crate::database::Database;
use crate::error::Error;
use crate::whmcs::catalog::fields::FilledBy;
use crate::whmcs::catalog::options::NewOption;
use crate::whmcs::catalog::{self, Sold};
use crate::whmcs::services::ProductRef;

pub const CREATE: Action = Action {
    key: "comet_create_options",
    page: KEY,
    label: "Create these",
    question: None,
    run: create,
};

/// Boxes of the form begin with it; behind it stands the key of the option.
const CHOSEN: &str = "option_";
const PRODUCT: &str = "product";
const OPTIONS_FIELD: &str = "options";
const FIELDS: &str = "fields";
const BY_CUSTOMER: &str = "customer";
const BY_STAFF: &str = "staff";

const FILLED_BY: [(&str, &str); 3] = [
    ("", "No custom fields"),
    (
        BY_CUSTOMER,
        "Customers enter user name and password when they order",
    ),
    (BY_STAFF, "Only staff see user name and password"),
];

/// Makes the section by one statement, and four more where something was chosen.
pub fn section(request: &PageRequest<'_>, database: &mut Database) -> Result<Html, Error> {
    let sold = catalog::sold(database, MODULE)?;
    let products: Vec<(String, String)> = sold.iter().filter_map(named).collect();
    let begin = Html::new().with(element("h3").text("Create options and fields"));
    if products.is_empty() {
        return Ok(begin.with(element("p").text("No product uses the module yet.")));
    }
    let product = request.query_id(PRODUCT);
    let begin = begin.with(choice_form(request, &products, product.is_some()));
    let Some(product) = product else {
        return Ok(begin);
    };
    let chosen = OptionChoice {
        product,
        options: chosen_keys(|key| request.query(&format!("{CHOSEN}{key}")) == "1"),
        fields: filled_by(&request.query(FIELDS)),
    };
    Ok(match options::plan(database, &chosen) {
        Err(error) => begin.with(message(Tone::Warning, &error.for_staff(""))),
        Ok(plan) => begin.with(planned(request, &chosen, &plan)),
    })
}

fn named(sold: &Sold) -> Option<(String, String)> {
    match sold.definition {
        ProductRef::Product(id) => Some((id.to_string(), format!("{} ({id})", sold.name))),
        ProductRef::Addon(_) => None,
    }
}

fn chosen_keys(is_chosen: impl Fn(&str) -> bool) -> Vec<String> {
    let keys = OPTIONS.iter().map(NewOption::key);
    keys.filter(|key| is_chosen(key))
        .map(str::to_owned)
        .collect()
}

fn filled_by(chosen: &str) -> Option<FilledBy> {
    match chosen {
        BY_CUSTOMER => Some(FilledBy::Customer),
        BY_STAFF => Some(FilledBy::Staff),
        _ => None,
    }
}

fn choice_form(request: &PageRequest<'_>, products: &[(String, String)], is_sent: bool) -> Html {
    let boxes = OPTIONS.iter().map(|option| {
        let name = format!("{CHOSEN}{}", option.key());
        let is_ticked = if is_sent {
            request.query(&name) == "1"
        } else {
            USUAL.contains(&option.key())
        };
        tick(&name, option.name, is_ticked)
    });
    let fields = FILLED_BY.map(|(value, text)| (value.to_owned(), text.to_owned()));
    let content = Html::new()
        .with(select(
            PRODUCT,
            "Product",
            products,
            &request.query(PRODUCT),
        ))
        .with(
            element("fieldset")
                .with(element("legend").text("Configurable options"))
                .all(boxes),
        )
        .with(select(
            FIELDS,
            "Custom fields",
            &fields,
            &request.query(FIELDS),
        ));
    Html::new()
        .with(element("p").class("help-block").text(
            "Show says first what would be created. Options are of the type quantity and cost nothing until you enter prices.",
        ))
        .with(filters(KEY, content))
}

fn tick(name: &str, label: &str, is_ticked: bool) -> Element {
    element("label")
        .class("provisioning-field")
        .with(
            element("input")
                .attribute("type", "checkbox")
                .attribute("name", name)
                .attribute("value", "1")
                .flag("checked", is_ticked),
        )
        .text(" ")
        .text(label)
}

fn planned(request: &PageRequest<'_>, chosen: &OptionChoice, plan: &CreationPlan) -> Html {
    let list = |what: &str, names: &[String]| {
        (!names.is_empty()).then(|| element("p").text(&format!("{what}: {}.", names.join(", "))))
    };
    let owned =
        |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
    let shown = Html::new()
        .with(element("h4").text(&format!("For the product {}", plan.product_name)))
        .with(list(
            "Configurable options that would be created",
            &owned(&plan.options),
        ))
        .with(list(
            "Custom fields that would be created",
            &owned(&plan.fields),
        ))
        .with(list("There already, and left as they are", &plan.present));
    if plan.is_empty() {
        return shown.with(element("p").text("Nothing is missing."));
    }
    let by = match chosen.fields {
        None => "",
        Some(FilledBy::Customer) => BY_CUSTOMER,
        Some(FilledBy::Staff) => BY_STAFF,
    };
    let fields = Html::new()
        .with(hidden(PRODUCT, &chosen.product.to_string()))
        .with(hidden(OPTIONS_FIELD, &chosen.options.join(",")))
        .with(hidden(FIELDS, by));
    shown.with(form(request, &CREATE, fields).with(submit(&CREATE)))
}

fn create(request: &PageRequest<'_>) -> Result<String, Error> {
    let sent = request.field(OPTIONS_FIELD);
    let keys = sent.split(',').filter(|key| !key.is_empty());
    let choice = OptionChoice {
        product: request.id(PRODUCT)?,
        options: keys.map(str::to_owned).collect(),
        fields: filled_by(&request.field(FIELDS)),
    };
    options::create(request.host, &choice)
}
