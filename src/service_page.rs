//! What the service page of staff shows for either product: a comparison with the remote side, the last operations, and
//! what waits for a person. Inside WHMCS's own form, which has no style sheet of ours.

use crate::clock;
use crate::html::Html;
use crate::installation;
use crate::journal::Record;
use crate::text::first_characters;

/// Labels of fields that the pages of both products have.
pub const COMPARED: &str = "Compared";
pub const DECISIONS: &str = "Waiting for a Decision";
pub const OPERATIONS: &str = "Last Operations";

/// How many operations the page shows.
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
pub enum Verdict {
    Same,
    Differs,
    /// One of them was never read, or something was changed since.
    NotKnown,
    /// Shown, and compared with nothing.
    Shown,
}

impl Verdict {
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
    pub verdict: Verdict,
}

/// The two sides beside each other; `note` says from when the remote one is.
pub fn comparison(remote: &'static str, rows: &[Compared], note: &str) -> String {
    let head = headings(&["", "WHMCS", remote, "Compared"]);
    let body = rows.iter().map(|compared| {
        let (here, there) = (compared.here.as_str(), compared.there.as_str());
        let cells = [
            Html::of_text(
                "th",
                &[("scope", "row"), ("style", ROW_HEADING)],
                compared.what,
            ),
            Html::of_text("td", &[("style", CELL)], here),
            Html::of_text("td", &[("style", CELL)], there),
            Html::element("td", &[("style", SHORT_CELL)], &marked(compared.verdict)),
        ];
        let class: &[_] = match compared.verdict {
            Verdict::Differs => &[("class", "warning")],
            _ => &[],
        };
        Html::element("tr", class, &Html::join(cells))
    });
    let note = Html::of_text("p", &[("style", "margin:0.5em 0 0")], note);
    Html::join([table(&head, &Html::join(body)), note]).into_string()
}

fn marked(verdict: Verdict) -> Html {
    match verdict {
        Verdict::Differs => Html::of_text("strong", &[], verdict.word()),
        _ => Html::text(verdict.word()),
    }
}

/// The last operations, newest first; `None` without any.
pub fn operations(records: &[Record]) -> Option<String> {
    if records.is_empty() {
        return None;
    }
    let head = headings(&["When (UTC)", "Operation", "End", "Request id"]);
    let body = records.iter().map(|record| {
        let text = match record.answered.as_str() {
            "" => &record.asked,
            answered => answered,
        };
        let operation = [
            Html::of_text("strong", &[], &record.operation),
            Html::void("br", &[]),
            folded(text),
        ];
        let cells = [
            Html::of_text("td", &[("style", SHORT_CELL)], &record.at),
            Html::element("td", &[("style", CELL)], &Html::join(operation)),
            Html::of_text("td", &[("style", SHORT_CELL)], end(&record.state)),
            Html::of_text(
                "td",
                &[("style", CELL)],
                record.request_id.as_deref().unwrap_or("none"),
            ),
        ];
        Html::element("tr", &[], &Html::join(cells))
    });
    Some(table(&head, &Html::join(body)).into_string())
}

/// A long text opens at a click, without a script.
fn folded(text: &str) -> Html {
    if text.chars().count() <= SHORT {
        return Html::text(text);
    }
    let short = format!("{}…", first_characters(text, SHORT));
    let parts = [Html::of_text("summary", &[], &short), Html::text(text)];
    Html::element("details", &[], &Html::join(parts))
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
    pub decided_by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Buttons(&'static [&'static str]),
    Field(&'static str),
}

/// The question whether this WHMCS is a copy of another one.
pub fn copy_question() -> Decision {
    const BUTTONS: [&str; 2] = [installation::BUTTONS[0].0, installation::BUTTONS[1].0];
    Decision {
        why: "It is not known whether this WHMCS was moved here or is a copy, so nothing is changed remotely.".to_owned(),
        decided_by: By::Buttons(&BUTTONS),
    }
}

/// One line each; `None` where nothing waits.
pub fn decisions(waiting: &[Decision]) -> Option<String> {
    if waiting.is_empty() {
        return None;
    }
    let items = waiting.iter().map(|decision| {
        let by = match decision.decided_by {
            By::Buttons(labels) => {
                let labels = labels.iter().enumerate().flat_map(|(at, label)| {
                    let or = Html::text(if at == 0 { "" } else { " or " });
                    [or, Html::of_text("strong", &[], label)]
                });
                Html::join([Html::text(" Press "), Html::join(labels), Html::text(".")])
            }
            By::Field(label) => Html::join([
                Html::text(" See the field "),
                Html::of_text("strong", &[], label),
                Html::text("."),
            ]),
        };
        let parts = Html::join([Html::text(&decision.why), by]);
        Html::element("li", &[], &parts)
    });
    let list = Html::join(items);
    Some(Html::element("ul", &[("style", "margin:0;padding-left:1.2em")], &list).into_string())
}

fn table(head: &Html, body: &Html) -> Html {
    let parts = [
        Html::element("thead", &[], head),
        Html::element("tbody", &[], body),
    ];
    let attributes = [("class", "table table-condensed"), ("style", TABLE)];
    let table = Html::element("table", &attributes, &Html::join(parts));
    // Who scrolls by the keyboard has to reach it.
    Html::element("div", &[("style", BOX), ("tabindex", "0")], &table)
}

fn headings(texts: &[&str]) -> Html {
    let attributes = [("scope", "col"), ("style", HEADING)];
    let cells = texts
        .iter()
        .map(|text| Html::of_text("th", &attributes, text));
    Html::element("tr", &[], &Html::join(cells))
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
            verdict: Verdict::Differs,
        }];
        let long = HOSTILE.repeat(20);
        let pages = [
            comparison("Comet", &compared, HOSTILE),
            operations(&[record("done", &long), record(HOSTILE, "")]).unwrap(),
            decisions(&[Decision {
                why: HOSTILE.to_owned(),
                decided_by: By::Field("Lost Answer"),
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
        assert!(compared(Verdict::Differs).contains("<strong>≠ differs</strong>"));
        assert!(compared(Verdict::Same).contains(">= same</td>"));
        assert!(compared(Verdict::NotKnown).contains("? not known"));
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
            decided_by: By::Buttons(&["Moved", "Copy"]),
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
