//! What a Comet Server shows to everybody, without a login: `GET /gen/branding.props`.

use serde::Deserialize;
use ureq::http::Method;

use super::api::{Api, Call};
use crate::http::{self, Repeatable, Request};

const PATH: &str = "gen/branding.props";

/// Addresses from which a browser gets installers without a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDownloads {
    base: String,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "AllowUnauthenticatedDownloads", default)]
    allow_unauthenticated_downloads: bool,
}

impl PublicDownloads {
    /// Of a server that browsers may be sent to: a page that came by HTTPS downloads nothing by plain HTTP.
    pub fn of_server(base: &str) -> Option<Self> {
        base.starts_with("https://").then(|| Self {
            base: base.to_owned(),
        })
    }

    /// `/dl/{platform}`, as live servers have it.
    pub fn address(&self, platform: u32) -> String {
        format!("{}/dl/{platform}", self.base)
    }
}

/// Whether the server offers installers without a login. One request; `None` where it does not say.
pub fn allows_public_downloads(api: &Api<'_>) -> Option<bool> {
    let request = Request {
        effect: Repeatable::Yes,
        method: Method::GET,
        url: format!("{}/{PATH}", api.server.base),
        bearer: None,
        id_header: None,
        body: None,
        bypasses_breaker: false,
        longest_answer: None,
    };
    let call = Call::without_fields(PATH, "read what Comet shows to everybody");
    let end = http::exchange(&api.settings(), &request);
    let shown = match &end {
        Ok(answer) => api.shown(&call, answer),
        Err(failure) => failure.reason(),
    };
    api.log(&call, &request.url, shown);
    let answer = end.ok()?;
    if !answer.status.is_success() {
        return Some(false);
    }
    let properties: Properties = serde_json::from_slice(&answer.body.ok()?).ok()?;
    Some(properties.allow_unauthenticated_downloads)
}

#[cfg(test)]
mod tests {
    use super::PublicDownloads;

    #[test]
    fn a_browser_is_sent_to_https_only() {
        let public = PublicDownloads::of_server("https://comet.example:443").unwrap();
        assert_eq!(public.address(7), "https://comet.example:443/dl/7");
        assert_eq!(
            PublicDownloads::of_server("http://comet.example:8060"),
            None
        );
    }
}
