//! The configurable options of services, as WHMCS's tables have them, for jobs that look at all.

use std::collections::HashMap;

use mysql::Value;

use super::{NamedValues, name_of};
use crate::database::{Database, SqlError, column, placeholders};

/// As WHMCS passes them: of options with choices the name of the choice, of the others the number.
const CHOSEN: &str = "SELECT c.relid AS service, o.optionname AS name,
    IF(o.optiontype IN ('3', '4'), c.qty, COALESCE(s.optionname, '')) AS choice
    FROM tblhostingconfigoptions c
    JOIN tblhosting h ON h.id=c.relid
    JOIN tblproductconfigoptions o ON o.id=c.configid
    JOIN tblproductconfiglinks l ON l.gid=o.gid AND l.pid=h.packageid
    LEFT JOIN tblproductconfigoptionssub s ON s.id=c.optionid
    WHERE c.relid IN ";

/// Returns what was chosen, by service; one without options is left out. One statement where there are any services.
pub fn of_services(
    database: &mut Database,
    services: &[u32],
) -> Result<HashMap<u32, NamedValues>, SqlError> {
    let mut chosen: HashMap<u32, Vec<(String, String)>> = HashMap::new();
    if !services.is_empty() {
        let statement = format!("{CHOSEN}{}", placeholders(services.len()));
        let services: Vec<Value> = services.iter().map(Value::from).collect();
        let task = "read the configurable options";
        database.query_each(task, &statement, services, |row| {
            let of_service = chosen.entry(column(row, "service")).or_default();
            let choice: String = column(row, "choice");
            of_service.push((column(row, "name"), name_of(&choice).to_owned()));
        })?;
    }
    let chosen = chosen.into_iter();
    Ok(chosen
        .map(|(service, values)| (service, NamedValues::stored(values)))
        .collect())
}
