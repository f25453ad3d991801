//! `jetpack_CreateLicensesTable`: the loader of module setting 3. Creates or upgrades the tables, without loss, any number
//! of times.

use crate::error::Error;
use crate::jetpack::tables::licenses;
use crate::journal;
use crate::whmcs::{Host, open_database};

/// Returns the one choice: its stored value and its label.
///
/// # Errors
/// WHMCS shows the sentence in place of the field; opening the settings again tries again.
pub fn run(host: &dyn Host) -> Result<(String, String), Error> {
    let mut database = open_database(host)?;
    licenses::prepare(&mut database)?;
    journal::prepare(&mut database)?;
    let (all, active) = licenses::count(&mut database)?;
    Ok((
        "ready".into(),
        format!(
            "Ready: {active} active and {} revoked licenses",
            all.saturating_sub(active)
        ),
    ))
}
