//! The private directory, and whether web and cron see the same one.

use super::Line;
use crate::database::Database;
use crate::error::Error;
use crate::jetpack::licensing::shared_directory;
use crate::whmcs::Host;

pub fn lines(host: &dyn Host, database: &mut Database) -> Result<Vec<Line>, Error> {
    let check = "state_dir";
    let location = host.state_dir();
    shared_directory::note(&location, database);
    let remarks = shared_directory::remarks(&location, database)?;
    if remarks.is_empty() {
        return Ok(vec![Line::fine(
            check,
            format!(
                "{} can be used, and no other PHP of this WHMCS was seen with another one in the last three days.",
                location.path.display()
            ),
        )]);
    }
    Ok(remarks
        .into_iter()
        .map(|remark| Line::fault(check, remark))
        .collect())
}
