//! Errors, each as one plain sentence: what failed, where, and what to do.

use std::fmt;

use crate::text::plain;

/// A failed task in the form "issue a license", and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedTask {
    pub task: String,
    pub reason: String,
    pub request_id: Option<String>,
}

/// A refusal of the remote API, in its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    pub task: String,
    pub code: String,
    pub message: String,
    pub request_id: Option<String>,
    pub advice: String,
}

/// A request that was sent, and whose end nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndecidedRequest {
    pub sentence: String,
    pub request_id: Option<String>,
}

/// A sentence for the customer by its key, with the values that it names, and as it is in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerText {
    pub key: &'static str,
    pub values: Vec<(&'static str, String)>,
    pub english: String,
}

/// A failure. It is moved at every `?`: what is large is boxed, which makes the library 50 kB smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// For the administrator: a setting of WHMCS, of PHP or of the server that cannot be used.
    Config(String),
    /// For staff: the command was not carried out. The sentence says why, and what to do.
    Refusal(String),
    /// For customers: the command was not carried out. The only sentence that a customer may read as it is.
    Customer(String),
    /// For customers, who read it in their language; staff read it in English.
    Text(Box<CustomerText>),
    /// The request never left: nothing has changed remotely.
    NotSent(Box<FailedTask>),
    /// A request that only reads got no answer.
    NoAnswer(Box<FailedTask>),
    /// The remote API refused: nothing has changed there.
    Refused {
        status: u16,
        reply: Box<RefusedRequest>,
    },
    /// The answer was lost or cannot be read. Whether anything has changed is not known.
    Lost(Box<FailedTask>),
    /// A statement failed, or there is no connection to the database.
    Database(Box<FailedTask>),
    /// Another process works on the same service; `since` is UTC.
    Busy { since: String },
    /// The end of an earlier request is not known, and a person has to decide: the sentence says how.
    Undecided(Box<UndecidedRequest>),
    /// A sentence of the PHP modules that staff know by heart: shown as it is, without a prefix.
    Verbatim(&'static str),
}

impl FailedTask {
    // An error holds it in a box.
    #[allow(clippy::unnecessary_box_returns)]
    pub fn new(task: &str, reason: String) -> Box<Self> {
        Box::new(Self {
            task: task.to_owned(),
            reason,
            request_id: None,
        })
    }
}

impl Error {
    /// The id that the remote API gave the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { reply, .. } => reply.request_id.as_deref(),
            Self::Lost(tried) => tried.request_id.as_deref(),
            Self::Undecided(open) => open.request_id.as_deref(),
            _ => None,
        }
    }

    /// Whether a customer may read what it says. Everything else names servers, settings, tables and other people's work.
    pub const fn is_for_customers(&self) -> bool {
        matches!(self, Self::Customer(_) | Self::Text(_))
    }

    /// The text for staff and logs: `prefix` before all but the message that staff know without it.
    pub fn for_staff(&self, prefix: &str) -> String {
        match self {
            Self::Verbatim(sentence) => (*sentence).to_owned(),
            _ => with_prefix(prefix, &self.to_string()),
        }
    }
}

/// A line of a module's; some modules have no prefix.
pub fn with_prefix(prefix: &str, sentence: &str) -> String {
    if prefix.is_empty() {
        sentence.to_owned()
    } else {
        format!("{prefix} {sentence}")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(sentence) | Self::Refusal(sentence) | Self::Customer(sentence) => {
                f.write_str(sentence)
            }
            Self::NotSent(tried) => write!(
                f,
                "Could not {tried}. Nothing was sent; try again when the connection works."
            ),
            Self::NoAnswer(tried) => write!(
                f,
                "Could not {tried}. Nothing has changed; try again later."
            ),
            Self::Refused { status, reply } => {
                let RefusedRequest {
                    task,
                    code,
                    message,
                    request_id,
                    advice,
                } = &**reply;
                write!(f, "Could not {task}: {message} (")?;
                if !code.is_empty() {
                    write!(f, "{code}, ")?;
                }
                write!(
                    f,
                    "HTTP {status}{}). {advice}",
                    mention(request_id.as_deref())
                )
            }
            Self::Lost(tried) => write!(
                f,
                "It is not known whether the request to {} was carried out: {}{}.",
                tried.task,
                tried.reason,
                mention(tried.request_id.as_deref())
            ),
            Self::Database(tried) => write!(
                f,
                "Could not {} in the WHMCS database: {}. Check the database and run this again.",
                tried.task, tried.reason
            ),
            Self::Busy { since } => write!(
                f,
                "Another operation for this service is already running since {since} UTC. Wait for its end and run this again."
            ),
            Self::Undecided(request) => f.write_str(&request.sentence),
            Self::Text(said) => f.write_str(&said.english),
            Self::Verbatim(sentence) => f.write_str(sentence),
        }
    }
}

impl fmt::Display for FailedTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.task, self.reason)
    }
}

impl std::error::Error for Error {}

/// The request id as a sentence names it, behind a comma; empty where there is none.
pub fn mention(request_id: Option<&str>) -> String {
    request_id.map_or_else(String::new, |id| format!(", request id {}", plain(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_task_answer_request_and_advice() {
        let error = Error::Refused {
            status: 400,
            reply: Box::new(RefusedRequest {
                task: "issue a license for nothing".into(),
                code: "invalid_product".into(),
                message: "The product is not valid.".into(),
                request_id: Some("r-1".into()),
                advice: "Choose another product.".into(),
            }),
        };
        assert_eq!(
            error.for_staff("PREFIX:"),
            "PREFIX: Could not issue a license for nothing: The product is not valid. (invalid_product, HTTP 400, request id r-1). Choose another product."
        );
        assert_eq!(with_prefix("", "Begins here."), "Begins here.");
        assert_eq!(Error::Verbatim("No key.").for_staff("PREFIX:"), "No key.");
    }
}
