//! The partner's bill by product, `GET /licenses/billing`, as the partner portal reads it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use ureq::http::Method;

use super::{is_without_list, no_answer};
use crate::error::Error;
use crate::http::Repeatable;
use crate::jetpack::api::amount::{Amount, amount};
use crate::jetpack::api::license::number;
use crate::jetpack::api::{Api, Call};
use crate::json::lenient;
use crate::json::object::{self, Object};

/// A product in the partner's bill.
#[derive(Debug, Clone, Deserialize)]
pub struct BilledProduct {
    #[serde(rename = "product_slug")]
    pub slug: String,
    /// The product's name, for people; empty where there is none.
    #[serde(rename = "product_name", default, deserialize_with = "lenient::text")]
    pub name: String,
    /// The cost of one license, in the currency of the account.
    #[serde(rename = "product_cost", default, deserialize_with = "amount")]
    pub cost: Option<Amount>,
    /// The cost of all its licenses.
    #[serde(rename = "product_total_cost", default, deserialize_with = "amount")]
    pub total_cost: Option<Amount>,
    /// Licenses of it, attached or not.
    #[serde(rename = "counts", default, deserialize_with = "total_count")]
    pub licenses: u64,
}

/// The bill of a token for a month, as Jetpack has it.
#[derive(Deserialize)]
pub struct Bill {
    /// The day it is of, `2026-01-15`; empty where it is not said.
    #[serde(default, deserialize_with = "lenient::text")]
    pub date: String,
    #[serde(deserialize_with = "objects")]
    pub products: Vec<BilledProduct>,
    /// The cost of all products.
    #[serde(rename = "costs", default, deserialize_with = "total_amount")]
    pub total_cost: Option<Amount>,
}

fn objects<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<BilledProduct>, D::Error> {
    let products = Vec::<Object<BilledProduct>>::deserialize(from)?;
    Ok(products.into_iter().map(|product| product.0).collect())
}

/// `total` of the counts `total`, `assigned` and `unassigned`.
fn total_count<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let counts = Value::deserialize(from)?;
    Ok(counts.get("total").and_then(number).unwrap_or_default())
}

/// `total` of amounts by the same names.
fn total_amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Amount>, D::Error> {
    let costs = Value::deserialize(from)?;
    Ok(costs.get("total").and_then(Amount::of))
}

impl Api<'_> {
    /// Returns what the token pays a month, by product; `None` where Jetpack does not say. One request.
    ///
    /// # Errors
    /// That Jetpack cannot be reached, or is out of order.
    pub fn billing(&self) -> Result<Option<Bill>, Error> {
        let call = Call {
            action: "billing",
            task: "read what the licenses cost".into(),
            effect: Repeatable::Yes,
            method: Method::GET,
            path: "/licenses/billing".into(),
            key: None,
            body: None,
        };
        let answer = self
            .exchange(&call)
            .map_err(|failure| failure.read_error(&call.task))?;
        if is_without_list(answer.status) {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(self.refusal_error(&call, &answer));
        }
        let body = answer.body.map_err(|reason| no_answer(&call, &reason))?;
        Ok(object::from_slice(&body).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bill(json: &str) -> Option<Bill> {
        object::from_str(json).ok()
    }

    #[test]
    fn what_is_missing_or_of_another_type_costs_no_product() {
        let bill = bill(
            r#"{"date":7,"products":[{"product_slug":"a"},{"product_slug":"b","product_name":null,"product_cost":true,
            "product_total_cost":[],"counts":[3]},{"product_slug":"c","product_name":"C","product_cost":"3.95",
            "product_total_cost":7.9,"counts":{"total":"2"}}],"costs":"none"}"#,
        )
        .unwrap();
        assert_eq!((bill.date.as_str(), bill.total_cost), ("", None));
        let [a, b, c] = bill.products.as_slice() else {
            panic!("three products")
        };
        for empty in [a, b] {
            assert_eq!((empty.name.as_str(), empty.licenses), ("", 0));
            assert_eq!((&empty.cost, &empty.total_cost), (&None, &None));
        }
        assert_eq!((c.name.as_str(), c.licenses), ("C", 2));
        assert_eq!(c.cost.as_ref().unwrap().text(), "3.95");
        assert_eq!(c.total_cost.as_ref().unwrap().number(), Some(7.9));
    }

    #[test]
    fn what_has_no_products_is_no_bill() {
        for other in [
            "{}",
            r#"{"products":null}"#,
            r#"{"products":[["a"]]}"#,
            r#"{"products":[{}]}"#,
        ] {
            assert!(bill(other).is_none(), "{other}");
        }
    }
}
