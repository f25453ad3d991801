//! The sites of the world, and `POST /site-connection`: which can be connected, which are, and whose owner has cut that.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const FIRST_BLOG_ID: u64 = 210_000_001;

/// What a test asks a fresh state to hold of sites.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    endpoint: Endpoint,
    /// What a site is that is not listed below.
    others: Condition,
    /// Whether a license can be attached to connected sites only.
    attach_needs_connection: bool,
    blog_ids_as_text: bool,
    list: Vec<Listed>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Endpoint {
    #[default]
    Open,
    /// There is no such endpoint.
    Off,
    /// The partner is not allow-listed for it.
    NotAllowed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    url: String,
    condition: Condition,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Jetpack is active there.
    #[default]
    Connectable,
    Connected,
    /// It was connected, and its owner has cut that.
    Cut,
    /// No `WordPress` with Jetpack answers there.
    Unknown,
}

#[derive(Serialize)]
pub struct Site {
    url: String,
    condition: Condition,
    blog_id: u64,
    /// Of the request that connected it.
    local_user: Option<Value>,
}

pub struct Sites {
    setup: Setup,
    known: Vec<Site>,
}

/// Why a request is refused.
pub enum Refusal {
    NoEndpoint,
    NotAllowed,
    UnknownSite,
}

impl Sites {
    pub fn new(mut setup: Setup) -> Self {
        let listed = std::mem::take(&mut setup.list);
        let mut sites = Self {
            setup,
            known: Vec::new(),
        };
        for site in listed {
            sites.set(&site);
        }
        sites
    }

    /// Somebody installs Jetpack, or cuts the connection, behind everybody's back.
    pub fn set(&mut self, change: &Listed) {
        let site = self.site(&change.url);
        site.condition = change.condition;
    }

    /// Connects a site. Returns the body, and whether anything has changed.
    pub fn connect(&mut self, url: &str, local_user: &Value) -> Result<(Value, bool), Refusal> {
        match self.setup.endpoint {
            Endpoint::Open => {}
            Endpoint::Off => return Err(Refusal::NoEndpoint),
            Endpoint::NotAllowed => return Err(Refusal::NotAllowed),
        }
        let as_text = self.setup.blog_ids_as_text;
        let site = self.site(url);
        let (code, new) = match site.condition {
            Condition::Connectable => ("success", true),
            Condition::Connected => ("already_connected", false),
            Condition::Cut => ("previously_connected", false),
            Condition::Unknown => return Err(Refusal::UnknownSite),
        };
        if new {
            site.condition = Condition::Connected;
            site.local_user = Some(local_user.clone());
        }
        let blog_id = if as_text {
            json!(site.blog_id.to_string())
        } else {
            json!(site.blog_id)
        };
        Ok((json!({"code": code, "blog_id": blog_id}), new))
    }

    pub fn may_be_attached(&mut self, site: &Value) -> bool {
        if !self.setup.attach_needs_connection {
            return true;
        }
        let url = site.as_str().unwrap_or_default();
        self.site(url).condition == Condition::Connected
    }

    /// All that were named so far.
    pub fn known(&self) -> &[Site] {
        &self.known
    }

    #[allow(clippy::indexing_slicing)]
    fn site(&mut self, url: &str) -> &mut Site {
        let place = self.known.iter().position(|site| site.url == url);
        let place = place.unwrap_or_else(|| {
            let blog_id = FIRST_BLOG_ID + self.known.len() as u64;
            self.known.push(Site {
                url: url.to_owned(),
                condition: self.setup.others,
                blog_id,
                local_user: None,
            });
            self.known.len() - 1
        });
        &mut self.known[place]
    }
}
