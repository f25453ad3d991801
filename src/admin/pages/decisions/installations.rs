//! The question whether this WHMCS has moved, or is a copy.

use super::KEY;
use crate::admin::form::button;
use crate::admin::html::{Html, Tone, element, message};
use crate::admin::page::{Action, ActionQuestion, PageRequest};
use crate::database::Database;
use crate::error::Error;
use crate::installation;

pub const MOVED: Action = Action {
    key: "installation_moved",
    page: KEY,
    label: installation::BUTTONS[0].0,
    question: Some(ActionQuestion::Fixed(
        "This WHMCS goes on here: it issues, changes and ends licenses and accounts. Its former place has to be confirmed before it changes anything again.",
    )),
    run: |request| {
        installation::moved(request.host)?;
        Ok("This WHMCS goes on here.".to_owned())
    },
};

pub const IS_COPY: Action = Action {
    key: "installation_is_copy",
    page: KEY,
    label: installation::BUTTONS[1].0,
    question: None,
    run: |request| {
        installation::is_copy(request.host)?;
        Ok("This WHMCS is a copy: it changes nothing at Jetpack and Comet.".to_owned())
    },
};

/// Makes the question; empty where there is none.
pub fn question(request: &PageRequest<'_>, database: &mut Database) -> Result<Html, Error> {
    let asked = installation::question(database)?;
    Ok(asked.map_or_else(Html::new, |asked| {
        element("div")
            .class("provisioning-decision")
            .with(message(Tone::Warning, &asked))
            .with(button(request, &MOVED, &[]))
            .text(" ")
            .with(button(request, &IS_COPY, &[]))
            .into()
    }))
}
