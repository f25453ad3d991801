//! `jetpack_CreateAccount`: issues what the service should hold and does not. One request for each license.

use crate::error::Error;
use crate::jetpack::licensing::issue::To;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::licensing::site;
use crate::jetpack::tables::licenses::StoredLicense;
use crate::whmcs::{Host, Service};

/// A service that holds its license gets none, and no request is made.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let issued = issue(&mut licensing);
    licensing.finish(issued)
}

fn issue(licensing: &mut Licensing<'_>) -> Result<Vec<StoredLicense>, Error> {
    let slug = licensing.slug()?;
    let look = licensing.ask_about_revocations()?;
    let living = licensing.issue_missing(look, &slug, To::Any, |_| true)?;
    site::attach_if_wanted(licensing, living)
}
