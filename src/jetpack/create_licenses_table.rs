//! `jetpack_CreateLicensesTable`: the loader of setting 3. Makes or upgrades the tables, without loss, any number of times.

use super::license_table;
use crate::error::Error;
use crate::journal;
use crate::whmcs::Host;

/// The one choice: its stored value and what it says.
///
/// # Errors
/// WHMCS shows the sentence in place of the field; opening the settings again tries again.
pub fn run(host: &dyn Host) -> Result<(String, String), Error> {
    let mut database = super::open_database(host)?;
    license_table::prepare(&mut database)?;
    journal::prepare(&mut database)?;
    let (all, living) = license_table::count(&mut database)?;
    Ok((
        "ready".into(),
        format!(
            "Ready: {living} living and {} revoked licenses",
            all.saturating_sub(living)
        ),
    ))
}
