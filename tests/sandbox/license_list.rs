//! The partner's own list of licenses, as the partner portal reads it, and what can be wrong with it.

use std::cmp::Reverse;

use jiff::{Span, civil::DateTime};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::families;
use crate::request::Request;
use crate::state::{License, State, moment};

const LARGEST_PAGE: usize = 100;
const PARTNER: (u64, &str) = (4_711, "partner");

/// How the list behaves. Without a word of the test it is as the portal has it.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    pub mode: Mode,
    /// The most that a page holds, whatever was asked for.
    largest_page: usize,
    /// By how many places the list moves up before each further page: what is passed is on no page. Below zero it moves
    /// down, and items come twice.
    moves: isize,
    /// It shows what was so many seconds ago.
    stale: i64,
    /// Keys that it does not show.
    lacks: Vec<String>,
    wrong: Vec<Wrong>,
    /// Endpoints beside the list that do not exist: `counts`, `billing`.
    without: Vec<String>,
}

/// What else is not as it should be.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wrong {
    /// `total_items` is one more on each page.
    TotalsChange,
    /// It shows nothing that `POST /license` issued.
    LacksIssued,
    /// There is always another page.
    Endless,
    /// What should be a key is none.
    BadKeys,
    /// Oldest first, whatever was asked for.
    Unsorted,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    On,
    /// There is no such endpoint.
    Off,
    /// It is not for this token.
    Foreign,
    /// The members have other names.
    OtherShape,
    /// The items alone.
    Array,
}

/// Licenses that somebody else issues with the same token.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Elsewhere {
    pub count: u32,
    pub product: String,
    pub token: Option<String>,
    /// How many seconds ago the newest was issued, and how many lie between two of them.
    pub age: i64,
    pub every: i64,
    pub site: Option<String>,
    pub revoked: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            mode: Mode::On,
            largest_page: LARGEST_PAGE,
            moves: 0,
            stale: 0,
            lacks: Vec::new(),
            wrong: Vec::new(),
            without: Vec::new(),
        }
    }
}

impl Default for Elsewhere {
    fn default() -> Self {
        Self {
            count: 1,
            product: "jetpack-complete".to_owned(),
            token: None,
            age: 0,
            every: 1,
            site: None,
            revoked: false,
        }
    }
}

impl Switches {
    pub fn has(&self, endpoint: &str) -> bool {
        !self.without.iter().any(|name| name == endpoint)
    }

    fn is(&self, wrong: Wrong) -> bool {
        self.wrong.contains(&wrong)
    }

    fn shows(&self, license: &License, horizon: Option<DateTime>) -> bool {
        let is_new = |at: &str| horizon.is_some_and(|horizon| moment(at) > Some(horizon));
        !(self.is(Wrong::LacksIssued) && license.by_api
            || self.lacks.contains(&license.key)
            || is_new(&license.issued_at))
    }
}

/// What the list holds in its order, kept until a license changes: 100,000 are not sorted for each page.
pub struct Order {
    question: Question,
    generation: u64,
    places: Vec<usize>,
}

#[derive(PartialEq)]
struct Question {
    token: String,
    filter: String,
    search: Option<String>,
    sort: String,
    is_ascending: bool,
}

/// A page; `None` for a filter or an order that the API does not have.
pub fn page(state: &mut State, token: &str, request: &Request) -> Option<Value> {
    let question = Question::of(token, request)?;
    let number = |name: &str| request.query.get(name).and_then(|text| text.parse().ok());
    let is_searched = question.search.is_some();
    let page = number("page").filter(|_| !is_searched).unwrap_or(1).max(1);
    let per_page = number("per_page")
        .unwrap_or(50)
        .clamp(1, state.list.largest_page);
    arrange(state, question);
    let list = &state.list;
    let places = state.order.as_ref().map_or(&[][..], |order| &order.places);
    let start = (1..page).fold(0_usize, |start, _| {
        (start + per_page).saturating_add_signed(list.moves)
    });
    let mut items: Vec<Value> = places
        .iter()
        .skip(start)
        .take(per_page)
        .filter_map(|place| state.licenses.get(*place))
        .map(|license| item(state, license))
        .collect();
    if list.is(Wrong::BadKeys) {
        let wrong = [
            json!(null),
            json!(7),
            json!(""),
            json!("k".repeat(300)),
            json!(["k"]),
        ];
        for (item, key) in items.iter_mut().zip(wrong.iter().cycle()) {
            item["license_key"] = key.clone();
        }
    }
    let total = places.len()
        + if list.is(Wrong::TotalsChange) {
            page
        } else {
            0
        };
    let pages = if list.is(Wrong::Endless) {
        page + 1
    } else {
        places.len().div_ceil(per_page)
    };
    Some(match list.mode {
        Mode::Array => Value::from(items),
        Mode::OtherShape => json!({"licenses": items, "total": total}),
        _ => json!({
            "current_items": items.len(), "current_page": page, "items": items,
            "items_per_page": per_page, "total_items": total, "total_pages": pages,
        }),
    })
}

pub fn counts(state: &State, token: &str) -> Value {
    let count = |fits: &dyn Fn(&License) -> bool| {
        let own = state
            .licenses
            .iter()
            .filter(|license| license.token == token);
        own.filter(|license| fits(license)).count()
    };
    json!({
        "attached": count(&|license| fits("attached", license)),
        "detached": count(&|license| fits("detached", license)),
        "revoked": count(&|license| fits("revoked", license)),
        "not_revoked": count(&|license| fits("not_revoked", license)),
        "all": count(&|_| true),
        "standard": 0,
    })
}

pub fn billing(state: &State, token: &str) -> Value {
    let mut products: Vec<(&str, u32, u32)> = Vec::new();
    for license in &state.licenses {
        if license.token != token || license.revoked_at.is_some() {
            continue;
        }
        let known = products
            .iter()
            .position(|(slug, ..)| *slug == license.product);
        let at = known.unwrap_or(products.len());
        if known.is_none() {
            products.push((&license.product, 0, 0));
        }
        if let Some((_, assigned, unassigned)) = products.get_mut(at) {
            *if license.site.is_some() {
                assigned
            } else {
                unassigned
            } += 1;
        }
    }
    let cost = |slug: &str| {
        families::find(&state.families, slug)
            .and_then(|of| of["amount"].as_f64())
            .unwrap_or_default()
    };
    let sum = |count: fn(&(&str, u32, u32)) -> u32| products.iter().map(count).sum::<u32>();
    let costs = |count: fn(&(&str, u32, u32)) -> u32| {
        products
            .iter()
            .map(|product| cost(product.0) * f64::from(count(product)))
            .sum::<f64>()
    };
    let listed: Vec<Value> = products
        .iter()
        .map(|(slug, assigned, unassigned)| {
            json!({
                "product_slug": slug,
                "product_name": families::find(&state.families, slug).map(|of| of["name"].clone()),
                "product_cost": cost(slug),
                "product_total_cost": cost(slug) * f64::from(assigned + unassigned),
                "counts": {"total": assigned + unassigned, "assigned": assigned, "unassigned": unassigned},
            })
        })
        .collect();
    json!({
        "date": state.date().strftime("%Y-%m-%d").to_string(),
        "products": listed,
        "licenses": {"total": sum(|p| p.1 + p.2), "assigned": sum(|p| p.1), "unassigned": sum(|p| p.2)},
        "costs": {"total": costs(|p| p.1 + p.2), "assigned": costs(|p| p.1), "unassigned": costs(|p| p.2)},
        "price_interval": "month",
    })
}

impl Question {
    fn of(token: &str, request: &Request) -> Option<Self> {
        let text = |name: &str, default: &str| {
            request
                .query
                .get(name)
                .map_or_else(|| default.to_owned(), Clone::clone)
        };
        let question = Self {
            token: token.to_owned(),
            filter: text("filter", "not_revoked"),
            search: request.query.get("search").cloned(),
            sort: text("sort_field", "issued_at"),
            is_ascending: text("sort_direction", "desc") == "asc",
        };
        let filters = ["not_revoked", "detached", "attached", "revoked", "standard"];
        let sorts = ["issued_at", "attached_at", "revoked_at"];
        (filters.contains(&question.filter.as_str()) && sorts.contains(&question.sort.as_str()))
            .then_some(question)
    }

    fn holds(&self, license: &License) -> bool {
        let is_found = match &self.search {
            Some(text) => {
                license.key.contains(text) || site(license).is_some_and(|site| site.contains(text))
            }
            None => fits(&self.filter, license),
        };
        license.token == self.token && is_found
    }
}

fn arrange(state: &mut State, question: Question) {
    let is_kept = state
        .order
        .as_ref()
        .is_some_and(|order| order.generation == state.generation && order.question == question);
    if is_kept {
        return;
    }
    let lag = state.list.stale;
    let horizon = (lag > 0).then(|| state.date().saturating_sub(Span::new().seconds(lag)));
    let mut places: Vec<usize> = (0..state.licenses.len())
        .filter(|place| {
            state.licenses.get(*place).is_some_and(|license| {
                question.holds(license) && state.list.shows(license, horizon)
            })
        })
        .collect();
    let at = |place: &usize| {
        let license = state.licenses.get(*place)?;
        let field = match question.sort.as_str() {
            "attached_at" => license.attached_at.as_deref(),
            "revoked_at" => license.revoked_at.as_deref(),
            _ => Some(license.issued_at.as_str()),
        };
        field.map(|at| (at.to_owned(), license.id))
    };
    if question.is_ascending || state.list.is(Wrong::Unsorted) {
        places.sort_by_cached_key(at);
    } else {
        places.sort_by_cached_key(|place| Reverse(at(place)));
    }
    // A list that depends on the time is arranged for each page.
    let generation = if lag > 0 { u64::MAX } else { state.generation };
    state.order = Some(Order {
        question,
        generation,
        places,
    });
}

fn fits(filter: &str, license: &License) -> bool {
    let (is_revoked, is_attached) = (license.revoked_at.is_some(), license.site.is_some());
    match filter {
        "revoked" => is_revoked,
        "attached" => !is_revoked && is_attached,
        "detached" => !is_revoked && !is_attached,
        "standard" => false,
        _ => !is_revoked,
    }
}

fn site(license: &License) -> Option<String> {
    license.site.as_ref().map(|site| {
        site.as_str()
            .map_or_else(|| site.to_string(), str::to_owned)
    })
}

fn item(state: &State, license: &License) -> Value {
    let product = families::find(&state.families, &license.product);
    let of_product = |field: &str| product.map_or(Value::Null, |product| product[field].clone());
    json!({
        "license_id": license.id, "license_key": license.key,
        "product_id": of_product("product_id"), "product": of_product("name"),
        "user_id": PARTNER.0, "username": PARTNER.1,
        "blog_id": license.site.as_ref().map(|_| 300_000_000 + license.id),
        "siteurl": site(license), "issued_at": license.issued_at,
        "attached_at": license.attached_at, "revoked_at": license.revoked_at,
        "owner_type": "jetpack_partner_key", "quantity": null, "parent_license_id": null,
        "has_downloads": false, "referral": null,
    })
}
