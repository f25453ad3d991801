//! `cometbackup_Forget`, for the hooks of WHMCS: what only concerns a service that was deleted goes.

use super::{MODULE, account_table, open_database};
use crate::database::{Database, Fault};
use crate::error::Error;
use crate::findings;
use crate::journal;
use crate::owner::Owner;
use crate::whmcs::{Deletion, Host};

pub fn run(host: &dyn Host, deletion: Deletion) -> Result<(), Error> {
    deletion.each(&mut open_database(host)?, account_table::addons_of, forget)
}

/// Nothing goes while an account is recorded there, or an operation has no known end: staff still have to see it.
fn forget(database: &mut Database, owner: Owner) -> Result<(), Fault> {
    if account_table::has_active(database, owner)?
        || !journal::forget_service(database, MODULE, owner)?
    {
        return Ok(());
    }
    account_table::forget_ended(database, owner)?;
    findings::forget(database, MODULE, owner)
}
