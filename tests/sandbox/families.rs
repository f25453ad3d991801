//! The product families that are on offer unless a test brings its own.

use serde_json::{Value, json};

type Product = (u32, &'static str, &'static str, f64, &'static str);

/// Names and order as recorded from the API; the prices are made up.
const FAMILIES: &[(&str, &str, &[Product])] = &[
    (
        "Jetpack Packs",
        "jetpack-packs",
        &[
            (2014, "Jetpack Complete", "jetpack-complete", 1.64, "day"),
            (
                2010,
                "Jetpack Security Daily",
                "jetpack-security-daily",
                9.95,
                "month",
            ),
            (
                2012,
                "Jetpack Security Real-time",
                "jetpack-security-realtime",
                24.95,
                "month",
            ),
        ],
    ),
    (
        "Jetpack Backup",
        "jetpack-backup",
        &[
            (
                2100,
                "Jetpack Backup (Daily)",
                "jetpack-backup-daily",
                3.95,
                "month",
            ),
            (
                2102,
                "Jetpack Backup (Real-time)",
                "jetpack-backup-realtime",
                19.95,
                "month",
            ),
        ],
    ),
    (
        "Jetpack Scan",
        "jetpack-scan",
        &[(2106, "Jetpack Scan", "jetpack-scan", 3.95, "month")],
    ),
    (
        "Jetpack Anti-spam",
        "jetpack-anti-spam",
        &[(
            2110,
            "Jetpack Anti-spam",
            "jetpack-anti-spam",
            3.95,
            "month",
        )],
    ),
    (
        "Plans",
        "plans",
        &[
            (2002, "Jetpack Free", "free", 0.0, "month"),
            (2005, "Jetpack Personal", "personal", 2.5, "month"),
            (2000, "Jetpack Premium", "premium", 6.95, "month"),
            (2001, "Jetpack Professional", "professional", 23.5, "month"),
        ],
    ),
];

const PRICE_FIELDS: [&str; 4] = ["currency", "amount", "price_interval", "supported_bundles"];

/// The families with prices, as the partner sees them.
pub fn on_offer() -> Value {
    FAMILIES
        .iter()
        .map(|(name, slug, products)| {
            let products: Vec<Value> = products.iter().map(priced).collect();
            let description = format!("{name} keeps a WordPress site safe and fast.");
            json!({"name": name, "slug": slug, "description": description, "products": products})
        })
        .collect()
}

/// The same families as everybody sees them.
pub fn without_prices(families: &Value) -> Value {
    let mut families = families.clone();
    for product in products_mut(&mut families) {
        if let Some(fields) = product.as_object_mut() {
            for field in PRICE_FIELDS {
                fields.shift_remove(field);
            }
        }
    }
    families
}

pub fn offer(families: &Value, slug: &str) -> bool {
    find(families, slug).is_some()
}

pub fn find<'a>(families: &'a Value, slug: &str) -> Option<&'a Value> {
    items(families)
        .filter_map(|family| family.get("products"))
        .flat_map(items)
        .find(|product| product.get("slug").and_then(Value::as_str) == Some(slug))
}

/// Newer answers name bundles, which are cheaper.
fn priced((product_id, name, slug, amount, interval): &Product) -> Value {
    json!({
        "product_id": product_id, "name": name, "slug": slug,
        "currency": "usd", "amount": amount, "price_interval": interval,
        "supported_bundles": [{"quantity": 5, "amount": amount * 4.5, "price_interval": interval}],
    })
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn products_mut(families: &mut Value) -> impl Iterator<Item = &mut Value> {
    families
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(|family| family.get_mut("products")?.as_array_mut())
        .flatten()
}
