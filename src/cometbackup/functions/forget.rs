//! `cometbackup_Forget`, for the hooks of WHMCS: what only concerns a service that was deleted goes.

use crate::cometbackup::MODULE;
use crate::cometbackup::tables::accounts;
use crate::database::{Database, Fault};
use crate::error::Error;
use crate::journal;
use crate::reconciliation;
use crate::service_id::Owner;
use crate::whmcs::{Deletion, Host, open_database};

pub fn run(host: &dyn Host, deletion: Deletion) -> Result<(), Error> {
    deletion.each(&mut open_database(host)?, accounts::addons_of, forget)
}

/// Nothing goes while an account is recorded there, or an operation has no known end: staff still have to see it.
fn forget(database: &mut Database, owner: Owner) -> Result<(), Fault> {
    if accounts::has_active(database, owner)? || !journal::forget_service(database, MODULE, owner)?
    {
        return Ok(());
    }
    accounts::forget_ended(database, owner)?;
    reconciliation::forget(database, MODULE, owner)
}
