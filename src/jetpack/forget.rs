//! `jetpack_Forget`, for the hooks of WHMCS: what only concerns a service that was deleted goes.

use super::license_table::retention;
use super::{MODULE, open_database};
use crate::database::{Database, Fault};
use crate::error::Error;
use crate::findings;
use crate::journal;
use crate::owner::Owner;
use crate::whmcs::{Deletion, Host};

pub fn run(host: &dyn Host, deletion: Deletion) -> Result<(), Error> {
    deletion.each(&mut open_database(host)?, retention::addons_of, forget)
}

/// Nothing goes while a license is active there, or an operation has no known end: staff still have to see it.
fn forget(database: &mut Database, owner: Owner) -> Result<(), Fault> {
    if retention::has_active(database, owner)? || !journal::forget_service(database, MODULE, owner)?
    {
        return Ok(());
    }
    retention::forget(database, owner)?;
    findings::forget(database, MODULE, owner)
}
