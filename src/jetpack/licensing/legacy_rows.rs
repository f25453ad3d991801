//! The owners of rows that the PHP module wrote, which name an order and a product, not a service.

use crate::jetpack::tables::licenses::StoredLicense;
use crate::service_id::ServiceId;
use crate::whmcs::Service;
use crate::whmcs::orders::Ordered;

/// Whether the row is the service's. What WHMCS said in this call counts for more than what is stored.
pub fn belongs_to(row: &StoredLicense, service: &Service, candidates: &[Ordered]) -> bool {
    let Some(order_id) = service.order_id else {
        return false;
    };
    let recorded = candidates.iter().find(|c| c.service_id == service.id);
    let own = Ordered {
        service_id: service.id,
        product_id: service.product_id,
        setting_2: service.options.at(2).unwrap_or_default().to_owned(),
        is_over: service.status.is_over(),
        since: recorded.map(|c| c.since.clone()).unwrap_or_default(),
    };
    let mut all: Vec<&Ordered> = candidates
        .iter()
        .filter(|candidate| candidate.service_id != own.service_id)
        .collect();
    all.push(&own);
    owner_of(row, order_id, &all).is_some_and(|service_id| service_id == own.service_id)
}

/// Returns whose the row is: of all services that could own it, the likeliest.
///
/// The PHP module issued for the first service of an order that it met, so the lowest id stands for
/// the rest; a product whose slug the key begins with comes before one whose slug it does not. Without
/// an order (id 0) the services may be of different clients: then only a sole candidate owns it, and only
/// one that was there when the license was issued.
pub fn owner_of(row: &StoredLicense, order_id: u32, all: &[&Ordered]) -> Option<ServiceId> {
    let sold_so: Vec<&Ordered> = all
        .iter()
        .filter(|candidate| candidate.product_id == row.product_id)
        .copied()
        .collect();
    let is_sold = !sold_so.is_empty();
    // After a change of product no service of the order names the row's product any more.
    let possible = if is_sold { sold_so } else { all.to_vec() };
    let sole = match possible.as_slice() {
        [sole] => Some(*sole),
        _ => None,
    };
    if order_id == 0 {
        let was_there = |candidate: &&Ordered| {
            !candidate.since.is_empty() && *candidate.since <= *row.issued_at
        };
        return sole
            .filter(|_| is_sold)
            .filter(was_there)
            .map(|candidate| candidate.service_id);
    }
    if !is_sold {
        return sole.map(|candidate| candidate.service_id);
    }
    possible
        .into_iter()
        .min_by_key(|candidate| {
            let is_addon = matches!(candidate.service_id, ServiceId::Addon { .. });
            (
                !key_names(row, &candidate.setting_2),
                candidate.is_over,
                is_addon,
                candidate.service_id.number(),
            )
        })
        .map(|likeliest| likeliest.service_id)
}

fn key_names(row: &StoredLicense, slug: &str) -> bool {
    !slug.is_empty() && row.key.expose().starts_with(&format!("{slug}_"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jetpack::api::license::LicenseKey;
    use crate::jetpack::tables::licenses_site::SiteRecord;
    use crate::php_value::Value;
    use crate::whmcs::{Options, Params, ServiceStatus};

    fn row(product_id: u32, key: &str) -> StoredLicense {
        StoredLicense {
            row: 1,
            key: LicenseKey::new(key).unwrap(),
            product_id,
            slug: None,
            site: None,
            unclaimed: true,
            issued_at: "2026-01-15 10:00:01".into(),
            checked_at: None,
            is_always_shown: false,
            at_site: SiteRecord::default(),
        }
    }

    fn options(slug: &str) -> Options {
        let setting = ("configoption2".to_owned(), Value::from(slug));
        Params::new(Value::Array(vec![setting])).options()
    }

    fn service(service_id: ServiceId, order_id: u32, product_id: u32) -> Service {
        Service {
            client_id: 10,
            order_id: Some(order_id),
            product_id,
            quantity: Some(1),
            status: ServiceStatus::Active,
            options: options("jetpack-complete"),
            ..Service::of(service_id)
        }
    }

    fn candidate(service_id: ServiceId, product_id: u32, slug: &str) -> Ordered {
        Ordered {
            service_id,
            product_id,
            setting_2: slug.into(),
            is_over: false,
            since: "2026-01-01".into(),
        }
    }

    const ADDON: ServiceId = ServiceId::Addon {
        id: 300,
        service: 100,
    };

    #[test]
    fn the_first_of_two_services_of_one_product_owns_the_row() {
        let both = [
            candidate(ServiceId::Service(100), 1, "jetpack-complete"),
            candidate(ServiceId::Service(101), 1, "jetpack-complete"),
        ];
        let row = row(1, "jetpack-complete_KEY");
        assert!(belongs_to(
            &row,
            &service(ServiceId::Service(100), 500, 1),
            &both
        ));
        assert!(!belongs_to(
            &row,
            &service(ServiceId::Service(101), 500, 1),
            &both
        ));
    }

    #[test]
    fn the_key_tells_a_product_from_an_addon_on_it() {
        let both = [
            candidate(ServiceId::Service(100), 1, "jetpack-complete"),
            candidate(ADDON, 1, "jetpack-scan"),
        ];
        let row = row(1, "jetpack-scan_KEY");
        let mut addon = service(ADDON, 500, 1);
        addon.options = options("jetpack-scan");
        assert!(belongs_to(&row, &addon, &both));
        assert!(!belongs_to(
            &row,
            &service(ServiceId::Service(100), 500, 1),
            &both
        ));
    }

    #[test]
    fn without_an_order_only_a_sole_candidate_that_was_there_owns_it() {
        let row = row(1, "k");
        let own = service(ServiceId::Service(100), 0, 1);
        let recorded = candidate(ServiceId::Service(100), 1, "");
        assert!(belongs_to(&row, &own, std::slice::from_ref(&recorded)));
        let both = [recorded.clone(), candidate(ServiceId::Service(7), 1, "")];
        assert!(!belongs_to(&row, &own, &both));
        let later = Ordered {
            since: "2026-02-01".into(),
            ..recorded
        };
        assert!(!belongs_to(&row, &own, &[later]));
        assert!(!belongs_to(&row, &own, &[]));
    }

    #[test]
    fn an_order_that_cannot_be_read_owns_nothing() {
        let mut unread = service(ServiceId::Service(100), 500, 1);
        unread.order_id = None;
        assert!(!belongs_to(&row(1, "k"), &unread, &[]));
    }

    #[test]
    fn after_a_change_of_product_the_orders_only_service_owns_it() {
        let row = row(1, "k");
        let changed = service(ServiceId::Service(100), 500, 2);
        assert!(belongs_to(&row, &changed, &[]));
        let another = [candidate(ServiceId::Service(101), 3, "")];
        assert!(!belongs_to(&row, &changed, &another));
    }
}
