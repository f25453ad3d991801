//! *Overview*: what waits for a person, what was found, and what runs here. From what is stored; no request.

use crate::admin::html::{Html, Tone, element, message};
use crate::admin::page::{Content, Page, Request};
use crate::error::Error;
use crate::installation;
use crate::whmcs::open_database;

pub const PAGE: Page = Page {
    key: "overview",
    title: "Overview",
    show,
};

fn show(request: &Request<'_>) -> Result<Content, Error> {
    let mut database = open_database(request.host)?;
    let page = Html::new().with(element("h2").text(PAGE.title));
    Ok(match installation::question(&mut database)? {
        None => page,
        Some(question) => page.with(message(Tone::Warning, &question)),
    }
    .into())
}
