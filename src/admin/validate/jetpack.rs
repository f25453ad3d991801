//! Products of Jetpack: whether the token is accepted, and the product on the partner's list.

use std::collections::HashMap;

use super::{Assortment, ProblemSubject, Report, Severity, Shop, common};
use crate::error::Error;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{Slug, Token};
use crate::jetpack::api::products::Family;
use crate::jetpack::{OPTION_PRODUCT, OPTION_TOKEN};
use crate::text::plain;
use crate::whmcs::Host;
use crate::whmcs::catalog::Sold;
use crate::whmcs::stored_token::{self, fingerprint};

/// Slugs that a partner may issue, or why they are not known.
enum List {
    Known(Vec<String>),
    Refused,
    Unknown,
}

pub fn compare(
    host: &dyn Host,
    shop: &Shop,
    assortment: &Assortment,
    report: &mut Report,
) -> Result<(), Error> {
    let mut lists: HashMap<String, List> = HashMap::new();
    for sold in &assortment.sold {
        common::compare(shop, sold, report);
        let options = assortment.settings.get(&sold.definition);
        let at = |position| options.and_then(|options| options.at(position));
        let slug = Slug::new(at(OPTION_PRODUCT));
        if slug.is_err() {
            let what = "Its setting Jetpack Product is empty or no product of Jetpack, so no license can be issued.";
            let advice = "Choose a product in its Module Settings.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        let Ok(token) = Token::new(at(OPTION_TOKEN)) else {
            let is_hidden = at(OPTION_TOKEN).is_some_and(stored_token::is_hidden);
            if is_hidden {
                let what = "Its API Token is hidden, and WHMCS cannot decrypt it, so no license can be issued.";
                let advice = "Put the cc_encryption_hash of configuration.php back, or enter the token again: Rotate the token on the page Jetpack replaces it everywhere.";
                report.of_sold(Severity::Fault, sold, what, advice);
                continue;
            }
            let what = "Its setting API Token is empty or holds a character that no token has, so no license can be issued.";
            let advice = "Enter the token of your Jetpack partner account in its Module Settings.";
            report.of_sold(Severity::Fault, sold, what, advice);
            continue;
        };
        let text = token.secret().expose().clone();
        if !lists.contains_key(&text) {
            let asked = ask(host, token, report)?;
            lists.insert(text.clone(), asked);
        }
        if let (Ok(slug), Some(list)) = (&slug, lists.get(&text)) {
            of_product(sold, slug, list, report);
        }
    }
    Ok(())
}

fn ask(host: &dyn Host, token: Token, report: &mut Report) -> Result<List, Error> {
    report.tokens += 1;
    let about = ProblemSubject::Token(fingerprint(token.secret().expose()));
    match Api::new(host, Some(token))?.families() {
        Ok(families) => {
            let listed = families.iter().flat_map(Family::for_partners);
            Ok(List::Known(
                listed.map(|product| product.slug.clone()).collect(),
            ))
        }
        Err(
            error @ Error::Refused {
                status: 401 | 403, ..
            },
        ) => {
            let what = format!("Jetpack does not accept the token. {}", error.for_staff(""));
            let advice = "Enter the right token: Rotate the token on the page Jetpack replaces it everywhere.";
            report.add(Severity::Fault, about, what, advice);
            Ok(List::Refused)
        }
        Err(error) => {
            let what = format!(
                "Jetpack could not be asked, so the products with this token were not compared with its list. {}",
                error.for_staff("")
            );
            let advice = "Validate again when Jetpack answers.";
            report.add(Severity::Unchecked, about, what, advice);
            Ok(List::Unknown)
        }
    }
}

fn of_product(sold: &Sold, slug: &Slug, list: &List, report: &mut Report) {
    match list {
        List::Known(slugs) if slugs.iter().any(|listed| listed == slug.as_str()) => {}
        List::Known(_) => {
            let what = format!(
                "Jetpack does not list {} for this token, so no license can be issued.",
                plain(slug.as_str())
            );
            let advice = "Choose a product of the list in its Module Settings, or ask Jetpack to allow this one.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        List::Refused => {
            let what =
                "Jetpack does not accept its API token, so no license can be issued or revoked.";
            let advice = "Enter the right token in its Module Settings.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        List::Unknown => {}
    }
}
