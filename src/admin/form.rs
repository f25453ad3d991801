//! Forms of the addon's pages: each sends one action of the table, with WHMCS's token.

use super::html::{Element, Html, element};
use super::links;
use super::page::{Action, PageRequest};

/// The field that names the action, and the one that says that its question was answered.
pub const ACTION: &str = "action";
pub const CONFIRMED: &str = "confirmed";
pub const TOKEN: &str = "token";

/// The form of an action around its fields, without a button: see `submit`.
pub fn form(request: &PageRequest<'_>, action: &Action, fields: impl Into<Html>) -> Element {
    element("form")
        .class("provisioning-form")
        .attribute("method", "post")
        .attribute("action", links::page(action.page).address())
        .with(hidden(TOKEN, &request.token))
        .with(hidden(ACTION, action.key))
        .with(fields)
}

/// A form that is only its button.
pub fn button(request: &PageRequest<'_>, action: &Action, fields: &[(&str, String)]) -> Element {
    let fields = fields.iter().map(|(name, value)| hidden(name, value));
    form(request, action, fields.collect::<Html>()).with(submit(action))
}

/// The button of an action. A question is asked before anything happens.
pub fn submit(action: &Action) -> Element {
    let class = if action.question.is_some() {
        "btn btn-default btn-sm provisioning-careful"
    } else {
        "btn btn-default btn-sm"
    };
    let more = if action.question.is_some() { "…" } else { "" };
    element("button")
        .attribute("type", "submit")
        .class(class)
        .text(action.label)
        .text(more)
}

pub fn hidden(name: &str, value: &str) -> Element {
    element("input")
        .attribute("type", "hidden")
        .attribute("name", name)
        .attribute("value", value)
}

/// A line to type a text into, with its label.
pub fn input(name: &'static str, label: &str, value: &str) -> Element {
    element("label")
        .class("provisioning-field")
        .text(label)
        .with(
            element("input")
                .attribute("type", "text")
                .class("form-control input-sm")
                .attribute("name", name)
                .attribute("value", value)
                .attribute("autocomplete", "off"),
        )
}

/// A choice, with its label: value and text.
pub fn select(
    name: &'static str,
    label: &str,
    choices: &[(String, String)],
    chosen: &str,
) -> Element {
    let option = |(value, text): &(String, String)| {
        element("option")
            .attribute("value", value)
            .flag("selected", value == chosen)
            .text(text)
    };
    let select = element("select")
        .class("form-control input-sm")
        .attribute("name", name)
        .all(choices.iter().map(option));
    element("label")
        .class("provisioning-field")
        .text(label)
        .with(select)
}

/// A form that only looks: filters and searches of a page, by GET. WHMCS's own value of the address is kept.
pub fn filters(page: &'static str, fields: impl Into<Html>) -> Element {
    element("form")
        .class("provisioning-filters form-inline")
        .attribute("method", "get")
        .attribute("action", "addonmodules.php")
        .with(hidden("module", links::MODULE))
        .with(hidden("page", page))
        .with(fields)
        .with(
            element("button")
                .attribute("type", "submit")
                .class("btn btn-default btn-sm")
                .text("Show"),
        )
}
