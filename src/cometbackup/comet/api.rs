//! The admin API of a Comet Server: how a request is sent, and how its reply is judged.
//!
//! Facts: the vendor's SDKs up to 25.9.8. Every call is a POST with a form, reads included.

mod secrets;

use std::fmt::Write;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use ureq::http::Method;

use super::bounds;
use super::server::CometServer;
use crate::cometbackup::MODULE;
use crate::error::{Error, FailedTask, RefusedRequest};
use crate::http::circuit_breaker::Breaker;
use crate::http::{self, Failure, Repeatable, Reply, Request, RequestBody};
use crate::json::object;
use crate::outcome::{Answered, Outcome};
use crate::secret::Secret;
use crate::whmcs::{Host, ModuleCall};

/// The API of one server.
pub struct Api<'a> {
    host: &'a dyn Host,
    pub server: &'a CometServer,
    /// Below `/api/v1/`.
    family: &'static str,
    bypasses_breaker: bool,
}

/// One call: the endpoint, the task in words, and the fields of the form.
pub struct Call<'b> {
    /// Below `/api/v1/admin/`, or that of customers.
    pub endpoint: &'b str,
    /// The task in the form "create the account ada".
    pub task: String,
    pub fields: Vec<(&'static str, Field)>,
}

impl<'b> Call<'b> {
    /// Returns a call that sends nothing but the login.
    pub fn without_fields(endpoint: &'b str, task: &str) -> Self {
        Self {
            endpoint,
            task: task.to_owned(),
            fields: Vec::new(),
        }
    }

    /// Returns the error of a call that only reads, and whose answer cannot be read.
    pub fn no_answer(&self, reason: String) -> Error {
        Error::NoAnswer(FailedTask::new(&self.task, reason))
    }
}

/// A form field, and whether a log may show it.
pub enum Field {
    Plain(String),
    Secret(Secret<String>),
    /// Documents hold keys and hashes.
    Document(String),
}

/// The status envelope: the reply to every change, and to any call that is refused.
#[derive(Deserialize)]
struct StatusEnvelope {
    #[serde(rename = "Status")]
    status: i64,
    #[serde(rename = "Message", default)]
    message: Option<String>,
}

impl<'a> Api<'a> {
    pub const fn new(host: &'a dyn Host, server: &'a CometServer) -> Self {
        Self {
            host,
            server,
            family: "admin",
            bypasses_breaker: false,
        }
    }

    /// Returns the part for customers; `server` holds the login of one.
    pub const fn of_customers(self) -> Self {
        Self {
            family: "user/web",
            ..self
        }
    }

    /// Returns an API that asks also a server that could not be reached seconds ago.
    pub const fn insisting(self) -> Self {
        Self {
            bypasses_breaker: true,
            ..self
        }
    }

    /// Returns how requests travel.
    pub fn settings(&self) -> http::HttpSettings {
        self.host.http()
    }

    /// Returns when and why the server could not be reached, as far as that is remembered.
    pub fn failure(&self) -> Option<(Duration, String)> {
        Breaker::new(&self.host.http().breaker, &self.server.base).failure()
    }

    /// Sends a call that changes nothing.
    pub fn read<T>(
        &self,
        call: &Call<'_>,
        understand: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        self.read_whole(call, |text| understand(&text))
    }

    /// Reads as `read` does, and hands over the answer to keep.
    pub fn read_whole<T>(
        &self,
        call: &Call<'_>,
        understand: impl FnOnce(String) -> Option<T>,
    ) -> Result<T, Error> {
        let answer = self
            .exchange(call, Repeatable::Yes)
            .map_err(|failure| failure.read_error(&call.task))?;
        let text = self.judge_read(call, answer)?;
        understand(text).ok_or_else(|| call.no_answer(STRANGE.into()))
    }

    /// Sends a call that changes something; it travels once.
    pub fn change<T>(&self, call: &Call<'_>, understand: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        let lost =
            |reason: String| Outcome::Unknown(Error::Lost(FailedTask::new(&call.task, reason)));
        let answer = match self.exchange(call, Repeatable::IfVerified) {
            Ok(answer) => answer,
            Err(failure) => return failure.change_outcome(&call.task),
        };
        if answer.status.is_server_error() || answer.status.as_u16() == 408 {
            return lost(format!("the answer was HTTP {}", answer.status.as_u16()));
        }
        match self.judge(call, answer) {
            Err(refused) => Outcome::Failed(refused),
            Ok(Err(reason)) => lost(reason),
            Ok(Ok(text)) => match confirmed(&text).then(|| understand(&text)).flatten() {
                Some(value) => Outcome::Done(Answered {
                    value,
                    request_id: None,
                }),
                None => lost(STRANGE.into()),
            },
        }
    }

    fn exchange(&self, call: &Call<'_>, effect: Repeatable) -> Result<Reply, Failure> {
        let request = self.request(call, effect);
        let end = http::exchange(&self.host.http(), &request);
        let shown = match &end {
            Ok(answer) => self.shown(call, answer),
            Err(failure) => failure.reason(),
        };
        self.log(call, &request.url, shown);
        end
    }

    /// Returns the call as it travels.
    pub fn request(&self, call: &Call<'_>, effect: Repeatable) -> Request<'static> {
        Request {
            effect,
            method: Method::POST,
            url: format!(
                "{}/api/v1/{}/{}",
                self.server.base, self.family, call.endpoint
            ),
            bearer: None,
            id_header: None,
            body: Some(RequestBody {
                content_type: "application/x-www-form-urlencoded",
                text: Secret::new(self.form(call)),
            }),
            bypasses_breaker: self.bypasses_breaker,
            longest_answer: grows_with_the_customer(call.endpoint).then_some(bounds::PROFILE_BYTES),
        }
    }

    /// The credentials and the call's fields.
    fn form(&self, call: &Call<'_>) -> String {
        let mut form = format!(
            "Username={}&AuthType=Password&Password={}",
            encoded(&self.server.username),
            encoded(self.server.password.expose())
        );
        for (name, field) in &call.fields {
            // Writing to a String cannot fail.
            let _ = write!(form, "&{name}={}", encoded(field.text()));
        }
        form
    }

    /// Returns the text of an answer to a call that only reads.
    pub fn judge_read(&self, call: &Call<'_>, answer: Reply) -> Result<String, Error> {
        self.judge(call, answer)?
            .map_err(|reason| call.no_answer(reason))
    }

    /// HTTP status, then JSON, then `Status`. The outer error is a refusal, the inner one an answer nobody can read.
    fn judge(&self, call: &Call<'_>, answer: Reply) -> Result<Result<String, String>, Error> {
        let status = answer.status;
        let refused = |status: i64, message: &str| Error::Refused {
            status: u16::try_from(status).unwrap_or_default(),
            reply: Box::new(RefusedRequest {
                task: call.task.clone(),
                code: String::new(),
                message: match self.plain(call, message) {
                    said if said.is_empty() => "no reason was given".into(),
                    said => said,
                },
                request_id: None,
                advice: advice(status, message),
            }),
        };
        if status.is_redirection() {
            let to = answer.location.as_deref().unwrap_or_default();
            return Err(refused(
                i64::from(status.as_u16()),
                &format!("the server redirects, to {to}"),
            ));
        }
        let body = match answer.body {
            Ok(body) => String::from_utf8(body)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
            Err(reason) => return Ok(Err(reason)),
        };
        // Types without a Status of their own are replaced by the error object.
        let said = object::from_str::<StatusEnvelope>(&body);
        if let Ok(refusal) = &said
            && refusal.status >= 400
        {
            let message = refusal.message.as_deref().unwrap_or_default();
            return Err(refused(refusal.status, message));
        }
        if !status.is_success() {
            return Err(refused(
                i64::from(status.as_u16()),
                "the answer is not from a Comet Server",
            ));
        }
        if said.is_err() && serde_json::from_str::<IgnoredAny>(&body).is_err() {
            return Ok(Err(STRANGE.into()));
        }
        Ok(Ok(body))
    }

    /// Status and message of an answer; the rest of a document is not for logs.
    pub(super) fn shown(&self, call: &Call<'_>, answer: &Reply) -> String {
        let status = answer.status.as_u16();
        match &answer.body {
            Err(reason) => format!("HTTP {status}, {reason}"),
            Ok(body) => match object::from_slice::<StatusEnvelope>(body) {
                Ok(said) => format!(
                    "HTTP {status}, Status {}, {}",
                    said.status,
                    self.plain(call, &said.message.unwrap_or_default())
                ),
                Err(_) => format!("HTTP {status}, {} bytes", body.len()),
            },
        }
    }

    /// Writes the call into the module log; `response` without secrets.
    pub fn log(&self, call: &Call<'_>, url: &str, response: String) {
        let mut secrets = vec![
            self.server.password.expose().clone(),
            encoded(self.server.password.expose()),
        ];
        let mut request = format!("POST {url}");
        for (name, field) in &call.fields {
            let shown = match field {
                Field::Plain(text) => text.as_str(),
                Field::Secret(secret) => {
                    secrets.push(secret.expose().clone());
                    "[secret]"
                }
                Field::Document(_) => "[document]",
            };
            let _ = write!(request, "\n{name}={shown}");
        }
        self.host.log_call(ModuleCall {
            module: MODULE,
            action: call.endpoint.to_owned(),
            request,
            response,
            secrets,
        });
    }
}

/// Why an answer cannot be read.
pub(super) const STRANGE: &str = "the answer is not what a Comet Server sends";

/// Replies that are, or hold, a user profile.
fn grows_with_the_customer(endpoint: &str) -> bool {
    matches!(
        endpoint,
        "get-user-profile-and-hash" | "set-user-profile-hash" | "request-storage-vault"
    )
}

/// A change is done only where the server confirms it: JSON from a proxy in between confirms nothing.
fn confirmed(body: &str) -> bool {
    object::from_str::<StatusEnvelope>(body).is_ok_and(|said| (200..300).contains(&said.status))
}

impl Field {
    fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Document(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

/// Returns a plain field.
pub fn field(text: impl Into<String>) -> Field {
    Field::Plain(text.into())
}

fn advice(status: i64, message: &str) -> String {
    if message.contains("ERR_TOTP_REQUIRED") {
        return "This administrator needs a second factor: create another administrator without one in Comet for WHMCS.".into();
    }
    match status {
        300..=399 => "Correct hostname, port and Secure of the server in WHMCS.",
        401 | 403 => "Check user name and password of the server in WHMCS, and in Comet what this administrator may do and from which addresses.",
        429 => "Too many requests: try again in a few minutes.",
        _ => "Look into the log of the Comet Server.",
    }
    .into()
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
