//! `whmcs_provisioning_output` and `_sidebar`: which page, which action, and whether the form is one of ours.

use super::command::{SERVER, SERVICE};
use super::form::{ACTION, CONFIRMED, TOKEN, form, hidden};
use super::html::{Element, Html, Tone, element, link, message};
use super::links;
use super::page::{Action, ActionQuestion, AddonPage, Content, PageRequest};
use super::pages::{self, PAGES};
use crate::text::plain;
use crate::whmcs::form as whmcs_form;

/// What came of a form.
enum Sent {
    /// No form.
    Nothing,
    /// The page, and above it what was done or why it was not.
    Shown(Option<&'static AddonPage>, Element),
    /// The question that stands before an action.
    Asked(&'static Action, Element),
}

/// The whole page, or a file in its place. What cannot be shown is said below the addon's menu.
pub fn run(request: &PageRequest<'_>) -> Content {
    let sent = carry_out(request);
    let (page, notice) = match sent {
        Sent::Asked(action, question) => {
            return whole(page_named(action.page), question).into();
        }
        Sent::Nothing => (None, Html::new()),
        Sent::Shown(page, notice) => (page, notice.into()),
    };
    let named = request.query("page");
    let Some(page) = page.or_else(|| page_named(&named)) else {
        let unknown = message(Tone::Bad, "The addon has no such page.");
        return whole(None, unknown).into();
    };
    match (page.show)(request) {
        Ok(Content::Html(html)) => whole(Some(page), notice.with(html)).into(),
        Ok(file) => file,
        Err(error) => {
            let why = message(Tone::Bad, &error.for_staff(""));
            whole(Some(page), notice.with(why)).into()
        }
    }
}

/// The links to the pages, for the left side.
pub fn sidebar() -> Html {
    let entry = |page: &&AddonPage| element("li").with(link(&links::page(page.key), page.title));
    let heading = element("span").class("header").text("Provisioning");
    Html::new()
        .with(heading)
        .with(element("ul").class("menu").all(PAGES.iter().map(entry)))
}

/// A page that says why no other can be made.
pub fn failed(sentence: &str) -> String {
    whole(None, message(Tone::Bad, sentence)).into_string()
}

/// The first page where none is named.
fn page_named(key: &str) -> Option<&'static AddonPage> {
    if key.is_empty() {
        return PAGES.first().copied();
    }
    PAGES.iter().copied().find(|page| page.key == key)
}

fn carry_out(request: &PageRequest<'_>) -> Sent {
    if !request.is_form() {
        // A link can be put into a page of anybody's: only a form with the token starts something.
        return match request.query(ACTION).as_str() {
            "" => Sent::Nothing,
            named => refused(request, named, "it was not sent by a button of this page"),
        };
    }
    let named = request.field(ACTION);
    let Some(action) = pages::action(&named) else {
        return refused(request, &named, "there is no such action");
    };
    if !whmcs_form::is_of_this_session(request.host, request.form()) {
        return refused(
            request,
            action.key,
            "the form is not of this session of WHMCS",
        );
    }
    if let Some(question) = action.question
        && request.field(CONFIRMED) != "1"
    {
        let question = match question {
            ActionQuestion::Fixed(sentence) => Ok(sentence.to_owned()),
            ActionQuestion::Counted(count) => count(request),
        };
        return match question {
            Ok(question) => Sent::Asked(action, asked(request, action, &question)),
            Err(error) => Sent::Shown(
                page_named(action.page),
                message(Tone::Bad, &error.for_staff("")),
            ),
        };
    }
    let ended = (action.run)(request);
    let (tone, sentence) = match ended {
        Ok(sentence) => (Tone::Good, sentence),
        Err(error) => (Tone::Bad, error.for_staff("")),
    };
    request
        .host
        .log_activity(format!("Provisioning addon, {}: {sentence}", action.label));
    Sent::Shown(page_named(action.page), message(tone, &sentence))
}

fn refused(request: &PageRequest<'_>, named: &str, why: &str) -> Sent {
    let sentence = format!(
        "The action {} was refused: {why}. Nothing was changed.",
        plain(named)
    );
    request
        .host
        .log_activity(format!("Provisioning addon: {sentence}"));
    Sent::Shown(None, message(Tone::Bad, &sentence))
}

/// The question before an action, with what its form holds.
fn asked(request: &PageRequest<'_>, action: &'static Action, question: &str) -> Element {
    let fields = request.fields().into_iter();
    let kept: Html = fields
        .filter(|(name, _)| ![ACTION, CONFIRMED, TOKEN].contains(&name.as_str()))
        .map(|(name, value)| hidden(&name, &value))
        .collect();
    let yes = element("button")
        .attribute("type", "submit")
        .class("btn btn-danger")
        .text(action.label);
    let no = link(&links::page(action.page), "Back, without a change").class("btn btn-default");
    let answers = form(request, action, kept.with(hidden(CONFIRMED, "1")))
        .with(yes)
        .text(" ")
        .with(no);
    element("div")
        .class("provisioning-question")
        .with(element("h2").text(action.label))
        .with(about(request).map(|about| element("p").with(element("strong").text(&about))))
        .with(element("p").text(question))
        .with(answers)
}

/// Which one of a long list the question is about.
fn about(request: &PageRequest<'_>) -> Option<String> {
    let named = [("service", SERVICE), ("server", SERVER)];
    let mut named = named.into_iter();
    named.find_map(|(what, field)| {
        Some(format!(
            "This is about the {what} {}.",
            request.id(field).ok()?
        ))
    })
}

/// The addon's menu above the content.
fn whole(page: Option<&AddonPage>, content: impl Into<Html>) -> Html {
    let entry = |one: &&AddonPage| {
        let is_shown = page.is_some_and(|page| page.key == one.key);
        let link = link(&links::page(one.key), one.title);
        let entry = element("li");
        if is_shown {
            entry
                .class("active")
                .with(link.attribute("aria-current", "page"))
        } else {
            entry.with(link)
        }
    };
    let menu = element("ul")
        .class("nav nav-tabs provisioning-menu")
        .all(PAGES.iter().map(entry));
    element("div")
        .class("provisioning-admin")
        .with(
            element("link")
                .attribute("rel", "stylesheet")
                .attribute("href", links::style_sheet().address()),
        )
        .with(menu)
        .with(content)
        .into()
}
