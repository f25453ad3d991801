//! The product families of the licensing API: what a partner may sell, with prices.

use std::io::Read;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::amount::{Amount, amount};
use super::license::Slug;
use crate::json::object;
use crate::json::stream as json_stream;
use crate::json::stream::{StreamEnd, StreamError};
use crate::text::plain;

/// The longest list of products, in bytes; it has some hundred of a few hundred bytes.
pub const PRODUCTS_BYTES: u64 = 4 * 1024 * 1024;

/// The most products on it.
pub const PRODUCTS: usize = 5_000;

/// What the partner portal leaves out, families and products: plans of WordPress.com that a partner may not issue
/// (Automattic/wp-calypso, `client/state/partner-portal`).
const NOT_FOR_PARTNERS: [&str; 4] = ["free", "personal", "premium", "professional"];

/// A family of products, as Jetpack groups them.
#[derive(Debug)]
pub struct Family {
    slug: String,
    pub description: Option<String>,
    pub products: Vec<Product>,
}

/// A product that a partner can issue licenses of, with its price.
#[derive(Debug, Clone, Deserialize)]
pub struct Product {
    pub name: String,
    pub slug: String,
    #[serde(default)]
    pub currency: Option<String>,
    #[serde(default, deserialize_with = "amount")]
    pub amount: Option<Amount>,
    #[serde(default)]
    pub price_interval: Option<String>,
}

impl Product {
    /// Returns the price in words, "USD 4.95 per month"; `None` where Jetpack names no amount.
    pub fn price(&self) -> Option<String> {
        let amount = self.amount.as_ref()?.text();
        let currency = self.currency.as_deref().map(plain).unwrap_or_default();
        let currency = currency.to_uppercase();
        Some(match self.price_interval.as_deref().map(plain) {
            Some(interval) => format!("{currency} {amount} per {interval}"),
            None => format!("{currency} {amount}"),
        })
    }
}

#[derive(Deserialize)]
struct RawFamily<'a> {
    #[serde(default)]
    slug: serde_json::Value,
    #[serde(default)]
    description: serde_json::Value,
    #[serde(borrow, default)]
    products: Option<&'a RawValue>,
}

impl Family {
    /// Returns the products that a partner may issue.
    pub fn for_partners(&self) -> impl Iterator<Item = &Product> {
        let is_for_partners = |slug: &str| !NOT_FOR_PARTNERS.contains(&slug);
        self.products
            .iter()
            .filter(move |product| is_for_partners(&self.slug) && is_for_partners(&product.slug))
    }
}

/// Reads the families in the order of the API, one product at a time. A product that cannot be read or issued is left out;
/// `None` for what is no list of families, and for more products than there are.
pub fn read_families(body: &[u8]) -> Option<Vec<Family>> {
    let mut families = Vec::new();
    let mut count = 0;
    each_of(body, |family: &[u8]| {
        let family: RawFamily<'_> = object::from_slice(family).ok()?;
        let mut products = Vec::new();
        let listed = family.products.map(RawValue::get);
        if let Some(list) = listed.filter(|list| list.starts_with('[')) {
            each_of(list.as_bytes(), |product| {
                let product = object::from_slice::<Product>(product).ok();
                products.extend(product.filter(|product| Slug::new(Some(&product.slug)).is_ok()));
                (count + products.len() <= PRODUCTS).then_some(())
            })?;
        }
        count += products.len();
        families.push(Family {
            slug: family.slug.as_str().unwrap_or_default().to_owned(),
            description: family.description.as_str().map(str::to_owned),
            products,
        });
        Some(())
    })?;
    Some(families)
}

/// Hands over each element of a list; `None` for what is none, and where `each` returns it.
fn each_of(list: &[u8], mut each: impl FnMut(&[u8]) -> Option<()>) -> Option<()> {
    let mut rest = list;
    let read = |piece: &mut [u8]| rest.read(piece).map_err(|error| error.to_string());
    let ending = json_stream::elements(read, list.len(), |_: IgnoredAny, element| {
        each(element).ok_or(StreamError::Malformed)
    });
    matches!(ending, Ok(StreamEnd::All(_))).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slugs(body: &[u8]) -> Vec<String> {
        let families = read_families(body).unwrap();
        let products = families.iter().flat_map(|family| &family.products);
        products.map(|product| product.slug.clone()).collect()
    }

    #[test]
    fn a_product_that_cannot_be_read_does_not_cost_the_list() {
        let body = br#"[{"products":null},{},{"products":[{"name":null,"slug":"a"},{"name":"B","slug":"b"},
            {"name":"X","slug":"\"><script>"}]},{"slug":7,"description":[],"products":[{"name":"C","slug":"c"}]}]"#;
        assert_eq!(slugs(body), ["b", "c"]);
        assert!(read_families(b"{}").is_none());
        assert!(read_families(b"[1]").is_none());
        assert!(read_families(b"[]]").is_none());
    }

    #[test]
    fn more_products_than_there_are_are_no_list() {
        for more in [0, 1] {
            let product = r#"{"name":"A","slug":"a"}"#;
            let half = vec![product; PRODUCTS / 2].join(",");
            let rest = vec![product; PRODUCTS / 2 + more].join(",");
            let list = format!(r#"[{{"products":[{half}]}},{{"products":[{rest}]}}]"#);
            assert_eq!(read_families(list.as_bytes()).is_some(), more == 0);
        }
    }

    #[test]
    fn what_a_partner_may_not_issue_is_left_out_as_family_and_as_product() {
        let body = br#"[{"slug":"personal","products":[{"name":"A","slug":"a"}]},
            {"slug":"packs","products":[{"name":"F","slug":"free"},{"name":"B","slug":"b","supported_bundles":[{"amount":1}]}]}]"#;
        let families = read_families(body).unwrap();
        let issued: Vec<&str> = families
            .iter()
            .flat_map(Family::for_partners)
            .map(|product| product.slug.as_str())
            .collect();
        assert_eq!(issued, ["b"]);
    }
}
