//! *Jetpack*: the licenses of all services, the API tokens, the products that Jetpack lists, and what the licenses cost. From
//! what is stored; Jetpack is asked where staff press a button for it.

mod licenses;
mod products;
mod tokens;

use crate::admin::html::{Html, element, link};
use crate::admin::jetpack::csv;
use crate::admin::links::{self, Link};
use crate::admin::page::{AddonPage, Content, PageRequest};
use crate::error::Error;

pub use licenses::FIND;
pub use products::MAKE;
pub use tokens::{HIDE, ROTATE, WRITE_BACK};

pub const PAGE: AddonPage = AddonPage {
    key: KEY,
    title: "Jetpack",
    show,
};

const KEY: &str = "jetpack";

/// The value of the address that names a part which asks Jetpack.
const SHOW: &str = "show";
const PRODUCTS: &str = "products";
const COSTS: &str = "costs";

fn show(request: &PageRequest<'_>) -> Result<Content, Error> {
    if request.query("export") == "csv" {
        let filter = licenses::filter(request)?;
        let file = csv::file(request.host, filter)?;
        return Ok(Content::File(Box::new(file)));
    }
    let part = match request.query(SHOW).as_str() {
        PRODUCTS => products::offered(request),
        COSTS => products::costs(request),
        _ => licenses::section(request)
            .map(|licenses| licenses.with(tokens::section(request)))
            .map(|both| both.with(at_jetpack())),
    };
    let content = part?;
    Ok(Html::new()
        .with(element("h2").text("Jetpack"))
        .with(content)
        .into())
}

fn here() -> Link {
    links::page(KEY)
}

/// Links to the parts that ask Jetpack.
fn at_jetpack() -> Html {
    let ask = |part: &str, text: &str| {
        link(&here().and(SHOW, part), text).class("btn btn-default btn-sm")
    };
    Html::new()
        .with(element("h3").text("At Jetpack"))
        .with(
            element("p")
                .text("These ask Jetpack, and change nothing until you press a button there."),
        )
        .with(
            element("p")
                .with(ask(PRODUCTS, "Products that Jetpack lists"))
                .text(" ")
                .with(ask(COSTS, "Costs of the month")),
        )
}

/// Back from a part that asks Jetpack.
fn back() -> Html {
    element("p")
        .with(link(&here(), "Back to the licenses"))
        .into()
}
