//! Which endpoint a request is for, who may call it, and the answer's outer form.

use std::collections::BTreeMap;

use super::admins::Caller;
use super::endpoints::{self, Act, Role};
use super::refusal::Refusal;
use super::state::Comet;
use super::version::Version;
use super::{downloads, server, sessions, text};
use crate::answer::{Answer, Outcome};
use crate::request::Request;

pub const BASE: &str = "/api/v1/admin";
const JSON: &str = "application/json";
/// A page that takes the session of a sign-on, as the web interface does, and says whose it is.
const WEB_INTERFACE: &str = include_str!("web.html");

pub type Reply = Result<Done, Refusal>;
/// The fields of a request, and whom it acts for.
pub struct Call {
    pub form: BTreeMap<String, String>,
    pub caller: Caller,
}

pub struct Done {
    pub answer: Answer,
    pub acted: bool,
}

impl Call {
    /// The field, empty where it was not sent.
    pub fn optional(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        match self.optional(name) {
            "" => Err(Refusal::MissingParameter),
            value => Ok(value),
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        matches!(self.optional(name), "1" | "true")
    }

    /// The tenant that the request is narrowed to; only top-level admins may.
    pub fn target_organization(&self, comet: &Comet) -> Result<&str, Refusal> {
        let organization = match self.optional("TargetOrganization") {
            // Older servers do not know the parameter.
            _ if !comet.has(Version(22, 3, 7)) => return Ok(&self.caller.organization),
            "" => return Ok(&self.caller.organization),
            organization => organization,
        };
        if !self.caller.organization.is_empty() {
            return Err(Refusal::NotPermitted);
        }
        if !comet.organizations.contains_key(organization) {
            return Err(Refusal::UnknownOrganization);
        }
        Ok(organization)
    }
}

impl Done {
    /// A document as it is, from a request that only reads.
    pub fn document(document: String) -> Self {
        Self {
            answer: Answer::new(200, JSON, document),
            acted: false,
        }
    }

    pub fn ok() -> Self {
        Self::ok_with([])
    }

    /// The usual message with further members; the request has changed something.
    pub fn ok_with<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self {
            acted: true,
            ..Self::found(members)
        }
    }

    /// The usual message with further members, from a request that only reads.
    pub fn found<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let status = [
            ("Status", "200".to_owned()),
            ("Message", text::quoted("OK")),
        ];
        Self::document(text::object(status.into_iter().chain(members)))
    }
}

/// Whether the request is for this API and not for the other one of the process.
pub fn serves(request: &Request) -> bool {
    let first = request.segments.first().map_or("", String::as_str);
    matches!(first, "api" | "gen" | "dl") || is_web_interface(request)
}

fn is_web_interface(request: &Request) -> bool {
    request.method == "GET" && request.path == "/"
}

pub fn respond(comet: &mut Comet, request: &Request) -> Outcome {
    let reply = route(comet, request).unwrap_or_else(|| Ok(no_such_endpoint()));
    match reply {
        Ok(done) => Outcome {
            answer: done.answer,
            acted: done.acted,
        },
        Err(refusal) => Outcome {
            answer: comet.refuse(refusal),
            acted: false,
        },
    }
}

/// `None` where the server of this version has no such endpoint.
fn route(comet: &mut Comet, request: &Request) -> Option<Reply> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => {
            let answer = Answer::new(200, "text/html; charset=utf-8", WEB_INTERFACE);
            return Some(Ok(Done {
                answer,
                acted: false,
            }));
        }
        ("GET", "/gen/branding.props") => return Some(Ok(server::branding(comet))),
        ("GET", path) => {
            let platform = path.strip_prefix("/dl/")?;
            return Some(downloads::public(comet, platform));
        }
        ("POST", _) => {}
        _ => return None,
    }
    let path = request.path.strip_prefix("/api/v1/")?;
    let form = request.form();
    let admin_path = match path {
        "hybrid/session/start" if comet.has(Version(18, 12, 6)) => {
            return Some(sessions::start_of_either(comet, &form));
        }
        "user/web/session/start" => return Some(sessions::start_of_user(comet, &form)),
        "user/web/session/revoke" => return Some(sessions::revoke_of_user(comet, &form)),
        path => path.strip_prefix("admin/")?,
    };
    if let Some(client) = admin_path.strip_prefix("branding/generate-client/") {
        return downloads::generate(comet, client, form);
    }
    let (role, act) = endpoints::find(admin_path, comet.version)?;
    Some(comet.authorized(form, role, act))
}

impl Comet {
    fn authorized(&mut self, form: BTreeMap<String, String>, role: Role, act: Act) -> Reply {
        let caller = self.authenticate(&form)?;
        let roles: &[&str] = match role {
            Role::None => &[],
            Role::Auth => &["AuthenticationRole"],
            Role::Build => &["AuthenticationRole", "SoftwareBuildRole"],
        };
        self.need_roles(roles)?;
        let call = Call { form, caller };
        match act {
            Act::Sure(act) => Ok(act(self, &call)),
            Act::Try(act) => act(self, &call),
        }
    }

    pub fn need_roles(&self, roles: &[&str]) -> Result<(), Refusal> {
        let off = |role: &&str| self.settings.roles_off.iter().any(|off| off == role);
        if roles.iter().any(off) {
            return Err(Refusal::RoleOff);
        }
        Ok(())
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let chosen = self.settings.errors.get(&refusal).cloned();
        let error = chosen.unwrap_or_else(|| refusal.message(self.version));
        let http_status = if self.settings.error_http_status {
            error.status
        } else {
            200
        };
        let body = text::object([
            ("Status", error.status.to_string()),
            ("Message", text::quoted(&error.message)),
        ]);
        Answer::new(http_status, JSON, body)
    }
}

/// As Go's router answers for a path that nothing is behind.
fn no_such_endpoint() -> Done {
    Done {
        answer: Answer::new(404, "text/plain; charset=utf-8", "404 page not found\n"),
        acted: false,
    }
}
