//! The search in Jetpack's own list for what became of requests to issue a license whose answers were lost.

mod judge;
mod survey;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::session::{ISSUE, ISSUE_ASKED, LicenseSession};
use crate::clock;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{License, LicenseKey, Slug, Token};
use crate::jetpack::api::license_list::Bounds;
use crate::jetpack::tables::found_licenses::{self, Asked};
use crate::jetpack::tables::licenses::{self, LicensePlace};
use crate::jetpack::{MODULE, OPTION_TOKEN};
use crate::journal::{self, Answer, End, Operation, listing};
use crate::service_id::ServiceId;
use crate::whmcs::services::{self, ServiceKind, ServiceRow, Settings};
use crate::whmcs::{Host, Service};
use judge::{Evidence, IssueVerdict, Question, judge};

/// A command goes on to the list only so long after it began.
const IN_TIME: Duration = Duration::from_secs(60);
/// What a command reads of it.
const OF_A_COMMAND: Bounds = Bounds {
    pages: 60,
    time: Duration::from_secs(20),
    again: true,
};
/// The limits of what the daily run reads.
pub const OF_A_RUN: Bounds = Bounds {
    pages: 3_000,
    time: Duration::from_secs(120),
    again: true,
};

/// Licenses that one look at the list keeps for service pages; each page shows twenty.
const MOST_PROPOSED: usize = 200;

/// The end of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The license was found, and is stored.
    Found(LicenseKey),
    /// Nothing was issued: the next Create may.
    Nothing,
}

/// The open questions of all services, with what was sold to them.
pub struct Questions {
    pub open: Vec<(listing::Open, Option<ServiceRow>)>,
    pub settings: Settings,
    read: Instant,
}

impl Questions {
    /// Reads all of them. One statement where there are none.
    pub fn read(host: &dyn Host, database: &mut Database) -> Result<Self, Error> {
        let mut open = Vec::new();
        let mut after = 0;
        loop {
            let page = listing::unknown_page(database, MODULE, ISSUE, after)?;
            let Some(last) = page.last() else {
                break;
            };
            after = last.id;
            open.extend(page);
        }
        let read = Instant::now();
        let mut sold = Vec::new();
        let mut settings = Settings::new();
        if !open.is_empty() {
            settings = services::settings(host, database, MODULE)?;
            for part in [ServiceKind::Services, ServiceKind::Addons] {
                let is_part = |service_id: &ServiceId| {
                    (service_id.addon() > 0) == (part == ServiceKind::Addons)
                };
                let ids: HashSet<u32> = open
                    .iter()
                    .map(|open: &listing::Open| open.service_id)
                    .filter(is_part)
                    .map(ServiceId::number)
                    .collect();
                let ids: Vec<u32> = ids.into_iter().collect();
                sold.extend(services::some(database, MODULE, part, &ids)?);
            }
        }
        let find = |open: &listing::Open| {
            let is_it = |row: &&ServiceRow| {
                row.service_id.kind() == open.service_id.kind()
                    && row.service_id.number() == open.service_id.number()
            };
            sold.iter().find(is_it).cloned()
        };
        let open = open
            .into_iter()
            .map(|open| {
                let sold = find(&open);
                (open, sold)
            })
            .collect();
        Ok(Self {
            open,
            settings,
            read,
        })
    }

    /// Returns the tokens that they were asked with, as the settings have them now.
    pub fn tokens(&self) -> Vec<String> {
        let mut tokens: Vec<String> = self
            .open
            .iter()
            .filter_map(|(_, sold)| self.token(sold.as_ref()?))
            .collect();
        tokens.sort();
        tokens.dedup();
        tokens
    }

    /// The age of the oldest, in seconds.
    fn oldest(&self) -> i64 {
        let ages = self.open.iter().filter_map(|(open, _)| open.age);
        ages.max().unwrap_or_default()
    }

    fn token(&self, sold: &ServiceRow) -> Option<String> {
        let token = self
            .settings
            .get(&sold.definition)?
            .at(OPTION_TOKEN)?
            .trim();
        Some(token.to_owned()).filter(|token| !token.is_empty())
    }

    /// Those of a token, by Jetpack's clock. One whose age is not known is left out: the list cannot decide it.
    fn of_token(&self, token: &str, now: i64) -> Vec<(Question, &ServiceRow)> {
        let since = i64::try_from(self.read.elapsed().as_secs()).unwrap_or_default();
        let question = |(open, sold): &'_ (listing::Open, Option<ServiceRow>)| {
            let slug = open.asked.strip_prefix(ISSUE_ASKED)?;
            let sent = now - open.age? - since;
            Some(Question {
                row: open.id,
                service_id: sold.as_ref()?.service_id,
                slug: slug.to_owned(),
                sent,
            })
        };
        let of_token = |sold: &ServiceRow| self.token(sold).as_deref() == Some(token);
        self.open
            .iter()
            .filter_map(|entry| Some((question(entry)?, entry.1.as_ref()?)))
            .filter(|(_, sold)| of_token(sold))
            .collect()
    }
}

/// Asks the list about the open questions of one token, and settles those of one service, or all. Returns what became of
/// them; the others stay open, and where a person has to decide, the service page shows what was found.
///
/// # Errors
/// That Jetpack does not answer, and those of the database.
pub fn settle(
    host: &dyn Host,
    database: &mut Database,
    questions: &Questions,
    (token, only): (&str, Option<ServiceId>),
    bounds: Bounds,
) -> Result<Vec<(ServiceId, Settled)>, Error> {
    let api = Api::new(host, Some(Token::new(Some(token))?))?;
    if !api.may_have_list() {
        return Ok(Vec::new());
    }
    let settings = &questions.settings;
    let Some(evidence) = survey::survey(
        host,
        database,
        &api,
        (token, settings),
        (bounds, questions.oldest()),
    )?
    else {
        return Ok(Vec::new());
    };
    let asked = questions.of_token(token, evidence.now);
    let (questions, sold): (Vec<Question>, Vec<&ServiceRow>) = asked.into_iter().unzip();
    let verdicts = judge(&questions, &evidence);
    let begun = Instant::now();
    let mut settled = Vec::new();
    let mut proposed = HashSet::new();
    for ((question, sold), verdict) in questions.iter().zip(sold).zip(verdicts) {
        if only.is_some_and(|only| only != question.service_id) {
            continue;
        }
        // The rest is settled by the next call on the service, or the next run.
        if begun.elapsed() > bounds.time {
            break;
        }
        let service = sold.service(settings);
        let end = match verdict {
            IssueVerdict::Is(key) => take(host, database, &api, (question, &service), &key)?
                .then_some(Settled::Found(key)),
            IssueVerdict::Nothing => nothing(database, question)?.then_some(Settled::Nothing),
            IssueVerdict::Perhaps => {
                propose(database, &evidence, question, &mut proposed)?;
                None
            }
            IssueVerdict::Open => None,
        };
        settled.extend(end.map(|end| (question.service_id, end)));
    }
    Ok(settled)
}

/// Stores a license that the list shows, unless it is another by now. One request.
fn take(
    host: &dyn Host,
    database: &mut Database,
    api: &Api<'_>,
    (question, service): (&Question, &Service),
    key: &LicenseKey,
) -> Result<bool, Error> {
    let license = api.license(key)?;
    if license.revoked_at.is_some() {
        return Ok(false);
    }
    let answer = Answer {
        text: format!("found the license {} in Jetpack's list", key.hint()),
        remote_id: license.id.map(|id| id.to_string()),
        request_id: None,
    };
    let stored = store(
        host,
        database,
        &Stored {
            row: question.row,
            service,
            slug: &question.slug,
            license: &license,
            answer: &answer,
            spares_others: true,
        },
    )?;
    Ok(stored == Taken::Stored)
}

/// A license that answers a question, as it is to be stored.
pub struct Stored<'a> {
    /// The question's row in the journal.
    pub row: u64,
    pub service: &'a Service,
    pub slug: &'a str,
    pub license: &'a License,
    pub answer: &'a Answer,
    /// Not while somebody may be about to store it: then another command has asked for the same product and waits for the
    /// answer, or a file has it.
    pub spares_others: bool,
}

/// The end of storing it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Taken {
    Stored,
    /// The license is in the table already.
    Held,
    /// The question was decided in the meantime.
    Decided,
    /// Another command may be about to store it.
    #[default]
    Spared,
}

/// Stores a license and decides the question, in one transaction that nobody else can take the license in.
pub fn store(
    host: &dyn Host,
    database: &mut Database,
    stored: &Stored<'_>,
) -> Result<Taken, Error> {
    let key = &stored.license.key;
    let asked = format!("{ISSUE_ASKED}{}", stored.slug);
    let taken = database.with_schema(found_licenses::prepare, |database| {
        database.transaction("store the license", |transaction| {
            found_licenses::claim_within(transaction, key, stored.service.id)?;
            let same = Operation {
                name: ISSUE,
                asked: &asked,
            };
            let taken = if licenses::holds_within(transaction, key)? {
                Taken::Held
            } else if stored.spares_others
                && (listing::under_way_within(transaction, MODULE, same)? > 0
                    || super::spool::keys(host)
                        .is_none_or(|kept| kept.iter().any(|kept| kept == key.expose())))
            {
                Taken::Spared
            } else if !journal::decide_within(transaction, stored.row, End::Done, stored.answer)? {
                Taken::Decided
            } else {
                let place = LicensePlace::of(stored.service);
                licenses::insert_within(transaction, &place, stored.slug, stored.license)?;
                Taken::Stored
            };
            if taken != Taken::Stored {
                found_licenses::give_back_within(transaction, key)?;
            }
            Ok(taken)
        })
    })?;
    Ok(taken)
}

fn nothing(database: &mut Database, question: &Question) -> Result<bool, Error> {
    let answer = Answer {
        text: "Jetpack's list shows no such license: nothing was issued".to_owned(),
        ..Answer::default()
    };
    Ok(journal::decide(
        database,
        question.row,
        End::Failed,
        &answer,
    )?)
}

/// Keeps what was found for the service pages: what fits one request mostly fits those beside it.
fn propose(
    database: &mut Database,
    evidence: &Evidence,
    question: &Question,
    proposed: &mut HashSet<String>,
) -> Result<(), Error> {
    for found in &evidence.found {
        let Some(issued) = found.issued.filter(|_| evidence.fits(question, found)) else {
            continue;
        };
        if proposed.len() >= MOST_PROPOSED || !proposed.insert(found.key.expose().to_owned()) {
            continue;
        }
        let (earliest, latest) = evidence.asked(issued);
        let asked = Asked { earliest, latest };
        let issued_at = clock::stored(issued);
        found_licenses::propose(database, &found.key, &question.slug, &issued_at, asked)?;
    }
    Ok(())
}

impl LicenseSession<'_> {
    /// Asks Jetpack's list what became of the lost answer of this service, where there is one and time allows. True where
    /// that is known now. What keeps the list from being read leaves the question as it is, and is in the module log.
    ///
    /// # Errors
    /// Those of the database.
    pub fn settle_issue(&mut self) -> Result<bool, Error> {
        if self.begun.elapsed() > IN_TIME || !self.api().is_ok_and(|api| api.may_have_list()) {
            return Ok(false);
        }
        if self.undecided()?.is_none() {
            return Ok(false);
        }
        let Ok(token) = Token::new(self.service.options.at(OPTION_TOKEN)) else {
            return Ok(false);
        };
        let questions = Questions::read(self.host, &mut self.database)?;
        let of = (token.secret().expose().as_str(), Some(self.service.id));
        match settle(self.host, &mut self.database, &questions, of, OF_A_COMMAND) {
            Ok(settled) => {
                for (service_id, end) in &settled {
                    self.host
                        .log_activity(format!("{} - {service_id}", end.sentence()));
                }
                Ok(!settled.is_empty())
            }
            Err(Error::NotSent(_) | Error::NoAnswer(_) | Error::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Settled {
    /// Returns the sentence for staff.
    pub fn sentence(&self) -> String {
        match self {
            Self::Found(key) => format!(
                "The license {} that a request with a lost answer had issued was found at Jetpack and is recorded.",
                key.hint()
            ),
            Self::Nothing => "A request to issue a license whose answer was lost has issued none, as Jetpack's list shows. Run Create to issue it.".to_owned(),
        }
    }
}

/// Returns the product that a request was for, because the module settings may have changed since.
pub fn issued_for(asked: &str) -> Option<Slug> {
    Slug::new(asked.strip_prefix(ISSUE_ASKED)).ok()
}
