//! The first sentence of the page: whether the backups are all right, since when, and what to do.

use super::failures::{self, about_device};
use super::format::minute;
use super::judgment::{AffectedItems, BackupVerdict, Sign, Why};
use super::when;
use crate::whmcs::texts::Texts;

const DAY: i64 = 24 * 60 * 60;

/// What stands above everything else.
pub(super) struct Headline {
    pub sign: Sign,
    pub sentence: String,
    /// Since when, to the minute; may be empty.
    pub since: String,
    /// What the customer can do; may be empty.
    pub advice: String,
}

impl Sign {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Warning => "warning",
            Self::Failure => "failure",
            Self::Paused => "paused",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the meaning of its color, as the style sheet has it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Running => "busy",
            Self::Warning | Self::Paused => "wait",
            Self::Failure => "bad",
            Self::Waiting | Self::Unknown => "quiet",
        }
    }

    /// Returns the symbol for who sees no color.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Good => "\u{2713}",
            Self::Running | Self::Waiting => "\u{2026}",
            Self::Warning => "!",
            Self::Failure => "\u{2715}",
            Self::Paused => "\u{2016}",
            Self::Unknown => "?",
        }
    }
}

/// Returns the verdict in words, at a moment (unix seconds).
pub(super) fn of(texts: &Texts, verdict: &BackupVerdict, now: i64) -> Headline {
    let (sentence, why) = what(texts, verdict, now);
    let sentence = if why.is_empty() {
        texts.fill("verdict.alone", &[("what", &sentence)])
    } else {
        texts.fill("verdict.with_reason", &[("what", &sentence), ("why", &why)])
    };
    Headline {
        sign: verdict.sign(),
        sentence,
        since: since(texts, verdict),
        advice: advice(texts, verdict),
    }
}

/// Returns the headline of an account that cannot be read, and of which nothing is kept.
pub(super) fn unread(texts: &Texts) -> Headline {
    Headline {
        sign: Sign::Unknown,
        sentence: texts.text("verdict.unread").to_owned(),
        since: String::new(),
        advice: texts.text("do.unread").to_owned(),
    }
}

/// Returns the headline where the server cannot be asked: what was last known, and how old that is.
pub(super) fn earlier(texts: &Texts, last: Headline, known_at: i64, now: i64) -> Headline {
    let ago = when::ago(texts, known_at, now);
    let values = [("ago", ago.as_str()), ("sentence", last.sentence.as_str())];
    Headline {
        sign: Sign::Unknown,
        sentence: texts.fill("verdict.earlier", &values),
        ..last
    }
}

/// What is the case, and why, each as a part of a sentence.
fn what(texts: &Texts, verdict: &BackupVerdict, now: i64) -> (String, String) {
    let one = |key: &str| (texts.text(key).to_owned(), String::new());
    let of = |key: &str, about: &AffectedItems| (counted(texts, key, about, &[]), String::new());
    match verdict {
        BackupVerdict::Suspended { .. } => one("verdict.suspended"),
        BackupVerdict::NoDevice => one("verdict.no_device"),
        BackupVerdict::NoItem => one("verdict.no_item"),
        BackupVerdict::NotAllSeen => one("verdict.not_all_seen"),
        BackupVerdict::Full(None) => one("verdict.full"),
        BackupVerdict::Full(Some(about)) => (
            counted(texts, "verdict.full_items", about, &[]),
            texts.text("why.quota").to_owned(),
        ),
        BackupVerdict::Overdue {
            about,
            good_at,
            why,
            ..
        } => {
            let days = ((now - good_at) / DAY).to_string();
            let sentence = counted(texts, "verdict.overdue", about, &[("days", &days)]);
            (sentence, reason(texts, why, now))
        }
        BackupVerdict::Never { about, why, .. } => {
            let sentence = counted(texts, "verdict.never", about, &[]);
            (sentence, reason(texts, why, now))
        }
        BackupVerdict::Failed {
            about, status, at, ..
        } => {
            let when = when::on(texts, *at, now);
            let sentence = counted(texts, "verdict.failed", about, &[("when", &when)]);
            (sentence, reason(texts, &Why::Status(*status), now))
        }
        BackupVerdict::Unknown(about) => of("verdict.unknown", about),
        BackupVerdict::First(about) => of("verdict.first", about),
        BackupVerdict::Running { about, .. } => of("verdict.running", about),
        BackupVerdict::Good { about, oldest } => {
            let days = (now - oldest).max(1).div_euclid(DAY) + 1;
            if now - oldest <= DAY {
                of("verdict.good_day", about)
            } else {
                let days = days.to_string();
                let sentence = counted(texts, "verdict.good_days", about, &[("days", &days)]);
                (sentence, String::new())
            }
        }
    }
}

/// `{name}` and `{more}` beside those values, and `{count}`.
fn counted(texts: &Texts, key: &str, about: &AffectedItems, values: &[(&str, &str)]) -> String {
    let count = u64::try_from(about.count).unwrap_or(u64::MAX);
    let more = count.saturating_sub(1).to_string();
    let mut all = vec![("name", about.name.as_str()), ("more", more.as_str())];
    all.extend_from_slice(values);
    texts.counted(key, count, &all)
}

fn reason(texts: &Texts, why: &Why, now: i64) -> String {
    match why {
        Why::NotKnown => String::new(),
        Why::DeviceRemoved => texts.text("why.device_removed").to_owned(),
        Why::DeviceAway(device, seen) => {
            let since = when::since(texts, *seen, now);
            texts.fill("why.device_away", &[("device", device), ("since", &since)])
        }
        Why::Status(status) => optional(texts, failures::words(*status).why),
    }
}

fn optional(texts: &Texts, key: &str) -> String {
    if key.is_empty() {
        return String::new();
    }
    texts.text(key).to_owned()
}

fn since(texts: &Texts, verdict: &BackupVerdict) -> String {
    let (key, moment) = match verdict {
        BackupVerdict::Suspended { since } => ("at.suspended", *since),
        BackupVerdict::Overdue { good_at, .. } => ("at.last_good", *good_at),
        BackupVerdict::Failed { at, .. } => ("at.failed", *at),
        BackupVerdict::Running { since, .. } => ("at.running", *since),
        BackupVerdict::Good { about, oldest } if about.count == 1 => ("at.last_good", *oldest),
        BackupVerdict::Good { oldest, .. } => ("at.oldest", *oldest),
        _ => return String::new(),
    };
    let time = minute(moment);
    if time.is_empty() {
        return String::new();
    }
    texts.fill(key, &[("time", &time)])
}

fn advice(texts: &Texts, verdict: &BackupVerdict) -> String {
    let of = |why: &Why, device: &str| match why {
        Why::DeviceAway(device, _) => about_device(texts, "do.device_away", device),
        Why::DeviceRemoved => texts.text("do.device_removed").to_owned(),
        Why::NotKnown => about_device(texts, "do.look", device),
        Why::Status(status) => match failures::words(*status).advice {
            "" => about_device(texts, "do.look", device),
            key => about_device(texts, key, device),
        },
    };
    match verdict {
        BackupVerdict::Suspended { .. } => texts.text("do.suspended").to_owned(),
        BackupVerdict::NoDevice => texts.text("do.no_device").to_owned(),
        BackupVerdict::NoItem => texts.text("do.no_item").to_owned(),
        BackupVerdict::Full(_) => texts.text("do.quota").to_owned(),
        BackupVerdict::Overdue { why, device, .. } | BackupVerdict::Never { why, device, .. } => {
            of(why, device)
        }
        BackupVerdict::Failed { status, device, .. } => of(&Why::Status(*status), device),
        BackupVerdict::First(_) => texts.text("do.first").to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
