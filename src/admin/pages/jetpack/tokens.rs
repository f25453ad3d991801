//! The API tokens on the page *Jetpack*: how many places hold which, and replacing one everywhere.

use super::KEY;
use crate::admin::form::{button, form, select, submit};
use crate::admin::html::{Element, Html, Tone, element, message, table};
use crate::admin::jetpack::hidden_tokens::{self, Places, UNREADABLE_ADVICE};
use crate::admin::jetpack::tokens::{self, HeldToken};
use crate::admin::page::{Action, ActionQuestion, PageRequest};
use crate::error::Error;

pub const ROTATE: Action = Action {
    key: "jetpack_rotate_token",
    page: KEY,
    label: "Rotate the token",
    // The form itself asks: what a question keeps would show the token.
    question: None,
    run: rotate,
};

pub const HIDE: Action = Action {
    key: "jetpack_hide_tokens",
    page: KEY,
    label: "Hide tokens",
    question: Some(ActionQuestion::Counted(before_hiding)),
    run: |request| hidden_tokens::hide(request.host),
};

pub const WRITE_BACK: Action = Action {
    key: "jetpack_write_tokens_back",
    page: KEY,
    label: "Write tokens back in plain text",
    question: Some(ActionQuestion::Counted(before_writing_back)),
    run: |request| hidden_tokens::write_back(request.host),
};

const OLD: &str = "old_token";
const NEW: &str = "new_token";
const UNTRIED: &str = "untried";

/// Makes the section by one statement.
pub fn section(request: &PageRequest<'_>) -> Html {
    let heading = Html::new().with(element("h3").text("API tokens"));
    let places = match Places::read(request.host) {
        Err(error) => return heading.with(message(Tone::Bad, &error.for_staff(""))),
        Ok(places) => places,
    };
    let held = tokens::held(&places);
    if held.is_empty() {
        return heading
            .with(element("p").text("No product, product addon or addon module holds a token."));
    }
    heading
        .with(listed(&held))
        .with(rotation(request, &held))
        .with(hiding(request, &places))
}

/// How many are hidden, and the buttons for what there is to do.
fn hiding(request: &PageRequest<'_>, places: &Places) -> Html {
    let about = element("p")
        .class("help-block")
        .text("A hidden token is stored encrypted with the key of this WHMCS, and works as one in plain text. The PHP module and the companion addon read tokens in plain text only: write them back before one of those is used again. A token that is typed anew is in plain text until it is hidden as well.");
    let sentence = format!("{}.", places.sentence());
    let shown = if places.unreadable.is_empty() {
        element("p").text(&sentence)
    } else {
        message(Tone::Bad, &format!("{sentence} {UNREADABLE_ADVICE}"))
    };
    let has_hidden = !places.hidden.is_empty() || !places.unreadable.is_empty();
    let mut all = Html::new()
        .with(element("h4").text("Hidden tokens"))
        .with(shown);
    if !places.in_clear.is_empty() {
        all = all.with(button(request, &HIDE, &[]));
    }
    if has_hidden {
        all = all.with(button(request, &WRITE_BACK, &[]));
    }
    all.with(about)
}

fn before_hiding(request: &PageRequest<'_>) -> Result<String, Error> {
    Ok(format!(
        "Now: {}. Those in plain text are encrypted with the key of this WHMCS and checked before they are written, all at once or none. The PHP module and the companion addon cannot read them then. Keep the cc_encryption_hash of configuration.php with your backups: without it, hidden tokens have to be entered again.",
        Places::read(request.host)?.sentence()
    ))
}

fn before_writing_back(request: &PageRequest<'_>) -> Result<String, Error> {
    Ok(format!(
        "Now: {}. Those that are hidden are written back as they were, readable for everybody who reads the database or a backup of it, all at once or none.",
        Places::read(request.host)?.sentence()
    ))
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
            Html::from(match one.places() - one.hidden {
                0 => "hidden".to_owned(),
                clear if clear == one.places() => "in plain text".to_owned(),
                clear => format!("{clear} in plain text, {} hidden", one.hidden),
            }),
        ]
    };
    let headings = [
        "Token (fingerprint)",
        "Products",
        "Product addons",
        "Addon modules",
        "Where",
        "Stored",
    ];
    table(&headings, held.iter().map(row))
}

fn rotation(request: &PageRequest<'_>, held: &[HeldToken]) -> Element {
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

fn rotate(request: &PageRequest<'_>) -> Result<String, Error> {
    let is_tried = request.field(UNTRIED) != "1";
    tokens::rotate(
        request.host,
        &request.field(OLD),
        &request.field(NEW),
        is_tried,
    )
}
