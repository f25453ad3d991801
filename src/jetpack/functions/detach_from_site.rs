//! `jetpack_DetachFromSite`, the button "Detach from site". One request for each license.

use crate::error::Error;
use crate::jetpack::licensing::session::Licensing;
use crate::jetpack::licensing::site::{detach, first};
use crate::whmcs::{Host, Service};

/// Detaches each license that we attached, or else the first.
pub fn run(host: &dyn Host, service: &Service) -> Result<(), Error> {
    let mut licensing = Licensing::open(host, service)?;
    let living = licensing.living()?;
    let attached: Vec<_> = living.into_iter().filter(|l| l.site.is_some()).collect();
    let chosen = if attached.is_empty() {
        vec![first(&mut licensing)?]
    } else {
        attached
    };
    for license in &chosen {
        detach(&mut licensing, license)?;
    }
    Ok(())
}
