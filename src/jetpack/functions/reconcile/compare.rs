//! The comparison without a request: what WHMCS sells, what the license table holds, what the journal left open.

use std::collections::HashMap;

use super::by_site::BySite;
use super::{about, range};
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::api::license::Slug;
use crate::jetpack::licensing::errors::UNDECIDED;
use crate::jetpack::licensing::session::ISSUE;
use crate::jetpack::tables::licenses_listing::{self, Surveyed};
use crate::jetpack::{MODULE, OPTION_PRODUCT};
use crate::journal::listing::{self, IdRange, Open};
use crate::reconciliation::{Finding, Run, Scope};
use crate::service_id::ServiceId;
use crate::whmcs::services::{self, ServiceKind, ServiceRow, Settings};

/// Age from which a lost answer that nobody has decided is reported.
const TIME_TO_DECIDE: i64 = 3600;

/// Create would issue a second one.
const ADOPT_FIRST: &str = " But Jetpack has a license for its site that is in no row: adopt that one, in the field Unassigned Licenses of the service's page.";

/// The number of services and licenses that were compared.
#[derive(Debug, Default)]
pub struct LookedAt {
    pub sold: usize,
    pub licenses: usize,
}

/// Compares, and reports what differs. Three statements for a page of services, one for a page of licenses.
pub fn compare(
    run: &mut Run,
    database: &mut Database,
    (settings, open): (&Settings, Vec<Open>),
    by_site: &mut BySite,
) -> Result<LookedAt, Error> {
    let mut looked_at = LookedAt::default();
    for part in [ServiceKind::Services, ServiceKind::Addons] {
        looked_at.sold += services(run, database, part, (settings, &mut *by_site))?;
    }
    looked_at.licenses = licenses(run, database, settings)?;
    undecided(run, database, open)?;
    Ok(looked_at)
}

fn services(
    run: &mut Run,
    database: &mut Database,
    part: ServiceKind,
    (settings, by_site): (&Settings, &mut BySite),
) -> Result<usize, Error> {
    let Some((mut after, end)) = range(run, part) else {
        return Ok(0);
    };
    let mut seen = 0;
    loop {
        let page = services::page(database, MODULE, part, after, end)?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return Ok(seen);
        };
        run.alive(database)?;
        let range = IdRange {
            kind: first.service_id.kind(),
            first: first.service_id.number(),
            last: last.service_id.number(),
        };
        let held = licenses_listing::held(database, part, (range.first, range.last))?;
        let open = listing::unknown_between(database, MODULE, ISSUE, range)?;
        after = range.last;
        seen += page.len();
        for sold in &page {
            let id = sold.service_id.number();
            let active = held.get(&id).copied().unwrap_or_default();
            let is_at_its_site = by_site.note(sold, settings, active, open.contains(&id));
            // A lost answer is a finding of its own; it may be the license that is missing.
            if let Some(mut finding) = quantity(sold, active, open.contains(&id)) {
                if is_at_its_site && finding.kind == "missing" {
                    finding.text.push_str(ADOPT_FIRST);
                }
                run.report(database, finding)?;
            }
        }
    }
}

fn quantity(sold: &ServiceRow, active: u32, is_open: bool) -> Option<Finding> {
    let wanted = sold.quantity;
    let (kind, subject, text) = if sold.status.is_in_use() && active < wanted && !is_open {
        let status = sold.status.word();
        let text = if active == 0 {
            format!("The service is {status} and holds no license. Press Create to issue it.")
        } else {
            format!(
                "The service is {status} and holds {active} of its {wanted} licenses. Press Create to issue the rest."
            )
        };
        ("missing", format!("{} missing", wanted - active), text)
    } else if !sold.status.is_over() && active > wanted {
        let text = format!(
            "The service holds {active} active licenses and its quantity is {wanted}: {} too many are paid for. Press Change Package to revoke them.",
            active - wanted
        );
        ("surplus", format!("{} too many", active - wanted), text)
    } else {
        return None;
    };
    Some(Finding {
        service_id: Some(sold.service_id),
        kind,
        subject,
        text,
        server_id: None,
    })
}

fn licenses(run: &mut Run, database: &mut Database, settings: &Settings) -> Result<usize, Error> {
    let (mut after, mut seen) = (0, 0);
    loop {
        let page = licenses_listing::active_page(database, run.scope(), after)?;
        let Some(last) = page.last() else {
            return Ok(seen);
        };
        run.alive(database)?;
        after = last.license.row;
        seen += page.len();
        for row in &page {
            if let Some((kind, text)) = wrong(row, settings) {
                run.report(database, about(row, kind, text))?;
            }
        }
    }
}

/// What is wrong with an active license, and what to do.
fn wrong(row: &Surveyed, settings: &Settings) -> Option<(&'static str, String)> {
    let license = format!("The license {}", row.license.key.hint());
    let Some(definition) = row.definition else {
        let whose = if row.status.is_none() {
            "its service is no longer in WHMCS"
        } else {
            "its service is no longer sold with this module"
        };
        return Some((
            "gone",
            format!(
                "{license} is active and paid for, and {whose}. Revoke it in the Jetpack partner portal if nobody uses it; the next reconciliations record that."
            ),
        ));
    };
    if let Some(status) = row.status.filter(|status| status.is_over()) {
        let status = status.word();
        return Some((
            "ended",
            format!(
                "{license} is active and paid for, and its service is {status}. Press Terminate to revoke it."
            ),
        ));
    }
    let setting = settings.get(&definition)?.at(OPTION_PRODUCT);
    let slug = Slug::new(setting).ok()?;
    if row.license.is_for(&slug, row.product_id) {
        return None;
    }
    let issued = row.license.slug.as_deref().map(crate::text::plain);
    Some((
        "product",
        format!(
            "{license} is for {}, and the service is sold as {}. Press Change Package to exchange it.",
            issued.as_deref().unwrap_or("another product"),
            slug.as_str()
        ),
    ))
}

/// Lost answers to issue requests that nobody has decided, those of services that are gone included.
fn undecided(run: &mut Run, database: &mut Database, open: Vec<Open>) -> Result<(), Error> {
    let meant = |service_id: ServiceId| match run.scope() {
        Scope::Everything => true,
        Scope::Of(one) => one == service_id,
    };
    let due: Vec<_> = open
        .into_iter()
        .filter(|open| open.age.is_none_or(|age| age >= TIME_TO_DECIDE) && meant(open.service_id))
        .collect();
    for due in due.chunks(services::PAGE) {
        let addons: Vec<u32> = due.iter().map(|open| open.service_id.addon()).collect();
        let parents = services::parents(database, &addons)?;
        for open in due {
            let finding = Finding {
                service_id: Some(with_parent(open.service_id, &parents)),
                kind: "undecided",
                subject: format!("asked on {}", open.at),
                text: format!(
                    "On {} UTC a license was asked for and the answer was lost. {UNDECIDED}",
                    open.at
                ),
                server_id: None,
            };
            run.report(database, finding)?;
        }
    }
    Ok(())
}

fn with_parent(service_id: ServiceId, parents: &HashMap<u32, u32>) -> ServiceId {
    match service_id {
        ServiceId::Service(_) => service_id,
        ServiceId::Addon { id, .. } => ServiceId::Addon {
            id,
            service: parents.get(&id).copied().unwrap_or_default(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jetpack::api::license::LicenseKey;
    use crate::jetpack::tables::licenses::StoredLicense;
    use crate::jetpack::tables::licenses_site::SiteRecord;
    use crate::php_value::Value;
    use crate::whmcs::services::ProductRef;
    use crate::whmcs::{Params, ServiceStatus};

    const SERVICE: ServiceId = ServiceId::Service(100);
    const PRODUCT: ProductRef = ProductRef::Product(1);

    /// Kind and subject of what is found where so many are wanted and held.
    fn found(
        status: ServiceStatus,
        wanted: u32,
        held: u32,
        is_open: bool,
    ) -> Option<(&'static str, String)> {
        let sold = ServiceRow {
            service_id: SERVICE,
            client_id: 10,
            order_id: 500,
            product_id: 1,
            definition: PRODUCT,
            quantity: wanted,
            status,
            domain: String::new(),
        };
        quantity(&sold, held, is_open).map(|finding| (finding.kind, finding.subject))
    }

    #[test]
    fn a_service_in_use_holds_as_many_licenses_as_its_quantity() {
        for status in [ServiceStatus::Active, ServiceStatus::Completed] {
            assert_eq!(found(status, 2, 2, false), None);
            assert_eq!(
                found(status, 3, 1, false),
                Some(("missing", "2 missing".into()))
            );
            assert_eq!(
                found(status, 1, 3, false),
                Some(("surplus", "2 too many".into()))
            );
        }
    }

    #[test]
    fn a_lost_answer_may_be_the_license_that_is_missing() {
        assert_eq!(found(ServiceStatus::Active, 1, 0, true), None);
        assert!(found(ServiceStatus::Active, 1, 2, true).is_some());
    }

    #[test]
    fn a_suspended_service_lacks_none_and_one_that_is_over_is_compared_by_its_licenses() {
        assert_eq!(found(ServiceStatus::Suspended, 1, 0, false), None);
        assert!(found(ServiceStatus::Suspended, 1, 2, false).is_some());
        assert_eq!(found(ServiceStatus::Terminated, 1, 2, false), None);
    }

    fn held(
        slug: Option<&str>,
        status: Option<ServiceStatus>,
        definition: Option<ProductRef>,
    ) -> Surveyed {
        Surveyed {
            license: StoredLicense {
                row: 7,
                key: LicenseKey::new("jetpack-complete_KEY1").unwrap(),
                product_id: 0,
                slug: slug.map(str::to_owned),
                site: None,
                unclaimed: false,
                issued_at: "2026-01-15 10:00:01".into(),
                checked_at: None,
                is_always_shown: false,
                at_site: SiteRecord::default(),
            },
            service_id: Some(SERVICE),
            order_id: 500,
            status,
            definition,
            product_id: 1,
        }
    }

    fn settings(slug: &str) -> Settings {
        let setting = ("configoption2".to_owned(), Value::from(slug));
        let options = Params::new(Value::Array(vec![setting])).options();
        Settings::from([(PRODUCT, options)])
    }

    fn kind_and_text(row: &Surveyed, slug: &str) -> Option<(&'static str, String)> {
        wrong(row, &settings(slug))
    }

    #[test]
    fn a_license_of_a_service_that_pays_for_it_is_right() {
        let row = held(
            Some("jetpack-complete"),
            Some(ServiceStatus::Active),
            Some(PRODUCT),
        );
        assert_eq!(kind_and_text(&row, "jetpack-complete"), None);
        let of_the_php_module = held(None, Some(ServiceStatus::Active), Some(PRODUCT));
        assert_eq!(kind_and_text(&of_the_php_module, "jetpack-complete"), None);
    }

    #[test]
    fn a_license_of_another_product_is_exchanged() {
        let row = held(
            Some("jetpack-complete"),
            Some(ServiceStatus::Active),
            Some(PRODUCT),
        );
        let (kind, text) = kind_and_text(&row, "jetpack-scan").unwrap();
        assert_eq!(kind, "product");
        assert!(
            text.contains("…KEY1 is for jetpack-complete, and the service is sold as jetpack-scan")
        );
        // A setting that is no slug says nothing.
        assert_eq!(kind_and_text(&row, ""), None);
    }

    #[test]
    fn a_license_without_a_paying_service_is_named_by_its_end() {
        let row = |status, definition| held(Some("jetpack-complete"), status, definition);
        let kind = |row: &Surveyed| kind_and_text(row, "jetpack-complete").unwrap().0;
        assert_eq!(
            kind(&row(Some(ServiceStatus::Cancelled), Some(PRODUCT))),
            "ended"
        );
        assert_eq!(kind(&row(None, None)), "gone");
        let (_, text) =
            kind_and_text(&row(Some(ServiceStatus::Active), None), "jetpack-complete").unwrap();
        assert!(text.contains("no longer sold with this module"));
    }
}
