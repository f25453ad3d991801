//! The parts that all pages of the addon are made of: links, tables, messages.

use super::links::Link;
pub use crate::html::{Element, Html, element};

/// A link with a text.
pub fn link(to: &Link, text: &str) -> Element {
    element("a").attribute("href", to.address()).text(text)
}

/// A table with its headings. It scrolls by itself where the page is narrow.
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<Html>>) -> Element {
    let heading = |text: &&str| element("th").attribute("scope", "col").text(text);
    let row = |cells: Vec<Html>| {
        element("tr").all(cells.into_iter().map(|cell| element("td").with(cell)))
    };
    let head = element("thead").with(element("tr").all(headings.iter().map(heading)));
    let body = element("tbody").all(rows.into_iter().map(row));
    let table = element("table")
        .class("table table-striped table-condensed")
        .with(head)
        .with(body);
    element("div")
        .class("table-responsive provisioning-table")
        .attribute("tabindex", "0")
        .attribute("role", "region")
        .attribute("aria-label", "Table")
        .with(table)
}

/// The tone of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Warning,
    Bad,
}

/// A message above a page.
pub fn message(tone: Tone, text: &str) -> Element {
    let (class, role) = match tone {
        Tone::Good => ("alert alert-success", "status"),
        Tone::Warning => ("alert alert-warning", "alert"),
        Tone::Bad => ("alert alert-danger", "alert"),
    };
    element("div")
        .class(class)
        .attribute("role", role)
        .text(text)
}
