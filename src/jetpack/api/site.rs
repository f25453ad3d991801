//! The endpoint `POST /site-connection`, and what the licensing API says of a site that is to be connected.

use serde::Deserialize;
use serde_json::Value;
use ureq::http::{Method, StatusCode};

use super::{Api, Call};
use crate::http::Repeatable;
use crate::json::object;
use crate::outcome::Outcome;
use crate::text::plain;

/// The action that is about a site and no license.
const CONNECT: &str = "connect";

/// An administrator of the site, as the site knows him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalUser {
    Id(u64),
    /// A login name, or an e-mail address.
    Login(String),
}

impl LocalUser {
    pub fn json(&self) -> Value {
        match self {
            Self::Id(id) => (*id).into(),
            Self::Login(login) => login.as_str().into(),
        }
    }
}

/// The state of a site's connection after the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    New,
    Already,
    /// Its owner has cut it, and it is not made again.
    Cut,
}

/// A site as Jetpack knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    pub connection: Connection,
    pub blog_id: Option<u64>,
}

#[derive(Deserialize)]
struct RawSite {
    code: String,
    #[serde(default, deserialize_with = "super::license::number_or_text")]
    blog_id: Option<u64>,
}

impl Site {
    /// Reads a reply; another code than the three says nothing about the site.
    pub fn read(body: &[u8]) -> Option<Self> {
        let raw: RawSite = object::from_slice(body).ok()?;
        let connection = match raw.code.as_str() {
            "success" => Connection::New,
            "already_connected" => Connection::Already,
            "previously_connected" => Connection::Cut,
            _ => return None,
        };
        Some(Self {
            connection,
            blog_id: raw.blog_id,
        })
    }
}

impl Api<'_> {
    /// `POST /site-connection`: connects a site, given as absolute URL, to Jetpack. Safe to repeat.
    pub fn connect(&self, site: &str, local_user: &LocalUser) -> Outcome<Site> {
        self.change(
            &Call {
                action: CONNECT,
                task: format!("connect the site {}", plain(site)),
                effect: Repeatable::IfVerified,
                method: Method::POST,
                path: "/site-connection".into(),
                key: None,
                body: Some(serde_json::json!({ "url": site, "local_user": local_user.json() })),
            },
            Site::read,
        )
    }
}

/// Returns what to do about a site that is refused.
pub(super) fn advice(call: &Call<'_>, status: StatusCode) -> Option<&'static str> {
    let is_refused = call.action == CONNECT && matches!(status.as_u16(), 400..=404);
    is_refused.then_some(
        "Check that Jetpack is installed and active on that site, that the administrator's login is right, and with Jetpack that your partner account may connect sites.",
    )
}

/// Returns the host name of a site's address, without the `www.` that a domain is sold without; empty where there is none.
pub fn host_of(site: Option<&str>) -> String {
    let site = site.unwrap_or_default().trim();
    let url = match url::Url::parse(site) {
        Ok(url) if url.has_host() => Some(url),
        _ => url::Url::parse(&format!("https://{site}")).ok(),
    };
    let host = url.as_ref().and_then(url::Url::domain).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_codes_are_read_with_an_id_of_either_type() {
        for (body, connection, blog_id) in [
            (
                r#"{"code":"success","blog_id":210000001}"#,
                Connection::New,
                Some(210_000_001),
            ),
            (
                r#"{"code":"already_connected","blog_id":"7"}"#,
                Connection::Already,
                Some(7),
            ),
            (r#"{"code":"previously_connected"}"#, Connection::Cut, None),
            (
                r#"{"code":"success","blog_id":null,"more":[1]}"#,
                Connection::New,
                None,
            ),
        ] {
            let site = Site::read(body.as_bytes()).unwrap();
            assert_eq!((site.connection, site.blog_id), (connection, blog_id));
        }
    }

    #[test]
    fn another_code_or_shape_is_no_reply() {
        for body in [
            "",
            "[]",
            "{}",
            "<html>",
            r#"{"code":"rest_forbidden"}"#,
            r#"{"code":1}"#,
        ] {
            assert_eq!(Site::read(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn a_site_is_known_by_its_host_name() {
        for (site, host) in [
            ("https://Example.com/blog", "example.com"),
            ("http://www.example.com", "example.com"),
            ("example.com::shop", ""),
            ("shop.example.com/a", "shop.example.com"),
            ("https://bücher.example", "xn--bcher-kva.example"),
            ("javascript:alert(1)", ""),
            ("https://127.0.0.1/", ""),
            ("", ""),
        ] {
            assert_eq!(host_of(Some(site)), host, "{site}");
        }
        assert_eq!(host_of(None), "");
    }
}
