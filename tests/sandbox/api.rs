//! The endpoints of the licensing API.

use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome};
use crate::families;
use crate::license_list::{self, Mode};
use crate::request::Request;
use crate::sites;
use crate::state::State;

pub const BASE: &str = "/wpcom/v2/jetpack-licensing";

/// Method and path of each endpoint; one that ends with a slash goes on with a license key.
pub const ENDPOINTS: &[(&str, &str)] = &[
    ("GET", "product-families"),
    ("GET", "partner/product-families"),
    ("POST", "license"),
    ("GET", "license"),
    ("DELETE", "license"),
    ("POST", "license/"),
    ("DELETE", "license/"),
    ("GET", "licenses"),
    ("POST", "site-connection"),
];

/// A body to answer with 200, and whether the state was changed.
type Reply = Result<(Value, bool), Refusal>;

enum Refusal {
    NoRoute,
    Forbidden,
    InvalidJson,
    Missing(&'static str),
    Invalid(&'static str),
    InvalidProduct,
    InvalidLicenseKey,
    AlreadyRevoked,
    Revoked,
    InvalidSite,
    UnknownSite,
}

pub fn respond(state: &mut State, request: &Request) -> Outcome {
    match route(state, request) {
        Ok((body, acted)) => Outcome {
            answer: Answer::json(200, &body),
            acted,
        },
        Err(refusal) => Outcome {
            answer: refusal.answer(),
            acted: false,
        },
    }
}

fn route(state: &mut State, request: &Request) -> Reply {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let ["wpcom", "v2", "jetpack-licensing", endpoint @ ..] = segments.as_slice() else {
        return Err(Refusal::NoRoute);
    };
    let partner = || bearer(state, request);
    match (request.method.as_str(), endpoint) {
        ("GET", ["product-families"]) => Ok((families::without_prices(&state.families), false)),
        ("GET", ["partner", "product-families"]) => {
            partner()?;
            Ok((state.families.clone(), false))
        }
        ("POST", ["license"]) => issue(&partner()?, state, request),
        ("GET", ["license"]) => show(&partner()?, state, request),
        ("DELETE", ["license"]) => revoke(&partner()?, state, request),
        ("POST", ["license", key, "site"]) => attach(&partner()?, state, key, request),
        ("DELETE", ["license", key, "site"]) => detach(&partner()?, state, key, request),
        ("GET", ["licenses", rest @ ..]) => list(&partner()?, state, request, rest),
        ("POST", ["site-connection"]) => {
            partner()?;
            connect(state, request)
        }
        _ => Err(Refusal::NoRoute),
    }
}

/// The token that the request may act for.
fn bearer(state: &State, request: &Request) -> Result<String, Refusal> {
    match request.header("authorization").split_once(' ') {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("bearer") && state.knows_token(token) =>
        {
            Ok(token.to_owned())
        }
        _ => Err(Refusal::Forbidden),
    }
}

fn issue(token: &str, state: &mut State, request: &Request) -> Reply {
    let mut body = json_body(request)?;
    let product = body
        .remove("product")
        .or_else(|| request.query.get("product").map(|slug| json!(slug)))
        .ok_or(Refusal::Missing("product"))?;
    match product.as_str() {
        Some(slug) if families::offer(&state.families, slug) => {
            Ok((state.issue(token, slug), true))
        }
        _ => Err(Refusal::InvalidProduct),
    }
}

fn show(token: &str, state: &mut State, request: &Request) -> Reply {
    let license = state
        .license(token, license_key(request)?)
        .ok_or(Refusal::InvalidLicenseKey)?;
    Ok((license.public(), false))
}

fn revoke(token: &str, state: &mut State, request: &Request) -> Reply {
    let key = license_key(request)?;
    match state.license(token, key) {
        None => return Err(Refusal::InvalidLicenseKey),
        Some(license) if license.revoked_at.is_some() => return Err(Refusal::AlreadyRevoked),
        Some(_) => {}
    }
    let now = state.now();
    let license = state
        .license(token, key)
        .ok_or(Refusal::InvalidLicenseKey)?;
    license.revoked_at = Some(now);
    Ok((license.public(), true))
}

fn attach(token: &str, state: &mut State, key: &str, request: &Request) -> Reply {
    if !state.hosting_allowed {
        return Err(Refusal::Forbidden);
    }
    let site = json_body(request)?
        .remove("site")
        .ok_or(Refusal::Missing("site"))?;
    let now = state.written(state.date());
    let is_ready = state.sites.may_be_attached(&site);
    let license = state
        .license(token, key)
        .ok_or(Refusal::InvalidLicenseKey)?;
    if license.revoked_at.is_some() {
        return Err(Refusal::Revoked);
    }
    if !names_a_site(&site) || !is_ready {
        return Err(Refusal::InvalidSite);
    }
    let earlier = license.site.replace(site);
    license.attached_at = Some(now);
    Ok((license.public(), earlier != license.site))
}

fn detach(token: &str, state: &mut State, key: &str, request: &Request) -> Reply {
    if !state.hosting_allowed {
        return Err(Refusal::Forbidden);
    }
    if !matches!(
        request.query.get("cancellation_email").map(String::as_str),
        None | Some("0" | "1")
    ) {
        return Err(Refusal::Invalid("cancellation_email"));
    }
    let license = state
        .license(token, key)
        .ok_or(Refusal::InvalidLicenseKey)?;
    let earlier = license.site.take();
    license.attached_at = None;
    Ok((license.public(), earlier.is_some()))
}

/// The partner's own list, which the description of the API leaves out.
fn list(token: &str, state: &mut State, request: &Request, rest: &[&str]) -> Reply {
    match state.list.mode {
        Mode::Off => return Err(Refusal::NoRoute),
        Mode::Foreign => return Err(Refusal::Forbidden),
        Mode::On | Mode::OtherShape | Mode::Array => {}
    }
    let body = match rest {
        [] => license_list::page(state, token, request).ok_or(Refusal::Invalid("filter"))?,
        ["counts"] if state.list.has("counts") => license_list::counts(state, token),
        ["billing"] if state.list.has("billing") => license_list::billing(state, token),
        _ => return Err(Refusal::NoRoute),
    };
    Ok((body, false))
}

fn connect(state: &mut State, request: &Request) -> Reply {
    let body = json_body(request)?;
    let url = body.get("url").ok_or(Refusal::Missing("url"))?;
    let user = body
        .get("local_user")
        .ok_or(Refusal::Missing("local_user"))?;
    let url = url
        .as_str()
        .filter(|url| is_absolute_url(url))
        .ok_or(Refusal::Invalid("url"))?;
    if !user.is_u64() && user.as_str().is_none_or(str::is_empty) {
        return Err(Refusal::Invalid("local_user"));
    }
    Ok(state.sites.connect(url, user)?)
}

fn json_body(request: &Request) -> Result<Map<String, Value>, Refusal> {
    request.json().map_err(|_| Refusal::InvalidJson)
}

fn license_key(request: &Request) -> Result<&str, Refusal> {
    request
        .query
        .get("license_key")
        .map(String::as_str)
        .ok_or(Refusal::Missing("license_key"))
}

/// A blog id, an absolute URL, or `domain::path`.
fn names_a_site(site: &Value) -> bool {
    match site {
        Value::Number(id) => id.is_u64(),
        Value::String(text) => {
            is_absolute_url(text) || text.contains("::") || text.parse::<u64>().is_ok()
        }
        _ => false,
    }
}

fn is_absolute_url(text: &str) -> bool {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

impl From<sites::Refusal> for Refusal {
    fn from(refusal: sites::Refusal) -> Self {
        match refusal {
            sites::Refusal::NoEndpoint => Self::NoRoute,
            sites::Refusal::NotAllowed => Self::Forbidden,
            sites::Refusal::UnknownSite => Self::UnknownSite,
        }
    }
}

impl Refusal {
    fn answer(&self) -> Answer {
        let (status, code, message) = match self {
            Self::NoRoute => (
                404,
                "rest_no_route",
                "No route was found matching the URL and request method.",
            ),
            Self::Forbidden => (
                403,
                "rest_forbidden",
                "Sorry, you are not allowed to do that.",
            ),
            Self::InvalidJson => (400, "rest_invalid_json", "Invalid JSON body passed."),
            Self::Missing(name) => {
                let message = format!("Missing parameter(s): {name}");
                return Answer::error(400, "rest_missing_callback_param", &message);
            }
            Self::Invalid(name) => {
                let message = format!("Invalid parameter(s): {name}");
                return Answer::error(400, "rest_invalid_param", &message);
            }
            Self::InvalidProduct => (400, "invalid_product", "The product is not valid."),
            Self::InvalidLicenseKey => {
                (400, "invalid_license_key", "The license key is not valid.")
            }
            Self::AlreadyRevoked => (
                400,
                "license_already_revoked",
                "The license has already been revoked.",
            ),
            Self::Revoked => (400, "license_revoked", "The license has been revoked."),
            Self::InvalidSite => (400, "invalid_site", "The site is not valid."),
            Self::UnknownSite => (
                403,
                "site_not_reachable",
                "Jetpack could not be reached on the site.",
            ),
        };
        Answer::error(status, code, message)
    }
}
