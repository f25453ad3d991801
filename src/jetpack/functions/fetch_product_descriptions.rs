//! `jetpack_FetchProductDescriptions`: texts that the companion addon module writes into new products. One request.

use crate::error::Error;
use crate::jetpack::api::Api;
use crate::text::flat;
use crate::whmcs::Host;

/// Returns product slug and the description of its family, as plain text, because WHMCS shows it to customers as it is.
///
/// # Errors
/// The addon module takes them for "not created".
pub fn run(host: &dyn Host) -> Result<Vec<(String, String)>, Error> {
    let families = Api::new(host, None)?.families()?;
    let mut described = Vec::new();
    for family in &families {
        if let Some(description) = &family.description {
            let products = family.products.iter();
            described.extend(products.map(|product| (product.slug.clone(), flat(description))));
        }
    }
    Ok(described)
}
