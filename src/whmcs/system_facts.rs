//! The versions of WHMCS and of the database that this installation runs on.

use mysql::Params;

use crate::database::{Database, SqlError, column};

const WHMCS: &str = "SELECT value FROM tblconfiguration WHERE setting='Version'";
const DATABASE: &str = "SELECT VERSION()";

/// Versions as they say them; empty where they do not.
pub struct SystemFacts {
    pub whmcs: String,
    pub database: String,
}

/// Reads them in one round trip.
pub fn read(database: &mut Database) -> Result<SystemFacts, SqlError> {
    let readings = [WHMCS, DATABASE].map(|one| (one, Params::Empty));
    let found = database.query_all("read the versions of WHMCS and of the database", &readings)?;
    let [whmcs, database] =
        found.map(|rows| rows.first().map_or_else(String::new, |row| column(row, 0)));
    Ok(SystemFacts { whmcs, database })
}
