//! The API tokens on the page *Jetpack*: how many places hold which, and replacing one everywhere.

use super::KEY;
use crate::admin::form::{form, select, submit};
use crate::admin::html::{Element, Html, Tone, element, message, table};
use crate::admin::jetpack::tokens::{self, HeldToken};
use crate::admin::page::{Action, Request};
use crate::error::Error;
use crate::whmcs::open_database;

pub const ROTATE: Action = Action {
    key: "jetpack_rotate_token",
    page: KEY,
    label: "Rotate the token",
    // The form itself asks: what a question keeps would show the token.
    question: None,
    run: rotate,
};

const OLD: &str = "old_token";
const NEW: &str = "new_token";
const UNTRIED: &str = "untried";

/// One statement.
pub fn section(request: &Request<'_>) -> Html {
    let heading = Html::new().with(element("h3").text("API tokens"));
    let held = open_database(request.host).and_then(|mut database| tokens::held(&mut database));
    match held {
        Err(error) => heading.with(message(Tone::Bad, &error.for_staff(""))),
        Ok(held) if held.is_empty() => heading
            .with(element("p").text("No product, product addon or addon module holds a token.")),
        Ok(held) => heading.with(listed(&held)).with(rotation(request, &held)),
    }
}

fn listed(held: &[HeldToken]) -> Element {
    let row = |one: &HeldToken| {
        let more = one.places().saturating_sub(one.names.len());
        let names = one.names.join(", ");
        let names = match more {
            0 => names,
            more => format!("{names} and {more} more"),
        };
        vec![
            Html::from(one.fingerprint.as_str()),
            Html::from(one.products.to_string()),
            Html::from(one.addons.to_string()),
            Html::from(one.modules.to_string()),
            Html::from(names),
        ]
    };
    let headings = [
        "Token (fingerprint)",
        "Products",
        "Product addons",
        "Addon modules",
        "Where",
    ];
    table(&headings, held.iter().map(row))
}

fn rotation(request: &Request<'_>, held: &[HeldToken]) -> Element {
    let choices: Vec<(String, String)> = held
        .iter()
        .map(|one| {
            let text = format!("{} ({} places)", one.fingerprint, one.places());
            (one.fingerprint.clone(), text)
        })
        .collect();
    let new = element("label")
        .class("provisioning-field")
        .text("New token")
        .with(
            element("input")
                .attribute("type", "password")
                .class("form-control input-sm")
                .attribute("name", NEW)
                .attribute("autocomplete", "new-password")
                .flag("required", true),
        );
    let untried = element("label")
        .class("provisioning-field")
        .with(
            element("input")
                .attribute("type", "checkbox")
                .attribute("name", UNTRIED)
                .attribute("value", "1"),
        )
        .text(" Do not try it at Jetpack before");
    let fields = Html::new()
        .with(select(OLD, "Replace", &choices, ""))
        .with(new)
        .with(untried);
    form(request, &ROTATE, fields)
        .with(submit(&ROTATE))
        .with(element("p").class("help-block").text(
            "The new token is tried at Jetpack, and then written to all these places at once or to none.",
        ))
}

fn rotate(request: &Request<'_>) -> Result<String, Error> {
    let is_tried = request.field(UNTRIED) != "1";
    tokens::rotate(
        request.host,
        &request.field(OLD),
        &request.field(NEW),
        is_tried,
    )
}
