//! The branding of a Comet Server, shown to everybody without a login: `GET /gen/branding.props`.

use serde::Deserialize;
use ureq::http::Method;

use super::api::{Api, Call};
use crate::http::{self, Repeatable, Request};
use crate::json::{lenient, object};
use crate::text::{first_characters, plain};

const PATH: &str = "gen/branding.props";

/// What a server without branding of its own calls itself.
const VENDORS_OWN: &str = "Comet Server";

/// Characters of a product name that pages and buttons have room for.
pub const LONGEST_NAME: usize = 60;

/// The branding that a server shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Branding {
    /// Whether it offers installers without a login.
    pub has_public_downloads: bool,
    /// What the host calls the product; empty where the server does not say.
    pub product_name: String,
}

/// Addresses from which a browser gets installers without a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicDownloads {
    base: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Properties {
    allow_unauthenticated_downloads: bool,
    #[serde(deserialize_with = "lenient::text")]
    product_name: String,
    #[serde(deserialize_with = "lenient::text")]
    brand_name: String,
}

impl Properties {
    /// The first name that is the host's own, fit for a sentence and for a button.
    fn product_name(&self) -> String {
        let names = [&self.product_name, &self.brand_name].into_iter();
        let mut names = names.map(|name| short(name));
        names
            .find(|name| !name.is_empty() && name != VENDORS_OWN)
            .unwrap_or_default()
    }
}

/// Returns a name as pages and buttons show it.
pub fn short(name: &str) -> String {
    let mut short = first_characters(&plain(name), LONGEST_NAME);
    short.truncate(short.trim_end().len());
    short
}

impl PublicDownloads {
    /// Returns the downloads of a server that has HTTPS: a page that came by it downloads nothing by plain HTTP.
    pub fn of_server(base: &str) -> Option<Self> {
        base.starts_with("https://").then(|| Self {
            base: base.to_owned(),
        })
    }

    /// Returns the address of an installer: `/dl/{platform}`, as live servers have it.
    pub fn address(&self, platform: u32) -> String {
        format!("{}/dl/{platform}", self.base)
    }
}

/// Returns what the server says of itself. One request; `None` where it does not answer.
pub fn ask(api: &Api<'_>) -> Option<Branding> {
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
        return None;
    }
    let properties: Properties = object::from_slice(&answer.body.ok()?).ok()?;
    let name = properties.product_name();
    let is_shown = !api.holds_secret(&name);
    Some(Branding {
        has_public_downloads: properties.allow_unauthenticated_downloads,
        product_name: Some(name).filter(|_| is_shown).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Properties, PublicDownloads};

    #[test]
    fn a_browser_is_sent_to_https_only() {
        let public = PublicDownloads::of_server("https://comet.example:443").unwrap();
        assert_eq!(public.address(7), "https://comet.example:443/dl/7");
        assert_eq!(
            PublicDownloads::of_server("http://comet.example:8060"),
            None
        );
    }

    #[test]
    fn customers_read_the_hosts_own_name_as_plain_text() {
        let name = |text: &str| {
            let properties: Properties = serde_json::from_str(text).unwrap();
            properties.product_name()
        };
        for (text, expected) in [
            (
                r#"{"ProductName":"Acme Vault","BrandName":"Acme"}"#,
                "Acme Vault",
            ),
            (
                r#"{"ProductName":"Comet Server","BrandName":"Comet Backup"}"#,
                "Comet Backup",
            ),
            (
                r#"{"ProductName":" <b>Acme</b>\n& \"Co\" ","BrandName":""}"#,
                "Acme Co",
            ),
            (r#"{"ProductName":7,"BrandName":null}"#, ""),
            ("{}", ""),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
        let long = format!(r#"{{"ProductName":"{}"}}"#, "ä ".repeat(400));
        assert_eq!(name(&long).chars().count(), 59);
    }
}
