//! *Comet*: the servers, accounts against services, and the configurable options and custom fields of a product. From what is
//! stored: no server is asked.

mod accounts;
mod options;
mod servers;

use crate::admin::html::{Html, element};
use crate::admin::links::{self, Link};
use crate::admin::page::{AddonPage, Content, PageRequest};
use crate::error::Error;
use crate::whmcs::open_database;

pub use options::CREATE;

pub const PAGE: AddonPage = AddonPage {
    key: KEY,
    title: "Comet",
    show,
};

const KEY: &str = "comet";

fn show(request: &PageRequest<'_>) -> Result<Content, Error> {
    let mut database = open_database(request.host)?;
    Ok(Html::new()
        .with(element("h2").text("Comet"))
        .with(servers::section(&mut database)?)
        .with(accounts::section(request, &mut database)?)
        .with(options::section(request, &mut database)?)
        .into())
}

fn here() -> Link {
    links::page(KEY)
}
