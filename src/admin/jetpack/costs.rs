//! *Costs of the month*: what Jetpack says that the licenses of each token cost; where it does not say, what the prices of its
//! list make of the licenses in our table.

use std::collections::HashMap;

use crate::error::Error;
use crate::jetpack::api::license::Token;
use crate::jetpack::api::license_list::Bill;
use crate::jetpack::api::products::{Family, Product};
use crate::jetpack::api::{Amount, Api};
use crate::jetpack::tables::licenses_browsing::{self, Counted};
use crate::secret::Secret;
use crate::text::plain;
use crate::whmcs::{Host, open_database, token_places};

/// Days of a month, for a price per day.
const DAYS: f64 = 30.0;

/// Tokens that are asked about; a host has one or two.
const MOST_TOKENS: usize = 5;

/// The costs of a product.
#[derive(Debug, Clone, PartialEq)]
pub struct CostLine {
    pub name: String,
    pub slug: String,
    /// Of one license; empty where it is not known.
    pub each: String,
    pub licenses: u64,
    pub total: Option<f64>,
}

/// The source of the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CostSource {
    /// Jetpack's own figures, and the day they are of.
    Jetpack(String),
    /// Prices of Jetpack's list times the active licenses of our table, whatever their token.
    List,
}

/// The costs of a token.
#[derive(Debug)]
pub struct TokenCosts {
    pub fingerprint: String,
    pub costs: Result<(CostSource, Vec<CostLine>, Option<f64>), String>,
}

/// The costs of each token in use. One request for a token, two where Jetpack does not tell.
///
/// # Errors
/// Where the database cannot be read; that Jetpack cannot be asked is said of each token.
pub fn of_all(host: &dyn Host) -> Result<Vec<TokenCosts>, Error> {
    let mut database = open_database(host)?;
    let places = token_places::all(&mut database)?;
    let counted = licenses_browsing::counts(&mut database)?;
    // WHMCS's code decrypts hidden tokens.
    drop(database);
    let mut tokens: Vec<(String, Secret<String>)> = Vec::new();
    for place in &places {
        let fingerprint = place.fingerprint();
        if tokens.iter().all(|(known, _)| *known != fingerprint) {
            tokens.push((fingerprint, place.token(host)));
        }
    }
    let tokens = tokens.into_iter().take(MOST_TOKENS);
    Ok(tokens
        .map(|(fingerprint, token)| TokenCosts {
            fingerprint,
            costs: of_token(host, &token, &counted).map_err(|error| error.for_staff("")),
        })
        .collect())
}

/// Returns sentences that say what the figures are, and what they are not.
pub const fn remark(source: &CostSource) -> &'static str {
    match source {
        CostSource::Jetpack(_) => {
            "As Jetpack's partner portal counts it on that day: what all active licenses of the token cost in a month, those without a service in WHMCS included. It is no invoice: discounts and licenses that were revoked during the month are not in it."
        }
        CostSource::List => {
            "Jetpack does not tell this token what its licenses cost. This is an estimate: prices of Jetpack's list times the active licenses in WHMCS, of all tokens together, with 30 days for a price per day. It is no invoice."
        }
    }
}

fn of_token(
    host: &dyn Host,
    token: &Secret<String>,
    counted: &[Counted],
) -> Result<(CostSource, Vec<CostLine>, Option<f64>), Error> {
    let api = Api::new(host, Some(Token::new(Some(token.expose()))?))?;
    if let Some(bill) = api.billing()? {
        return Ok(billed(&bill));
    }
    Ok(estimated(&api.families()?, counted))
}

fn billed(bill: &Bill) -> (CostSource, Vec<CostLine>, Option<f64>) {
    let lines = bill.products.iter().map(|product| {
        let licenses = product.licenses;
        let each = product.cost.as_ref().and_then(Amount::number);
        let total = product.total_cost.as_ref().and_then(Amount::number);
        CostLine {
            name: shown(&product.name, &product.slug),
            slug: plain(&product.slug),
            each: each.map_or_else(String::new, amount),
            licenses,
            total: total.or(each.map(|each| each * as_float(licenses))),
        }
    });
    let lines: Vec<CostLine> = lines.collect();
    let total = bill.total_cost.as_ref().and_then(Amount::number);
    let total = total.or_else(|| sum(&lines));
    (CostSource::Jetpack(plain(&bill.date)), lines, total)
}

fn estimated(families: &[Family], counted: &[Counted]) -> (CostSource, Vec<CostLine>, Option<f64>) {
    let listed = families.iter().flat_map(|family| &family.products);
    let listed: HashMap<&str, &Product> = listed
        .map(|product| (product.slug.as_str(), product))
        .collect();
    let sold = counted.iter().filter(|counted| counted.active > 0);
    let lines: Vec<CostLine> = sold
        .map(|counted| {
            let product = listed.get(counted.slug.as_str());
            CostLine {
                name: product.map_or_else(
                    || "Not on Jetpack's list".to_owned(),
                    |product| plain(&product.name),
                ),
                slug: plain(&counted.slug),
                each: product
                    .and_then(|product| product.price())
                    .unwrap_or_default(),
                licenses: counted.active,
                total: product
                    .and_then(|product| of_a_month(product))
                    .map(|each| each * as_float(counted.active)),
            }
        })
        .collect();
    let total = sum(&lines);
    (CostSource::List, lines, total)
}

fn of_a_month(product: &Product) -> Option<f64> {
    let amount = product.amount.as_ref()?.number()?;
    match product.price_interval.as_deref() {
        Some("day") => Some(amount * DAYS),
        Some("month") | None => Some(amount),
        Some(_) => None,
    }
}

/// `None` where a part of it is not known: it would be too little.
fn sum(lines: &[CostLine]) -> Option<f64> {
    lines.iter().map(|line| line.total).sum()
}

/// Writes an amount with two decimals.
pub fn amount(amount: f64) -> String {
    format!("{amount:.2}")
}

#[allow(clippy::cast_precision_loss)]
const fn as_float(count: u64) -> f64 {
    count as f64
}

fn shown(name: &str, slug: &str) -> String {
    match plain(name) {
        name if name.is_empty() => plain(slug),
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jetpack::api::products::read_families;
    use crate::json::object;

    #[test]
    fn a_bill_of_jetpack_is_shown_as_it_is() {
        let bill: Bill = object::from_str(
            r#"{"date":"2026-01-15","products":[
              {"product_slug":"jetpack-scan","product_name":"<b>Scan</b>","product_cost":"3.95","product_total_cost":7.9,"counts":{"total":"2"}},
              {"product_slug":"other"}],"costs":{"total":12.5}}"#,
        )
        .unwrap();
        let (source, lines, total) = billed(&bill);
        assert_eq!(source, CostSource::Jetpack("2026-01-15".to_owned()));
        assert_eq!(total, Some(12.5));
        let scan = lines.first().unwrap();
        assert_eq!(
            (
                scan.name.as_str(),
                scan.each.as_str(),
                scan.licenses,
                scan.total
            ),
            ("Scan", "3.95", 2, Some(7.9))
        );
        assert_eq!(lines.last().unwrap().total, None);
    }

    #[test]
    fn an_estimate_counts_days_and_leaves_the_sum_out_where_a_price_is_missing() {
        let families = read_families(
            br#"[{"slug":"f","products":[
              {"name":"Scan","slug":"scan","currency":"usd","amount":"4.95","price_interval":"month"},
              {"name":"Complete","slug":"complete","currency":"usd","amount":1.5,"price_interval":"day"}]}]"#,
        )
        .unwrap();
        let counted = |slug: &str, active| Counted {
            slug: slug.to_owned(),
            active,
            revoked: 3,
        };
        let two = [
            counted("scan", 2),
            counted("complete", 1),
            counted("gone", 0),
        ];
        let (_, lines, total) = estimated(&families, &two);
        assert_eq!(lines.len(), 2);
        assert_eq!(amount(total.unwrap()), "54.90");
        let (_, lines, total) = estimated(&families, &[counted("gone", 1)]);
        assert_eq!((lines.first().unwrap().total, total), (None, None));
    }
}
