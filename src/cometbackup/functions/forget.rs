//! `cometbackup_Forget`, for the hooks of WHMCS: removes what our tables hold of a service that was deleted.

use crate::cometbackup::MODULE;
use crate::cometbackup::tables::{accounts, pages};
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::journal;
use crate::reconciliation;
use crate::service_id::ServiceId;
use crate::whmcs::{Host, ReportedDeletion, open_database};

pub fn run(host: &dyn Host, deletion: ReportedDeletion) -> Result<(), Error> {
    deletion.each(&mut open_database(host)?, accounts::addons_of, forget)
}

/// But for the page that was shown, nothing goes while an account is recorded there, or an operation has no known end:
/// staff still have to see it.
fn forget(database: &mut Database, service_id: ServiceId) -> Result<(), SqlError> {
    pages::forget(database, service_id)?;
    if accounts::has_active(database, service_id)?
        || !journal::forget_service(database, MODULE, service_id)?
    {
        return Ok(());
    }
    accounts::forget_ended(database, service_id)?;
    reconciliation::forget(database, MODULE, service_id)
}
