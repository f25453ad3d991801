//! Steps at customers' sites that are still open: they are tried again, and reported where a person has to see to them.

use super::budget::{Budget, status};
use super::repair::sold_to;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::Activation;
use crate::jetpack::licensing::activation::{self, NotActive};
use crate::jetpack::licensing::site_address::{SITE_URL, WORDPRESS_ADMIN};
use crate::jetpack::tables::licenses_site::{self, OpenSite, SiteStep};
use crate::reconciliation::{Finding, Run};
use crate::whmcs::custom_fields;

/// Share of the budget, in services: the longest untried come first.
const MOST: usize = 100;
/// To connect, and to attach.
const REQUESTS: usize = 2;

const KIND: &str = "site";

/// Tries them again within the budget, and reports the others. No statement where no product has setting 5 on.
pub fn go_on(budget: &mut Budget<'_>, run: &mut Run, database: &mut Database) -> Result<(), Error> {
    let mut sold_as = budget.settings().values();
    if sold_as.all(|options| Activation::of(options) == Activation::ByCustomer) {
        return Ok(());
    }
    run.alive(database)?;
    for open in licenses_site::longest_untried(database, run.scope(), MOST)? {
        if !budget.may_ask() {
            break;
        }
        take(budget, run, database, &open)?;
    }
    report(run, database)
}

fn take(
    budget: &mut Budget<'_>,
    run: &mut Run,
    database: &mut Database,
    open: &OpenSite,
) -> Result<(), Error> {
    let Some(sold) = sold_to(run, database, open.service_id)? else {
        return Ok(());
    };
    let mut service = sold.service(budget.settings());
    let names = [SITE_URL, WORDPRESS_ADMIN];
    service.custom_fields = custom_fields::values(database, open.service_id, &names)?;
    budget.asked += REQUESTS;
    match activation::go_on(budget.host(), &service) {
        Ok(true) => run.repaired(
            Some(open.service_id),
            &format!(
                "The license …{} is attached to the client's site now.",
                open.hint
            ),
        ),
        Ok(false) => {}
        Err(NotActive { error, .. }) => match error {
            Error::Database(_) => return Err(error),
            // The next question would end as this one.
            Error::NotSent(_) | Error::NoAnswer(_) => budget.stop(&error),
            _ if matches!(status(&error), Some(429 | 500..)) => budget.stop(&error),
            // A site that is not ready, a product without token, or a lost answer: the others may be ready.
            _ => {}
        },
    }
    Ok(())
}

fn report(run: &mut Run, database: &mut Database) -> Result<(), Error> {
    let mut after = 0;
    loop {
        let page = licenses_site::for_a_person(database, run.scope(), after)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.row;
        for open in page {
            run.report(database, finding(&open))?;
        }
    }
}

fn finding(open: &OpenSite) -> Finding {
    let why = match open.step {
        SiteStep::Cut => {
            "the owner of the site has cut its connection to Jetpack. Ask the client to connect it in his WordPress, then press Attach to site."
        }
        SiteStep::Open | SiteStep::Staff => {
            "it takes a person to say where the client's site is. The field Site on the service page says why; press Connect site or Attach to site there."
        }
    };
    Finding {
        service_id: Some(open.service_id),
        kind: KIND,
        subject: format!("…{} (row {})", open.hint, open.row),
        text: format!(
            "The license …{} is not active on a site yet: {why}",
            open.hint
        ),
        server_id: None,
    }
}
