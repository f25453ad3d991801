//! The licensing API: one function for each endpoint, each one request.
//!
//! Facts: Automattic/jetpack-licensing-api, version 1.4.1.

mod address;
mod amount;
pub mod license;
pub mod license_list;
pub mod log_text;
pub mod products;
mod remote_clock;
pub mod site;

use std::cell::Cell;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use ureq::http::Method;

use crate::error::{Error, FailedTask, RefusedRequest};
use crate::http::{self, Failure, Repeatable, Reply, Request, RequestBody};
use crate::json::object;
use crate::outcome::{Answered, Outcome};
use crate::redact::Secrets;
use crate::secret::Secret;
use crate::text::plain;
use crate::whmcs::{Host, ModuleCall};
pub use amount::Amount;
use license::{License, LicenseKey, Slug, Token};
use log_text::without_secrets;
use products::{Family, PRODUCTS_BYTES, read_families};
use remote_clock::RemoteClock;

const IN_URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The action whose answer grows with what Jetpack sells.
const PRODUCTS: &str = "products";

/// The API with the partner's token.
pub struct Api<'a> {
    host: &'a dyn Host,
    base: String,
    token: Option<Token>,
    clock: Cell<Option<RemoteClock>>,
}

/// One call: what for, and what is sent.
struct Call<'a> {
    action: &'static str,
    task: String,
    effect: Repeatable,
    method: Method,
    path: String,
    key: Option<&'a LicenseKey>,
    body: Option<serde_json::Value>,
}

#[derive(Deserialize, Default)]
struct RawError {
    #[serde(default)]
    code: serde_json::Value,
    #[serde(default)]
    message: serde_json::Value,
}

impl<'a> Api<'a> {
    /// Prepares calls with a token; without one only the public list of products can be read.
    pub fn new(host: &'a dyn Host, token: Option<Token>) -> Result<Self, Error> {
        Ok(Self {
            host,
            base: address::read(host)?,
            token,
            clock: Cell::new(None),
        })
    }

    /// `POST /license`: issues a license, which is billed from then on. Not safe to repeat.
    pub fn issue(&self, slug: &Slug) -> Outcome<License> {
        self.change(
            &Call {
                action: "issue",
                task: format!("issue a license for {}", slug.as_str()),
                effect: Repeatable::Never,
                method: Method::POST,
                path: "/license".into(),
                key: None,
                body: Some(serde_json::json!({ "product": slug.as_str() })),
            },
            License::read,
        )
    }

    /// `DELETE /license`: revokes a license for good. A second call may answer 400.
    pub fn revoke(&self, key: &LicenseKey) -> Outcome<License> {
        self.change(
            &Call {
                action: "revoke",
                task: format!("revoke the license {}", key.hint()),
                effect: Repeatable::IfVerified,
                method: Method::DELETE,
                path: format!("/license?license_key={}", encoded(key.expose())),
                key: Some(key),
                body: None,
            },
            |body| license_of(key, body).filter(|license| license.revoked_at.is_some()),
        )
    }

    /// `GET /license`: the license as Jetpack knows it.
    pub fn license(&self, key: &LicenseKey) -> Result<License, Error> {
        let call = Call {
            action: "check",
            task: format!("check the license {}", key.hint()),
            effect: Repeatable::Yes,
            method: Method::GET,
            path: format!("/license?license_key={}", encoded(key.expose())),
            key: Some(key),
            body: None,
        };
        self.read(&call, |body| license_of(key, body))
    }

    /// `POST /license/{key}/site`: attaches the license to a site, given as absolute URL. Safe to repeat.
    pub fn attach(&self, key: &LicenseKey, site: &str) -> Outcome<License> {
        self.change(
            &Call {
                action: "attach",
                task: format!("attach the license {} to {}", key.hint(), plain(site)),
                effect: Repeatable::IfVerified,
                method: Method::POST,
                path: format!("/license/{}/site", encoded(key.expose())),
                key: Some(key),
                body: Some(serde_json::json!({ "site": site })),
            },
            |body| license_of(key, body),
        )
    }

    /// `DELETE /license/{key}/site`: detaches the license. Jetpack mails the site's owner, its default.
    pub fn detach(&self, key: &LicenseKey) -> Outcome<License> {
        self.change(
            &Call {
                action: "detach",
                task: format!("detach the license {} from its site", key.hint()),
                effect: Repeatable::IfVerified,
                method: Method::DELETE,
                path: format!("/license/{}/site", encoded(key.expose())),
                key: Some(key),
                body: None,
            },
            |body| license_of(key, body),
        )
    }

    /// `GET /partner/product-families` with a token, else `GET /product-families`.
    pub fn families(&self) -> Result<Vec<Family>, Error> {
        let path = match self.token {
            Some(_) => "/partner/product-families",
            None => "/product-families",
        };
        let call = Call {
            action: PRODUCTS,
            task: "read the list of Jetpack products".into(),
            effect: Repeatable::Yes,
            method: Method::GET,
            path: path.into(),
            key: None,
            body: None,
        };
        self.read(&call, read_families)
    }

    fn change<T>(&self, call: &Call<'_>, read: impl Fn(&[u8]) -> Option<T>) -> Outcome<T> {
        let answer = match self.exchange(call) {
            Ok(answer) => answer,
            Err(failure) => return failure.change_outcome(&call.task),
        };
        let status = answer.status;
        if status.is_success() {
            return match understood(&answer, read) {
                Ok(value) => Outcome::Done(Answered {
                    value,
                    request_id: answer.request_id,
                }),
                Err(reason) => Outcome::Unknown(lost(call, reason, answer.request_id)),
            };
        }
        // 408 comes from whoever lost patience, 5xx from a proxy or an application that broke off.
        if status.as_u16() == 408 || !(status.is_client_error() || status.is_redirection()) {
            let reason = format!("the answer was {}", self.status_line(call, &answer));
            return Outcome::Unknown(lost(call, reason, answer.request_id));
        }
        Outcome::Failed(self.refusal_error(call, &answer))
    }

    fn read<T>(&self, call: &Call<'_>, read: impl Fn(&[u8]) -> Option<T>) -> Result<T, Error> {
        let answer = self
            .exchange(call)
            .map_err(|failure| failure.read_error(&call.task))?;
        if !answer.status.is_success() {
            return Err(self.refusal_error(call, &answer));
        }
        understood(&answer, read).map_err(|reason| Error::Refused {
            status: answer.status.as_u16(),
            reply: Box::new(RefusedRequest {
                task: call.task.clone(),
                code: String::new(),
                message: reason,
                request_id: answer.request_id.clone(),
                advice: "Try again later.".into(),
            }),
        })
    }

    fn refusal_error(&self, call: &Call<'_>, answer: &Reply) -> Error {
        let raw = raw_error(answer);
        let text =
            |value: &serde_json::Value| self.repeated(call, value.as_str().unwrap_or_default());
        let message = raw.as_ref().map_or_else(
            || "the answer is not from the licensing API".to_owned(),
            |raw| match text(&raw.message) {
                said if said.is_empty() => "no reason was given".to_owned(),
                said => said,
            },
        );
        Error::Refused {
            status: answer.status.as_u16(),
            reply: Box::new(RefusedRequest {
                task: call.task.clone(),
                code: raw.map_or_else(String::new, |raw| text(&raw.code)),
                message,
                request_id: answer.request_id.clone(),
                advice: site::advice(call, answer.status)
                    .map_or_else(|| advice(answer), str::to_owned),
            }),
        }
    }

    fn status_line(&self, call: &Call<'_>, answer: &Reply) -> String {
        let status = answer.status.as_u16();
        let message = raw_error(answer).and_then(|raw| {
            let message = raw.message.as_str()?;
            Some(self.repeated(call, message))
        });
        match message {
            Some(message) => format!("HTTP {status} {message}"),
            None => format!("HTTP {status}"),
        }
    }

    /// Jetpack's text, fit for a sentence: it may repeat the token or the key.
    fn repeated(&self, call: &Call<'_>, text: &str) -> String {
        Secrets::new(self.secrets(call)).plain(text)
    }

    /// Values that no text may show, as they are and as they travel in addresses.
    fn secrets(&self, call: &Call<'_>) -> Vec<String> {
        let token = self
            .token
            .as_ref()
            .map(|token| token.secret().expose().as_str());
        let key = call.key.map(LicenseKey::expose);
        token
            .into_iter()
            .chain(key)
            .flat_map(|secret| [encoded(secret), secret.to_owned()])
            .collect()
    }

    fn request(&self, call: &Call<'_>) -> Request<'_> {
        let body = call.body.as_ref().map(|json| RequestBody {
            content_type: "application/json",
            text: Secret::new(json.to_string()),
        });
        Request {
            effect: call.effect,
            method: call.method.clone(),
            url: format!("{}{}", self.base, call.path),
            bearer: self.token.as_ref().map(Token::secret),
            id_header: Some("x-jetpack-request-id"),
            body,
            bypasses_breaker: false,
            longest_answer: (call.action == PRODUCTS).then_some(PRODUCTS_BYTES),
        }
    }

    fn exchange(&self, call: &Call<'_>) -> Result<Reply, Failure> {
        let request = self.request(call);
        let mut end = http::exchange(&self.host.http(), &request);
        if let Ok(answer) = &mut end {
            self.note_date(answer.date.as_deref());
            let id = answer.request_id.take();
            answer.request_id = id.map(|id| self.repeated(call, &id));
        }
        self.host.log_call(self.logged(call, &request, &end));
        end
    }

    /// Keys and token are removed from the texts, and passed along as values to hide as well.
    fn logged(
        &self,
        call: &Call<'_>,
        request: &Request<'_>,
        end: &Result<Reply, Failure>,
    ) -> ModuleCall {
        let mut secrets = self.secrets(call);
        let mut url = request.url.clone();
        if let Some(key) = call.key {
            url = url.replace(&encoded(key.expose()), "[license key]");
        }
        let response = match end {
            Ok(answer) => {
                let body = match &answer.body {
                    Ok(body) => without_secrets(body, &mut secrets),
                    Err(reason) => reason.clone(),
                };
                let id = answer.request_id.as_deref().unwrap_or("none");
                format!("HTTP {}, request id {id}\n{body}", answer.status.as_u16())
            }
            Err(failure) => failure.reason(),
        };
        let sent = call
            .body
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        ModuleCall {
            module: crate::jetpack::MODULE,
            action: call.action.to_owned(),
            request: format!("{} {url}\n{sent}", call.method)
                .trim_end()
                .to_owned(),
            response,
            secrets,
        }
    }
}

/// A reply about another license is no reply.
fn license_of(key: &LicenseKey, body: &[u8]) -> Option<License> {
    License::read(body).filter(|license| license.key == *key)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, IN_URL).to_string()
}

fn understood<T>(answer: &Reply, read: impl Fn(&[u8]) -> Option<T>) -> Result<T, String> {
    let body = answer.body.as_ref().map_err(Clone::clone)?;
    read(body).ok_or_else(|| "the answer is not what the licensing API sends".to_owned())
}

fn lost(call: &Call<'_>, reason: String, request_id: Option<String>) -> Error {
    Error::Lost(Box::new(FailedTask {
        task: call.task.clone(),
        reason,
        request_id,
    }))
}

fn advice(answer: &Reply) -> String {
    match answer.status.as_u16() {
        300..=399 => "Check the setting whmcs_provisioning.jetpack_api_url: the server there redirects.".into(),
        400 | 404 => "Check the options API Token and Jetpack Product of this product.".into(),
        401 | 403 => "Check the option API Token of this product, and with Jetpack that the token may do this.".into(),
        429 => answer.retry_after.map_or_else(
            || "Too many requests: try again in a few minutes.".to_owned(),
            |seconds| format!("Too many requests: try again in {seconds} seconds."),
        ),
        _ => "Try again later. If this persists, give Jetpack the request id.".into(),
    }
}

fn raw_error(answer: &Reply) -> Option<RawError> {
    object::from_slice(answer.body.as_ref().ok()?).ok()
}

#[cfg(test)]
mod tests;
