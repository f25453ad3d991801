//! The rows of the PHP module, which name an order and a product: they are given to their services, or reported.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::about;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::licensing::legacy_rows;
use crate::jetpack::tables::{licenses, licenses_listing};
use crate::reconciliation::{Finding, Run};
use crate::whmcs::orders::{self, Ordered};

/// Without an order all that counts is the product; there are few of them.
type WithoutOrder = HashMap<u32, Vec<Ordered>>;

/// Gives each row to the service that any command would give it to. Returns how many.
pub fn claim(run: &mut Run, database: &mut Database) -> Result<u64, Error> {
    let mut given = 0;
    let mut after = 0;
    let mut without_order = WithoutOrder::new();
    loop {
        let page = licenses_listing::unclaimed_page(database, after)?;
        let Some(last) = page.last() else {
            return Ok(given);
        };
        after = last.license.row;
        run.alive(database)?;
        let mut by_order: HashMap<u32, Vec<Ordered>> = HashMap::new();
        let mut orders: Vec<u32> = page.iter().map(|row| row.order_id).collect();
        orders.sort_unstable();
        orders.dedup();
        orders.retain(|order| *order > 0);
        for (order, candidate) in orders::of_orders(database, MODULE, &orders)? {
            by_order.entry(order).or_default().push(candidate);
        }
        for row in page {
            let candidates = match row.order_id {
                0 => sold_so(database, &mut without_order, row.license.product_id)?,
                order => by_order.get(&order).map_or(&[][..], Vec::as_slice),
            };
            let all: Vec<&Ordered> = candidates.iter().collect();
            match legacy_rows::owner_of(&row.license, row.order_id, &all) {
                Some(service_id) => {
                    given += u64::from(licenses::adopt(database, row.license.row, service_id)?);
                }
                None => run.report(database, finding(&row))?,
            }
        }
    }
}

fn sold_so<'a>(
    database: &mut Database,
    known: &'a mut WithoutOrder,
    product_id: u32,
) -> Result<&'a [Ordered], Error> {
    let kept = match known.entry(product_id) {
        Entry::Occupied(kept) => kept.into_mut(),
        Entry::Vacant(place) => place.insert(orders::without_order(database, MODULE, product_id)?),
    };
    Ok(kept)
}

fn finding(row: &licenses_listing::Surveyed) -> Finding {
    let order = match row.order_id {
        0 => "without an order".to_owned(),
        order => format!("for order {order}"),
    };
    let text = format!(
        "The PHP module issued the license {} {order}, and no service can be told to be its owner; Jetpack may bill it. Look it up in the Jetpack partner portal, and revoke it there if no customer uses it.",
        row.license.key.hint()
    );
    about(row, "unclaimed", text)
}
