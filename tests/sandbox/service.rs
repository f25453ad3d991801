//! The two APIs that stand behind the same listeners, and which of them a request is for.

use serde_json::{Value, json};

use crate::World;
use crate::answer::{Answer, Outcome};
use crate::comet::router as comet;
use crate::request::Request;
use crate::{api, transcript};

#[derive(Clone, Copy, PartialEq)]
pub enum Service {
    Licensing,
    Comet,
}

impl Service {
    pub fn of(request: &Request) -> Self {
        if comet::serves(request) {
            Self::Comet
        } else {
            Self::Licensing
        }
    }

    /// What the paths of most endpoints begin with.
    pub fn base(self) -> &'static str {
        match self {
            Self::Licensing => api::BASE,
            Self::Comet => comet::BASE,
        }
    }

    pub fn respond(self, world: &mut World, request: &Request) -> Outcome {
        match self {
            Self::Licensing => api::respond(&mut world.state, request),
            Self::Comet => comet::respond(&mut world.comet, request),
        }
    }

    /// What the transcript tells of the request besides the usual.
    pub fn details(self, world: &World, request: &Request) -> Option<transcript::Details> {
        match self {
            Self::Licensing => None,
            Self::Comet => Some(crate::comet::control::details(&world.comet, request)),
        }
    }

    /// The error body in the way of this API.
    pub fn error(self, status: u16, code: &str, message: &str) -> Answer {
        match self {
            Self::Licensing => Answer::error(status, code, message),
            Self::Comet => Answer::json(status, &json!({"Status": status, "Message": message})),
        }
    }

    /// The answer as it goes out, with the headers by which the API names the request and says what time it is there.
    pub fn label(self, answer: Answer, id: String, world: &World) -> Answer {
        match self {
            Self::Licensing => {
                let date = world.state.date().strftime("%a, %d %b %Y %H:%M:%S GMT");
                answer
                    .with_header("X-Jetpack-Request-Id", id)
                    .with_header("Date", date.to_string())
            }
            Self::Comet => answer,
        }
    }

    /// Changes what the request is about, as if somebody else had been a moment earlier.
    pub fn disturb(self, world: &mut World, request: &Request, change: &Value) {
        if self == Self::Comet {
            crate::comet::control::disturb(&mut world.comet, request, change);
        }
    }
}
