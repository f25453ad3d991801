//! The parts of the service page that staff see for either product: a comparison with the remote side, the last
//! operations, and what waits for a person. Inside WHMCS's own form, which has no style sheet of ours.

use crate::clock;
use crate::html::{Element, Html, element};
use crate::installation;
use crate::journal::Record;
use crate::text::first_characters;

/// Labels of fields that the pages of both products have.
pub const COMPARED: &str = "Compared";
pub const DECISIONS: &str = "Waiting for a Decision";
pub const OPERATIONS: &str = "Last Operations";

/// The number of operations that the page shows.
pub const SHOWN_OPERATIONS: u32 = 10;

/// Wide enough that no column is crushed: on a narrow screen the table scrolls in its own box, which makes WHMCS's form no
/// wider.
const BOX: &str = "overflow-x:auto;contain:inline-size";
const TABLE: &str = "margin:0;min-width:30em";
const HEADING: &str = "text-align:left;white-space:nowrap";
const ROW_HEADING: &str = "text-align:left";
const CELL: &str = "overflow-wrap:anywhere";
const SHORT_CELL: &str = "white-space:nowrap";

/// Characters of a text that are shown before a person opens the rest.
const SHORT: usize = 120;

/// Whether two sides agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Same,
    Differs,
    /// One of them was never read, or something was changed since.
    NotKnown,
    /// Shown, and compared with nothing.
    Shown,
}

impl Agreement {
    pub const fn of(is_same: bool) -> Self {
        if is_same { Self::Same } else { Self::Differs }
    }

    /// A sign and a word: nothing is said by color alone.
    const fn word(self) -> &'static str {
        match self {
            Self::Same => "= same",
            Self::Differs => "≠ differs",
            Self::NotKnown => "? not known",
            Self::Shown => "",
        }
    }
}

/// A row of the comparison.
#[derive(Debug)]
pub struct Compared {
    pub what: &'static str,
    pub here: String,
    pub there: String,
    pub verdict: Agreement,
}

/// The two sides beside each other; `note` says from when the remote one is.
pub fn comparison(remote: &'static str, rows: &[Compared], note: &str) -> String {
    let body = rows.iter().map(|compared| {
        let row = element("tr")
            .with(
                element("th")
                    .attribute("scope", "row")
                    .attribute("style", ROW_HEADING)
                    .text(compared.what),
            )
            .with(cell(compared.here.as_str()))
            .with(cell(compared.there.as_str()))
            .with(short_cell(marked(compared.verdict)));
        match compared.verdict {
            Agreement::Differs => row.class("warning"),
            _ => row,
        }
    });
    let note = element("p")
        .attribute("style", "margin:0.5em 0 0")
        .text(note);
    Html::from(table(&["", "WHMCS", remote, "Compared"], body))
        .with(note)
        .into_string()
}

fn marked(verdict: Agreement) -> Html {
    match verdict {
        Agreement::Differs => element("strong").text(verdict.word()).into(),
        _ => verdict.word().into(),
    }
}

/// The last operations, newest first; `None` without any.
pub fn operations(records: &[Record]) -> Option<String> {
    if records.is_empty() {
        return None;
    }
    let body = records.iter().map(|record| {
        let text = match record.answered.as_str() {
            "" => &record.asked,
            answered => answered,
        };
        let operation = Html::from(element("strong").text(&record.operation))
            .with(element("br"))
            .with(folded(text));
        let request_id = record.request_id.as_deref().unwrap_or("none");
        element("tr")
            .with(short_cell(record.at.as_str()))
            .with(cell(operation))
            .with(short_cell(end(&record.state)))
            .with(cell(request_id))
    });
    let headings = ["When (UTC)", "Operation", "End", "Request id"];
    Some(Html::from(table(&headings, body)).into_string())
}

/// A long text opens at a click, without a script.
fn folded(text: &str) -> Html {
    if text.chars().count() <= SHORT {
        return text.into();
    }
    let short = format!("{}…", first_characters(text, SHORT));
    element("details")
        .with(element("summary").text(&short))
        .text(text)
        .into()
}

/// The words of the journal with a sign.
fn end(state: &str) -> &str {
    match state {
        "done" => "✓ done",
        "failed" => "✗ failed",
        "unknown" => "? unknown",
        "sent" => "… sent",
        other => other,
    }
}

/// Something that waits for a person.
#[derive(Debug)]
pub struct Decision {
    pub why: String,
    /// The label of the button that decides it, or the field of this page.
    pub decided_by: DecidedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecidedBy {
    Buttons(&'static [&'static str]),
    Field(&'static str),
}

/// The question whether this WHMCS is a copy of another one.
pub fn copy_question() -> Decision {
    const BUTTONS: [&str; 2] = [installation::BUTTONS[0].0, installation::BUTTONS[1].0];
    Decision {
        why: "It is not known whether this WHMCS was moved here or is a copy, so nothing is changed remotely.".to_owned(),
        decided_by: DecidedBy::Buttons(&BUTTONS),
    }
}

/// Lists decisions, one line each; `None` where nothing waits.
pub fn decisions(waiting: &[Decision]) -> Option<String> {
    if waiting.is_empty() {
        return None;
    }
    let items = waiting.iter().map(|decision| {
        let item = element("li").text(&decision.why);
        match decision.decided_by {
            DecidedBy::Buttons(labels) => {
                let labels = labels.iter().enumerate().map(|(at, label)| {
                    Html::from(if at == 0 { "" } else { " or " })
                        .with(element("strong").text(label))
                });
                item.text(" Press ").all(labels).text(".")
            }
            DecidedBy::Field(label) => item
                .text(" See the field ")
                .with(element("strong").text(label))
                .text("."),
        }
    });
    let list = element("ul").attribute("style", "margin:0;padding-left:1.2em");
    Some(Html::from(list.all(items)).into_string())
}

fn table(headings: &[&str], rows: impl Iterator<Item = Element>) -> Element {
    let heading = |text: &&str| {
        element("th")
            .attribute("scope", "col")
            .attribute("style", HEADING)
            .text(text)
    };
    let headings = element("tr").all(headings.iter().map(heading));
    let table = element("table")
        .class("table table-condensed")
        .attribute("style", TABLE)
        .with(element("thead").with(headings))
        .with(element("tbody").all(rows));
    // Who scrolls by the keyboard has to reach it.
    element("div")
        .attribute("style", BOX)
        .attribute("tabindex", "0")
        .with(table)
}

fn cell(content: impl Into<Html>) -> Element {
    element("td").attribute("style", CELL).with(content)
}

fn short_cell(content: impl Into<Html>) -> Element {
    element("td").attribute("style", SHORT_CELL).with(content)
}

/// A stored time with its age: "2026-01-15 10:00:01 UTC, 3 hours ago".
pub fn with_age(at: &str) -> String {
    let age = clock::unix(at).and_then(|then| clock::in_words(clock::unix_now() - then));
    match age {
        Some(age) => format!("{at} UTC, {age} ago"),
        None => format!("{at} UTC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"'><script>alert(1)</script>";

    fn record(state: &str, answered: &str) -> Record {
        Record {
            id: 1,
            operation: HOSTILE.to_owned(),
            state: state.to_owned(),
            asked: "asked".to_owned(),
            answered: answered.to_owned(),
            request_id: Some(HOSTILE.to_owned()),
            at: "2026-01-15 10:00:01".to_owned(),
            age: None,
        }
    }

    #[test]
    fn nothing_breaks_out_of_its_cell() {
        let compared = [Compared {
            what: "State",
            here: HOSTILE.to_owned(),
            there: HOSTILE.to_owned(),
            verdict: Agreement::Differs,
        }];
        let long = HOSTILE.repeat(20);
        let pages = [
            comparison("Comet", &compared, HOSTILE),
            operations(&[record("done", &long), record(HOSTILE, "")]).unwrap(),
            decisions(&[Decision {
                why: HOSTILE.to_owned(),
                decided_by: DecidedBy::Field("Lost Answer"),
            }])
            .unwrap(),
        ];
        for page in pages {
            assert!(!page.contains("<script"), "{page}");
            assert!(page.contains("&lt;script&gt;"), "{page}");
        }
    }

    #[test]
    fn a_difference_is_said_by_word_and_sign() {
        let compared = |verdict| {
            let row = Compared {
                what: "State",
                here: "active".to_owned(),
                there: "suspended".to_owned(),
                verdict,
            };
            comparison("Comet", &[row], "")
        };
        assert!(compared(Agreement::Differs).contains("<strong>≠ differs</strong>"));
        assert!(compared(Agreement::Same).contains(">= same</td>"));
        assert!(compared(Agreement::NotKnown).contains("? not known"));
    }

    #[test]
    fn ends_have_a_sign_and_what_was_asked_is_shown_until_an_answer_came() {
        let page = operations(&[record("sent", "")]).unwrap();
        assert!(page.contains("… sent") && page.contains("asked"), "{page}");
        assert!(operations(&[]).is_none() && decisions(&[]).is_none());
    }

    #[test]
    fn buttons_are_named_with_why() {
        let waiting = Decision {
            why: "This may be a copy.".to_owned(),
            decided_by: DecidedBy::Buttons(&["Moved", "Copy"]),
        };
        let page = decisions(&[waiting]).unwrap();
        assert!(
            page.contains(
                "This may be a copy. Press <strong>Moved</strong> or <strong>Copy</strong>."
            ),
            "{page}"
        );
    }
}
