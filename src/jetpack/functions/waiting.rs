//! The decisions that wait for a person on the service page of a license, and the button or field that decides each. Pure.

use super::adopt_field;
use crate::jetpack::Activation;
use crate::jetpack::licensing::activation;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::jetpack::tables::licenses_site::SiteStep;
use crate::journal::Record;
use crate::service_page::{self, DecidedBy, Decision};
use crate::whmcs::Service;

/// The label of the field that asks what became of a lost answer.
pub const LOST_ANSWER: &str = "Lost Answer";

/// The facts that the page has read already.
pub struct Waits<'a> {
    pub lost_answer: Option<&'a Record>,
    pub is_copy_asked: bool,
    pub offers_adoption: bool,
}

pub fn of(service: &Service, active: &[StoredLicense], waits: &Waits<'_>) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if let Some(record) = waits.lost_answer {
        decisions.push(Decision {
            why: format!(
                "The answer to a request of {} UTC was lost, and a license may have been issued.",
                record.at
            ),
            decided_by: DecidedBy::Field(LOST_ANSWER),
        });
    }
    if waits.is_copy_asked {
        decisions.push(service_page::copy_question());
    }
    if waits.offers_adoption {
        decisions.push(Decision {
            why: "A license can be adopted, or an adopted one taken back.".to_owned(),
            decided_by: DecidedBy::Field(adopt_field::LABEL),
        });
    }
    decisions.extend(at_site(service, active));
    decisions
}

/// What is left to do at the customer's site and is not done by itself.
fn at_site(service: &Service, active: &[StoredLicense]) -> Option<Decision> {
    let license = activation::unattached(service, active)?;
    let connects = Activation::of(&service.options) == Activation::ConnectAndAttach;
    let (why, buttons): (_, &'static [&'static str]) = match license.at_site.step? {
        SiteStep::Cut => (
            "The owner of the site has cut its connection to Jetpack and has to make it again; after that the license can be attached.",
            &["Attach to site"],
        ),
        SiteStep::Staff if connects => (
            "The site is not known to be this client's, so it is not connected by itself.",
            &["Connect site", "Attach to site"],
        ),
        SiteStep::Staff | SiteStep::Open => return None,
    };
    Some(Decision {
        why: why.to_owned(),
        decided_by: DecidedBy::Buttons(buttons),
    })
}
