//! `jetpack_FetchProducts`: the loader of module setting 2. One request.

use crate::error::Error;
use crate::jetpack::OPTION_TOKEN;
use crate::jetpack::api::Api;
use crate::jetpack::api::license::Token;
use crate::jetpack::api::products::{Family, Product};
use crate::text::plain;
use crate::whmcs::{self, Host, Options, module_settings};
use crate::worker::join;

/// Returns slug and label of each product that a partner may issue, families in the order of the API; then what else products
/// hold, or the next save would change them.
///
/// # Errors
/// WHMCS shows the sentence in place of the field.
pub fn run(host: &dyn Host, options: &Options) -> Result<Vec<(String, String)>, Error> {
    let open = whmcs::database_opener(host)?;
    let own = options
        .at(OPTION_TOKEN)
        .map(str::trim)
        .filter(|token| !token.is_empty());
    let stored = match own {
        Some(token) => Some(token.to_owned()),
        None => module_settings::token_of_new_products(host, &mut open()?)?,
    };
    let token = stored
        .as_deref()
        .map(|text| Token::new(Some(text)))
        .transpose()?;
    let api = Api::new(host, token)?;
    // WHMCS's tables are read during the request.
    let (families, in_use) = join::run(
        || api.families(),
        || -> Result<_, Error> { Ok(module_settings::slugs_in_use(&mut open()?)?) },
    );
    let (families, in_use) = (families?, in_use?);
    let mut choices: Vec<(String, String)> = Vec::new();
    for product in families.iter().flat_map(Family::for_partners) {
        add(&mut choices, &product.slug, label(product));
    }
    for slug in in_use {
        let listed = families.iter().flat_map(|family| &family.products);
        let label = listed
            .into_iter()
            .find(|product| product.slug == slug)
            .map_or_else(
                || format!("{} (not on the list of Jetpack)", plain(&slug)),
                label,
            );
        add(&mut choices, &slug, label);
    }
    let is_empty = families.iter().all(|family| family.products.is_empty());
    if is_empty || choices.is_empty() {
        return Err(Error::Refusal(
            "Jetpack lists no product for this API token. Ask Jetpack which products the partner account may sell.".into(),
        ));
    }
    Ok(choices)
}

fn add(choices: &mut Vec<(String, String)>, slug: &str, label: String) {
    if !slug.is_empty() && !choices.iter().any(|(present, _)| present == slug) {
        choices.push((slug.to_owned(), label));
    }
}

/// "Jetpack Scan", with a price "Jetpack Scan (USD 4.95 per month)".
fn label(product: &Product) -> String {
    let name = plain(&product.name);
    match product.price() {
        Some(price) => format!("{name} ({price})"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_holds_the_price_where_there_is_one() {
        let product = |json: &str| -> Product { serde_json::from_str(json).unwrap() };
        assert_eq!(
            label(&product(
                r#"{"name":"Jetpack Scan","slug":"jetpack-scan","currency":"usd","amount":4.95,"price_interval":"month"}"#
            )),
            "Jetpack Scan (USD 4.95 per month)"
        );
        assert_eq!(
            label(&product(r#"{"name":"<b>Free</b>","slug":"free"}"#)),
            "Free"
        );
    }
}
