//! *Decisions*: everything in both modules that waits for a person. From what is stored; no request.

mod choices;
mod installations;
mod list;

use crate::admin::html::{Html, element};
use crate::admin::page::{AddonPage, Content, PageRequest};
use crate::error::Error;
use crate::whmcs::open_database;

pub use choices::ACTIONS as CHOICES;
pub use installations::{IS_COPY, MOVED};

pub const PAGE: AddonPage = AddonPage {
    key: KEY,
    title: "Decisions",
    show,
};

/// The page's key, for its actions.
const KEY: &str = "decisions";

fn show(request: &PageRequest<'_>) -> Result<Content, Error> {
    let mut database = open_database(request.host)?;
    let question = installations::question(request, &mut database)?;
    let is_asked = !question.is_empty();
    let list = list::show(request, &mut database, is_asked)?;
    Ok(Html::new()
        .with(element("h2").text(PAGE.title))
        .with(question)
        .with(list)
        .into())
}
