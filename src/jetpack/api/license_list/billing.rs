//! The partner's bill by product, `GET /licenses/billing`, as the partner portal reads it.

use serde::Deserialize;
use serde_json::Value;
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
    #[serde(rename = "product_name", default)]
    pub name: Value,
    /// Of one license, in the currency of the account.
    #[serde(rename = "product_cost", default)]
    pub cost: Value,
    /// Of all of them.
    #[serde(rename = "product_total_cost", default)]
    pub total_cost: Value,
    /// `total`, `assigned` and `unassigned` licenses.
    #[serde(default)]
    pub counts: Value,
}

/// What a token pays, as Jetpack has it.
#[derive(Deserialize)]
pub struct Bill {
    /// The day it is of.
    #[serde(default)]
    pub date: Value,
    pub products: Vec<Object<BilledProduct>>,
    /// The same of all products, as amounts.
    #[serde(default)]
    pub costs: Value,
}

impl Api<'_> {
    /// What the token pays a month, by product; `None` where Jetpack does not say. One request.
    ///
    /// # Errors
    /// Where Jetpack cannot be reached or is out of order.
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
