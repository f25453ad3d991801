//! The sections of the page *Jetpack* that ask Jetpack: the products it lists, which can be created in WHMCS, and the costs
//! of the month.

use super::{KEY, back};
use crate::admin::form::{form, select, submit};
use crate::admin::html::{Element, Html, Tone, element, message, table};
use crate::admin::jetpack::costs::{self, CostLine, CostSource, TokenCosts, amount};
use crate::admin::jetpack::products::{self, Offered, ProductKind};
use crate::admin::page::{Action, PageRequest};
use crate::error::Error;

pub const MAKE: Action = Action {
    key: "jetpack_make_products",
    page: KEY,
    label: "Create hidden products",
    question: None,
    run: make,
};

/// Fields of the boxes that were ticked begin with it; their values are slugs.
const CHOSEN: &str = "make_";
const KIND: &str = "kind";
const ADDON: &str = "addon";

/// Shows what Jetpack lists, by one request.
pub fn offered(request: &PageRequest<'_>) -> Result<Html, Error> {
    let offered = products::offered(request.host)?;
    let rows = offered
        .iter()
        .enumerate()
        .map(|(place, one)| row(place, one));
    let listed = table(
        &["", "Product", "Slug", "Price at Jetpack", "In WHMCS"],
        rows,
    );
    let kinds = [("product", "Products"), (ADDON, "Product addons")]
        .map(|(value, text)| (value.to_owned(), text.to_owned()));
    let fields = Html::new()
        .with(listed)
        .with(select(KIND, "Make", &kinds, ""));
    Ok(back()
        .with(element("h3").text("Products that Jetpack lists"))
        .with(form(request, &MAKE, fields).with(submit(&MAKE)))
        .with(element("p").class("help-block").text(
            "They are created hidden, in the group Jetpack, with a price row for each currency and no price yet. What is there already is not created twice.",
        )))
}

fn row(place: usize, one: &Offered) -> Vec<Html> {
    let name = format!("{CHOSEN}{place}");
    let id = format!("provisioning-{name}");
    let present = match (one.is_product, one.is_addon) {
        (true, true) => "Product and product addon",
        (true, false) => "Product",
        (false, true) => "Product addon",
        (false, false) => "",
    };
    vec![
        element("input")
            .attribute("type", "checkbox")
            .attribute("id", &id)
            .attribute("name", &name)
            .attribute("value", &one.slug)
            .into(),
        element("label")
            .attribute("for", &id)
            .text(&one.name)
            .into(),
        Html::from(one.slug.as_str()),
        Html::from(one.price.as_str()),
        Html::from(present),
    ]
}

fn make(request: &PageRequest<'_>) -> Result<String, Error> {
    let fields = request.fields().into_iter();
    let slugs: Vec<String> = fields
        .filter(|(name, _)| name.starts_with(CHOSEN))
        .map(|(_, slug)| slug)
        .collect();
    let kind = if request.field(KIND) == ADDON {
        ProductKind::Addon
    } else {
        ProductKind::Product
    };
    products::make(request.host, kind, &slugs)
}

/// Shows the costs: one request for a token, two where Jetpack does not tell what its licenses cost.
pub fn costs(request: &PageRequest<'_>) -> Result<Html, Error> {
    let all = costs::of_all(request.host)?;
    let begin = back().with(element("h3").text("Costs of the month"));
    if all.is_empty() {
        return Ok(begin.with(
            element("p").text("No product holds an API token, so there is nothing to ask for."),
        ));
    }
    Ok(begin.with(all.iter().map(of_token).collect::<Html>()))
}

fn of_token(costs: &TokenCosts) -> Html {
    let heading = element("h4").text(&format!("Token {}", costs.fingerprint));
    let begin = Html::new().with(heading);
    match &costs.costs {
        Err(sentence) => begin.with(message(Tone::Bad, sentence)),
        Ok((source, lines, total)) => begin
            .with(element("p").text(&said(source)))
            .with(lines_table(lines, *total)),
    }
}

fn said(source: &CostSource) -> String {
    match source {
        CostSource::Jetpack(date) if !date.is_empty() => {
            format!("Figures of {date}. {}", costs::remark(source))
        }
        _ => costs::remark(source).to_owned(),
    }
}

fn lines_table(lines: &[CostLine], total: Option<f64>) -> Element {
    let money = |sum: Option<f64>| sum.map_or_else(|| "Not known".to_owned(), amount);
    let mut rows: Vec<Vec<Html>> = lines
        .iter()
        .map(|line| {
            vec![
                Html::from(line.name.as_str()),
                Html::from(line.slug.as_str()),
                Html::from(line.licenses.to_string()),
                Html::from(line.each.as_str()),
                Html::from(money(line.total)),
            ]
        })
        .collect();
    let licenses: u64 = lines.iter().map(|line| line.licenses).sum();
    rows.push(vec![
        element("strong").text("All").into(),
        Html::new(),
        Html::from(licenses.to_string()),
        Html::new(),
        element("strong").text(&money(total)).into(),
    ]);
    table(
        &["Product", "Slug", "Active licenses", "Each", "A month"],
        rows,
    )
}
