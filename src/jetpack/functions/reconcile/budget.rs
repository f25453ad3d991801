//! The request budget of a run: how many requests Jetpack gets, with which token, and when to stop.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::error::Error;
use crate::jetpack::OPTION_TOKEN;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{License, Token};
use crate::jetpack::tables::licenses_listing::Surveyed;
use crate::reconciliation::Finding;
use crate::whmcs::services::{ProductRef, Settings};
use crate::whmcs::{Host, module_settings};

/// The most requests of a run; cron has other work as well.
pub const MOST_REQUESTS: usize = 500;
const LONGEST: Duration = Duration::from_secs(60);
/// Refusals of a token that has not had one answer: then it is the token.
const MOST_REFUSALS: usize = 3;

/// The requests of one run, counted, and what became of each token.
pub struct Budget<'a> {
    host: &'a dyn Host,
    settings: &'a Settings,
    default_token: Option<String>,
    partners: HashMap<String, Partner>,
    begun: Instant,
    pub asked: usize,
    without_token: usize,
    stopped: Option<String>,
}

/// What became of a token so far.
#[derive(Default)]
struct Partner {
    answered: bool,
    refused: Vec<Finding>,
    sold_as: Option<ProductRef>,
}

/// The state of a license at Jetpack.
pub enum LicenseReply {
    License(License),
    /// Jetpack does not know the license.
    Unknown(Error),
    /// Jetpack does not talk to this token, at least not about this license.
    Refused(Error),
    /// It was not asked, or could not be.
    Nothing,
}

impl<'a> Budget<'a> {
    pub fn new(
        host: &'a dyn Host,
        database: &mut Database,
        settings: &'a Settings,
    ) -> Result<Self, Error> {
        Ok(Self {
            host,
            settings,
            default_token: module_settings::token_of_new_products(host, database)?,
            partners: HashMap::new(),
            begun: Instant::now(),
            asked: 0,
            without_token: 0,
            stopped: None,
        })
    }

    pub const fn host(&self) -> &'a dyn Host {
        self.host
    }

    pub const fn settings(&self) -> &'a Settings {
        self.settings
    }

    pub fn may_ask(&self) -> bool {
        self.stopped.is_none() && self.asked < MOST_REQUESTS && self.begun.elapsed() < LONGEST
    }

    /// Asks for the license of a row, as far as the budget goes. One request, or none.
    pub fn license(&mut self, row: &Surveyed) -> Result<LicenseReply, Error> {
        if !self.may_ask() {
            return Ok(LicenseReply::Nothing);
        }
        let Some(token) = self.token(row) else {
            self.without_token += 1;
            return Ok(LicenseReply::Nothing);
        };
        let partner = self
            .partners
            .entry(token.secret().expose().clone())
            .or_default();
        if !partner.answered && partner.refused.len() >= MOST_REFUSALS {
            return Ok(LicenseReply::Nothing);
        }
        partner.sold_as = partner.sold_as.or(row.definition);
        self.asked += 1;
        let error = match Api::new(self.host, Some(token))?.license(&row.license.key) {
            Ok(license) => {
                partner.answered = true;
                return Ok(LicenseReply::License(license));
            }
            Err(error) => error,
        };
        Ok(match status(&error) {
            Some(400 | 404) => LicenseReply::Unknown(error),
            Some(401 | 403) => LicenseReply::Refused(error),
            _ => {
                self.stop(&error);
                LicenseReply::Nothing
            }
        })
    }

    /// Notes a license that the token was refused for: it is reported only where the token works for others.
    pub fn doubt(&mut self, row: &Surveyed, finding: Finding) {
        let token = self.token(row).map(|token| token.secret().expose().clone());
        if let Some(partner) = token.and_then(|token| self.partners.get_mut(&token)) {
            partner.refused.push(finding);
        }
    }

    /// Ends the requests, after an answer that the next one would get as well.
    pub fn stop(&mut self, error: &Error) {
        let why = match (status(error), error) {
            (Some(429), _) => "Jetpack asked for fewer requests (HTTP 429)".to_owned(),
            (Some(status), _) => format!("Jetpack answered HTTP {status}"),
            (None, Error::NotSent(tried) | Error::NoAnswer(tried)) => {
                format!("Jetpack could not be reached ({})", tried.reason)
            }
            (None, other) => other.to_string(),
        };
        self.stopped = Some(format!("{why}, so the rest is checked next time."));
    }

    /// Returns what was refused with tokens that work, and remarks about the run.
    pub fn finish(self) -> (Vec<Finding>, Vec<String>) {
        let mut findings = Vec::new();
        let mut remarks: Vec<String> = self.stopped.into_iter().collect();
        for partner in self.partners.into_values() {
            if partner.answered {
                findings.extend(partner.refused);
            } else if !partner.refused.is_empty() {
                let whose = match partner.sold_as {
                    Some(ProductRef::Product(id)) => format!("of product {id}"),
                    Some(ProductRef::Addon(id)) => format!("of addon product {id}"),
                    None => "of products that are no longer sold".to_owned(),
                };
                remarks.push(format!(
                    "Jetpack refuses the API Token {whose}; correct it in the Module Settings."
                ));
            }
        }
        if self.without_token > 0 {
            remarks.push(format!(
                "{} licenses could not be asked about, because their products have no API Token.",
                self.without_token
            ));
        }
        remarks.sort();
        (findings, remarks)
    }

    /// Returns the token of what was sold; of a service that is gone that of its product, else the one of new products.
    fn token(&self, row: &Surveyed) -> Option<Token> {
        let sold_as = row
            .definition
            .unwrap_or(ProductRef::Product(row.license.product_id));
        let default_token = self.default_token.as_deref();
        Token::new(token_text(self.settings, default_token, sold_as)).ok()
    }
}

/// Returns the option API Token of a product, else the one that new products start with.
pub fn token_text<'a>(
    settings: &'a Settings,
    default_token: Option<&'a str>,
    sold_as: ProductRef,
) -> Option<&'a str> {
    match settings.get(&sold_as) {
        Some(options) => options.at(OPTION_TOKEN),
        None => default_token,
    }
}

/// Returns the HTTP status of a refusal.
pub const fn status(error: &Error) -> Option<u16> {
    match error {
        Error::Refused { status, .. } => Some(*status),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whmcs::fake_host::FakeHost;

    #[test]
    fn a_run_asks_so_many_questions_so_long_and_none_after_a_stop() {
        let host = FakeHost::new("http://127.0.0.1:1");
        let settings = Settings::new();
        let questions = |asked, begun, stopped| Budget {
            host: &host,
            settings: &settings,
            default_token: None,
            partners: HashMap::new(),
            begun,
            asked,
            without_token: 0,
            stopped,
        };
        let now = Instant::now();
        let long_ago = now.checked_sub(LONGEST).unwrap();
        assert!(questions(MOST_REQUESTS - 1, now, None).may_ask());
        assert!(!questions(MOST_REQUESTS, now, None).may_ask());
        assert!(!questions(0, long_ago, None).may_ask());
        assert!(!questions(0, now, Some("stopped".into())).may_ask());
    }
}
