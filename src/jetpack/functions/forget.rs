//! `jetpack_Forget`, for the hooks of WHMCS: removes what our tables hold of a service that was deleted.

use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::jetpack::MODULE;
use crate::jetpack::tables::licenses_retention;
use crate::journal;
use crate::reconciliation;
use crate::service_id::ServiceId;
use crate::whmcs::{Host, ReportedDeletion, open_database};

/// Removes the rows of a service or product addon that was deleted, and of the addons of the service.
pub fn run(host: &dyn Host, deletion: ReportedDeletion) -> Result<(), Error> {
    deletion.each(
        &mut open_database(host)?,
        licenses_retention::addons_of,
        forget,
    )
}

/// Nothing goes while a license is active there, or an operation has no known end: staff still have to see it.
fn forget(database: &mut Database, service_id: ServiceId) -> Result<(), SqlError> {
    if licenses_retention::has_active(database, service_id)?
        || !journal::forget_service(database, MODULE, service_id)?
    {
        return Ok(());
    }
    licenses_retention::forget(database, service_id)?;
    reconciliation::forget(database, MODULE, service_id)
}
