//! *Create hidden products*: products and product addons for what Jetpack lists, hidden, as the companion addon module
//! created them.

use std::collections::HashSet;

use crate::database::Database;
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::{Slug, Token};
use crate::jetpack::api::products::{Family, Product};
use crate::text::{flat, plain};
use crate::whmcs::catalog::creation::{self, Group, NewProduct};
use crate::whmcs::catalog::prices;
use crate::whmcs::services::{ProductRef, settings};
use crate::whmcs::{Host, module_settings, open_database, stored_token};

const GROUP: Group = Group {
    name: "Jetpack",
    slug: "jetpack",
    headline: "Jetpack Products",
};

/// The form in which WHMCS sells a product of Jetpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductKind {
    Product,
    Addon,
}

/// A product of Jetpack, and whether WHMCS has it.
#[derive(Debug, Clone)]
pub struct Offered {
    pub slug: String,
    pub name: String,
    /// "USD 4.95 per month"; empty where Jetpack does not say.
    pub price: String,
    pub is_product: bool,
    pub is_addon: bool,
}

/// The partner's own list, with what WHMCS has of it. One request.
///
/// # Errors
/// Where Jetpack cannot be asked.
pub fn offered(host: &dyn Host) -> Result<Vec<Offered>, Error> {
    let (_, families) = ask(host)?;
    let mut database = open_database(host)?;
    let sold = sold(host, &mut database)?;
    let listed = families.iter().flat_map(Family::for_partners);
    let mut seen = HashSet::new();
    Ok(listed
        .filter(|product| seen.insert(product.slug.clone()))
        .map(|product| Offered {
            slug: product.slug.clone(),
            name: plain(&product.name),
            price: product.price().unwrap_or_default(),
            is_product: sold.contains(&(ProductKind::Product, product.slug.clone())),
            is_addon: sold.contains(&(ProductKind::Addon, product.slug.clone())),
        })
        .collect())
}

/// Creates what WHMCS does not have of these, in one transaction. One request. Returns what was done.
///
/// # Errors
/// Where Jetpack does not list one of them, or nothing is named; nothing was created then.
pub fn make(host: &dyn Host, kind: ProductKind, slugs: &[String]) -> Result<String, Error> {
    if slugs.is_empty() {
        return Err(Error::Refusal(
            "No Jetpack product was chosen. Nothing was created.".into(),
        ));
    }
    let (token, families) = ask(host)?;
    let mut wanted = Vec::new();
    for slug in slugs {
        let slug = Slug::new(Some(slug))?;
        let listed = listed(&families, slug.as_str()).ok_or_else(|| {
            Error::Refusal(format!(
                "Jetpack does not list {} any more. Nothing was created: open the page again.",
                plain(slug.as_str())
            ))
        })?;
        wanted.push(new_product(&token, listed));
    }
    let mut database = open_database(host)?;
    let currencies = prices::currencies(&mut database)?;
    let created = database.transaction("create the products", |transaction| {
        creation::one_at_a_time(transaction)?;
        let mut created = Vec::new();
        for new in &wanted {
            let id = match kind {
                ProductKind::Product => {
                    creation::product_within(transaction, GROUP, new, &currencies)?
                }
                ProductKind::Addon => creation::addon_within(transaction, new, &currencies)?,
            };
            created.extend(id.map(|id| format!("{} ({id})", plain(&new.name))));
        }
        Ok(created)
    })?;
    let (one, many) = match kind {
        ProductKind::Product => ("product", "products"),
        ProductKind::Addon => ("product addon", "product addons"),
    };
    if created.is_empty() {
        return Ok(format!(
            "Nothing was created: WHMCS has a {one} for each of them already."
        ));
    }
    let left = wanted.len() - created.len();
    Ok(format!(
        "Created hidden: {} {}, {}.{} Enter prices, then show them to customers.",
        created.len(),
        if created.len() == 1 { one } else { many },
        created.join(", "),
        match left {
            0 => String::new(),
            1 => " One was there already.".to_owned(),
            more => format!(" {more} were there already."),
        }
    ))
}

/// The token that new products start with, and the partner's list.
fn ask(host: &dyn Host) -> Result<(String, Vec<Family>), Error> {
    // What is created holds it as the first product does, hidden or in plain text.
    let stored = module_settings::default_token(host)?;
    if stored.trim().is_empty() {
        return Err(Error::Config(
            "No API token is stored yet. Enter it in the Module Settings of a first Jetpack product."
                .into(),
        ));
    }
    let token = Token::new(Some(&stored_token::reveal(host, &stored)))?;
    Ok((stored, Api::new(host, Some(token))?.families()?))
}

fn listed<'a>(families: &'a [Family], slug: &str) -> Option<(&'a Family, &'a Product)> {
    families.iter().find_map(|family| {
        let product = family.for_partners().find(|product| product.slug == slug)?;
        Some((family, product))
    })
}

fn new_product(token: &str, (family, product): (&Family, &Product)) -> NewProduct {
    NewProduct {
        module: MODULE,
        name: plain(&product.name),
        description: family.description.as_deref().map(flat).unwrap_or_default(),
        // The labels are those of the module's settings.
        settings: vec![
            (1, "API Token", token.to_owned()),
            (2, "Jetpack Product", product.slug.clone()),
            (4, "On suspension", "keep".to_owned()),
        ],
    }
}

/// The slugs that products and product addons of WHMCS have.
fn sold(host: &dyn Host, database: &mut Database) -> Result<HashSet<(ProductKind, String)>, Error> {
    let settings = settings(host, database, MODULE)?;
    let known = settings.iter().filter_map(|(definition, options)| {
        let kind = match definition {
            ProductRef::Product(_) => ProductKind::Product,
            ProductRef::Addon(_) => ProductKind::Addon,
        };
        Some((kind, options.at(crate::jetpack::OPTION_PRODUCT)?.to_owned()))
    });
    Ok(known.collect())
}
