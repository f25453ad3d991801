//! The comparison with the partner's own list, where a token has one: all its licenses, page by page, against the table. One
//! request for a page. Without the list each license is asked about by itself, as far as the budget goes.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use super::budget::token_text;
use crate::clock;
use crate::database::Database;
use crate::error::Error;
use crate::hash::sha256;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::Token;
use crate::jetpack::api::license_list::{Bounds, ListFilter, ListedLicense};
use crate::jetpack::licensing::spool;
use crate::jetpack::tables::license_index::LicenseIndex;
use crate::jetpack::tables::licenses_listing;
use crate::jetpack::tables::unassigned::{self, ObservedLicense, Unassigned};
use crate::random;
use crate::reconciliation::{Finding, Run};
use crate::text::plain;
use crate::whmcs::services::Settings;
use crate::whmcs::{Host, module_settings};

/// Far above what a partner has; a list that never ends ends here.
const BOUNDS: Bounds = Bounds {
    pages: 5_000,
    time: Duration::from_secs(600),
    again: false,
};
/// Licenses that are recorded together.
const BATCH: usize = 500;
/// Licenses revoked here that the list has as active: each is asked about by itself, because the list may be old.
const MOST_ALIVE: usize = 100;
/// Unassigned licenses with a finding of their own.
const MOST_REPORTED: usize = 100;
/// A license that was issued since may be on its way into the table.
const ON_THE_WAY: i64 = 3600;

const UNKNOWN: &str = "unknown";

/// The result of the comparison with all lists.
#[derive(Default)]
pub struct ListResult {
    pub licenses: u64,
    /// Pages that were read, a request each.
    pub pages: u64,
    /// Rows that are active at Jetpack, by their own token, in the order of their ids.
    seen: Vec<u32>,
    /// Rows that are revoked here, and active by the list.
    pub alive: Vec<u32>,
}

impl ListResult {
    pub fn has_seen(&self, row: u64) -> bool {
        u32::try_from(row).is_ok_and(|row| self.seen.binary_search(&row).is_ok())
    }
}

/// The tokens of all products, and which of them a product has.
struct Tokens {
    all: Vec<Token>,
    hashes: Vec<String>,
    numbers: HashMap<String, u16>,
}

/// One comparison under way.
struct Comparison<'a> {
    run: &'a mut Run,
    database: &'a mut Database,
    settings: &'a Settings,
    default_token: Option<String>,
    tokens: &'a Tokens,
    mark: String,
    /// The time after which what was issued is not missed yet.
    horizon: String,
    /// Keys of licenses that wait on disk for the database; `None` where a file cannot be read, and any may be in it.
    waiting: Option<Vec<String>>,
    /// Read when the first license comes.
    index: Option<LicenseIndex>,
    listed: ListResult,
    checked: Vec<u64>,
    found: Vec<ObservedLicense>,
}

/// Reads the lists, records what Jetpack has as the table has it, and reports what is paid and in no row.
pub fn compare(
    host: &dyn Host,
    run: &mut Run,
    database: &mut Database,
    settings: &Settings,
) -> Result<ListResult, Error> {
    let default_token = module_settings::token_of_new_products(host, database)?;
    let tokens = Tokens::of(settings, default_token.as_deref());
    unassigned::forget_other_tokens(database, &tokens.hashes)?;
    let mut mark = random::hex()?;
    mark.truncate(16);
    let mut comparison = Comparison {
        run,
        database,
        settings,
        default_token,
        tokens: &tokens,
        mark,
        horizon: clock::ago(ON_THE_WAY),
        waiting: spool::keys(host),
        index: None,
        listed: ListResult::default(),
        checked: Vec::new(),
        found: Vec::new(),
    };
    for (number, token) in (0..).zip(&tokens.all) {
        comparison.read(&Api::new(host, Some(token.clone()))?, number)?;
    }
    let Comparison {
        index, mut listed, ..
    } = comparison;
    listed.seen = index.as_ref().map(LicenseIndex::seen).unwrap_or_default();
    report(host, run, database, &tokens)?;
    Ok(listed)
}

impl Tokens {
    fn of(settings: &Settings, default_token: Option<&str>) -> Self {
        let mut tokens = Self {
            all: Vec::new(),
            hashes: Vec::new(),
            numbers: HashMap::new(),
        };
        let stored = settings
            .keys()
            .map(|sold_as| token_text(settings, None, *sold_as));
        let mut texts: Vec<&str> = stored.chain([default_token]).flatten().collect();
        texts.sort_unstable();
        for text in texts {
            let (Ok(token), Ok(number)) = (Token::new(Some(text)), u16::try_from(tokens.all.len()))
            else {
                continue;
            };
            let text = token.secret().expose().clone();
            if !tokens.numbers.contains_key(&text) {
                tokens.hashes.push(sha256(&text));
                tokens.all.push(token);
                tokens.numbers.insert(text, number);
            }
        }
        tokens
    }

    fn number(&self, text: Option<&str>) -> Option<u16> {
        let token = Token::new(text).ok()?;
        self.numbers.get(token.secret().expose()).copied()
    }

    fn by_hash(&self, hash: &str) -> Option<&Token> {
        let at = self.hashes.iter().position(|known| known == hash)?;
        self.all.get(at)
    }
}

impl Comparison<'_> {
    fn read(&mut self, api: &Api<'_>, number: u16) -> Result<(), Error> {
        let hash = self.tokens.hashes.get(usize::from(number));
        let hash = hash.cloned().unwrap_or_default();
        let mut broken = None;
        let read = api.licenses(ListFilter::NotRevoked, BOUNDS, &mut |license| match self
            .take(number, &hash, license)
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        });
        if let Some(error) = broken {
            return Err(error);
        }
        self.write_down(&hash)?;
        match read {
            Err(error) => self.run.remark(format!(
                "{error} What it would have been compared with is asked about one by one."
            )),
            Ok(Some(reading)) => {
                self.listed.pages += reading.pages;
                if !reading.is_whole {
                    self.run.remark(format!(
                        "Jetpack's list of licenses had no end after {} requests.",
                        reading.pages
                    ));
                } else if reading.is_proof() {
                    unassigned::forget_not_seen(self.database, &hash, &self.mark)?;
                }
            }
            Ok(None) => unassigned::forget_not_seen(self.database, &hash, &self.mark)?,
        }
        Ok(())
    }

    fn take(&mut self, token: u16, hash: &str, license: ListedLicense) -> Result<(), Error> {
        if license.revoked_at.is_some() {
            return Ok(());
        }
        self.listed.licenses += 1;
        let rows = self.index()?.rows(license.key.expose());
        if rows.is_empty() {
            let issued = license.issued_at.as_ref();
            let is_old = issued.is_none_or(|at| *at < self.horizon);
            let key = license.key.expose();
            let waiting = self.waiting.as_ref();
            if is_old && waiting.is_some_and(|waiting| waiting.iter().all(|waiting| waiting != key))
            {
                self.found.push(seen(license));
            }
        } else {
            let mut alive = None;
            let mut checked = None;
            for entry in rows.iter_mut().filter(|entry| entry.is_of(token)) {
                if !entry.is_seen() {
                    let kind = if entry.is_active() {
                        &mut checked
                    } else {
                        &mut alive
                    };
                    *kind = Some(entry.row);
                }
                entry.see();
            }
            self.checked.extend(checked.map(u64::from));
            if self.listed.alive.len() < MOST_ALIVE {
                self.listed.alive.extend(alive);
            }
        }
        if self.listed.licenses.is_multiple_of(BATCH as u64) {
            self.write_down(hash)?;
        }
        Ok(())
    }

    fn index(&mut self) -> Result<&mut LicenseIndex, Error> {
        let index = match self.index.take() {
            Some(index) => index,
            None => LicenseIndex::read(self.database, |sold_as| {
                let default_token = self.default_token.as_deref();
                self.tokens
                    .number(token_text(self.settings, default_token, sold_as))
            })?,
        };
        Ok(self.index.insert(index))
    }

    fn write_down(&mut self, token_hash: &str) -> Result<(), Error> {
        self.run.alive(self.database)?;
        licenses_listing::record_checked(self.database, &self.checked)?;
        self.checked.clear();
        unassigned::write(self.database, (token_hash, &self.mark), &self.found)?;
        self.found.clear();
        Ok(())
    }
}

fn seen(license: ListedLicense) -> ObservedLicense {
    ObservedLicense {
        slug: license.slug().unwrap_or_default().to_owned(),
        id: license.id,
        product: license.product,
        site: license.site,
        issued_at: license.issued_at,
        key: license.key,
    }
}

/// One finding for each of the newest, and one for all others.
fn report(
    host: &dyn Host,
    run: &mut Run,
    database: &mut Database,
    tokens: &Tokens,
) -> Result<(), Error> {
    let (newest, count) = unassigned::newest(database, MOST_REPORTED)?;
    let more = count.saturating_sub(newest.len() as u64);
    let mut costs: HashMap<String, HashMap<String, String>> = HashMap::new();
    for license in newest {
        if !costs.contains_key(&license.token_hash) {
            let of_token = costs_of(host, run, tokens.by_hash(&license.token_hash))?;
            costs.insert(license.token_hash.clone(), of_token);
        }
        let cost = costs
            .get(&license.token_hash)
            .and_then(|of_token| of_token.get(&license.slug));
        run.report(database, finding(&license, cost))?;
    }
    if more > 0 {
        let text = format!(
            "Jetpack has {more} more active licenses that are in no row of the license table: other systems may use the API Token."
        );
        run.report(database, about_no_service("more".to_owned(), text))?;
    }
    Ok(())
}

/// Costs of a license by slug. One request.
fn costs_of(
    host: &dyn Host,
    run: &mut Run,
    token: Option<&Token>,
) -> Result<HashMap<String, String>, Error> {
    let Some(token) = token else {
        return Ok(HashMap::new());
    };
    let billed = match Api::new(host, Some(token.clone()))?.billing() {
        Ok(billed) => billed.map_or_else(Vec::new, |bill| bill.products),
        Err(error) => {
            run.remark(error.to_string());
            Vec::new()
        }
    };
    let known = billed
        .into_iter()
        .filter_map(|product| Some((product.slug, product.cost?.text())));
    Ok(known.collect())
}

fn finding(license: &Unassigned, cost: Option<&String>) -> Finding {
    let hint = license.key.hint();
    let subject = match (license.id, &license.issued_at) {
        (Some(id), _) => format!("{hint} (license {id})"),
        (None, at) => format!("{hint} of {}", at.as_deref().unwrap_or("an unknown time")),
    };
    let product = match plain(&license.product) {
        name if name.is_empty() => plain(&license.slug),
        name => name,
    };
    let issued = license.issued_at.as_ref().map_or_else(String::new, |at| {
        format!(", issued on {at} UTC ({} days ago)", license.age)
    });
    let site = license.site.as_ref().map_or_else(
        || ", attached to no site".to_owned(),
        |site| format!(", attached to {}", plain(site)),
    );
    let cost = cost.map_or_else(String::new, |cost| format!(", at {cost} a month"));
    let text = format!(
        "Jetpack has an active license that is in no row of the license table: {product} {hint}{issued}{site}{cost}. Give it to its service on the service's page, or revoke it in the Jetpack partner portal if nobody uses it."
    );
    about_no_service(subject, text)
}

const fn about_no_service(subject: String, text: String) -> Finding {
    Finding {
        service_id: None,
        kind: UNKNOWN,
        subject,
        text,
        server_id: None,
    }
}
