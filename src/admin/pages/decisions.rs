//! *Decisions*: everything in both modules that waits for a person. From what is stored; no request.

use crate::admin::form::button;
use crate::admin::html::{Html, Tone, element, message};
use crate::admin::page::{Action, Content, Page, Request};
use crate::error::Error;
use crate::installation;
use crate::whmcs::open_database;

pub const PAGE: Page = Page {
    key: "decisions",
    title: "Decisions",
    show,
};

pub const MOVED: Action = Action {
    key: "installation_moved",
    page: PAGE.key,
    label: installation::BUTTONS[0].0,
    question: Some(
        "This WHMCS goes on here: it issues, changes and ends licenses and accounts. Its former place has to be confirmed before it changes anything again.",
    ),
    run: |request| {
        installation::moved(request.host)?;
        Ok("This WHMCS goes on here.".to_owned())
    },
};

pub const IS_COPY: Action = Action {
    key: "installation_is_copy",
    page: PAGE.key,
    label: installation::BUTTONS[1].0,
    question: None,
    run: |request| {
        installation::is_copy(request.host)?;
        Ok("This WHMCS is a copy: it changes nothing at Jetpack and Comet.".to_owned())
    },
};

fn show(request: &Request<'_>) -> Result<Content, Error> {
    let mut database = open_database(request.host)?;
    let page = Html::new().with(element("h2").text(PAGE.title));
    Ok(match installation::question(&mut database)? {
        None => page.with(message(Tone::Good, "Nothing waits for a person.")),
        Some(question) => page.with(
            element("div")
                .class("provisioning-decision")
                .with(element("p").text(&question))
                .with(button(request, &MOVED, &[]))
                .with(button(request, &IS_COPY, &[])),
        ),
    }
    .into())
}
