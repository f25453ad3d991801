//! The partner's bill by product, `GET /licenses/billing`, as the partner portal reads it.

use serde::Deserialize;
use ureq::http::Method;

use super::{is_without_list, no_answer};
use crate::error::Error;
use crate::http::Repeatable;
use crate::jetpack::api::{Api, Call};
use crate::json::object::{self, Object};

/// A product in the partner's bill.
#[derive(Debug, Clone, Deserialize)]
pub struct BilledProduct {
    #[serde(rename = "product_slug")]
    pub slug: String,
    /// Of one license, in the currency of the account.
    #[serde(rename = "product_cost", default)]
    pub cost: serde_json::Value,
}

#[derive(Deserialize)]
struct Billing {
    products: Vec<Object<BilledProduct>>,
}

impl Api<'_> {
    /// What the token pays a month, by product; `None` where Jetpack does not say. One request.
    ///
    /// # Errors
    /// Where Jetpack cannot be reached or is out of order.
    pub fn billing(&self) -> Result<Option<Vec<BilledProduct>>, Error> {
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
        let billing: Option<Billing> = object::from_slice(&body).ok();
        Ok(billing.map(|billing| {
            billing
                .products
                .into_iter()
                .map(|product| product.0)
                .collect()
        }))
    }
}
