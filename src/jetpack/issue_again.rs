//! `jetpack_IssueAgain`, the button "Not issued: try again": a person has looked and found no license.

use super::licensing::{ISSUE, Licensing};
use super::{MODULE, change_package, create_account};
use crate::error::Error;
use crate::journal::{self, Answer, End};
use crate::whmcs::{Host, Service};

/// Closes the question whether the lost request issued a license, then finishes what was begun.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let open = journal::undecided(&mut licensing.database, MODULE, service.owner, ISSUE)?;
    let Some(record) = open else {
        return Err(Error::Unusable(
            "No lost answer is open for this service. Use Create to issue its license.".into(),
        ));
    };
    let answer = Answer {
        text: format!("staff found no license; before: {}", record.answered),
        remote_id: None,
        request_id: record.request_id.clone(),
    };
    journal::decide(&mut licensing.database, &record, End::Failed, &answer)?;
    let holds_one = !licensing.living()?.is_empty();
    drop(licensing);
    if holds_one {
        return change_package::run(host, service);
    }
    create_account::run(host, service)
}
