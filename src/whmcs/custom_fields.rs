//! Writes custom fields that share their name with a column: service properties would write the column instead.

use std::collections::HashMap;

use super::{NamedValues, name_in_sql, name_of};
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;

const OF_A_SERVICE: &str = concat!(
    "SELECT f.id FROM tblcustomfields f JOIN tblhosting h ON h.packageid=f.relid
    WHERE f.type='product' AND h.id=:id AND ",
    name_in_sql!("f.fieldname"),
    "=:name ORDER BY f.id LIMIT 1"
);

const OF_AN_ADDON: &str = concat!(
    "SELECT f.id FROM tblcustomfields f JOIN tblhostingaddons a ON a.addonid=f.relid
    WHERE f.type='addon' AND a.id=:id AND ",
    name_in_sql!("f.fieldname"),
    "=:name ORDER BY f.id LIMIT 1"
);

const VALUES_OF_A_SERVICE: &str = concat!(
    "SELECT f.fieldname, v.value FROM tblhosting h
    JOIN tblcustomfields f ON f.relid=h.packageid AND f.type='product'
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=h.id
    WHERE h.id=:id AND FIND_IN_SET(",
    name_in_sql!("f.fieldname"),
    ", :names) ORDER BY f.sortorder, f.id"
);

const VALUES_OF_AN_ADDON: &str = concat!(
    "SELECT f.fieldname, v.value FROM tblhostingaddons a
    JOIN tblcustomfields f ON f.relid=a.addonid AND f.type='addon'
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=a.id
    WHERE a.id=:id AND FIND_IN_SET(",
    name_in_sql!("f.fieldname"),
    ", :names) ORDER BY f.sortorder, f.id"
);

const OF_ADDONS: &str = concat!(
    "SELECT f.relid AS definition, f.id AS id, f.fieldname AS name
    FROM tblcustomfields f JOIN tbladdons d ON d.id=f.relid
    WHERE f.type='addon' AND d.module=:module
      AND FIND_IN_SET(",
    name_in_sql!("f.fieldname"),
    ", :names)
    ORDER BY f.id DESC"
);

const UPDATE: &str =
    "UPDATE tblcustomfieldsvalues SET value=:value WHERE fieldid=:field AND relid=:id";

const COUNT: &str = "SELECT COUNT(*) FROM tblcustomfieldsvalues WHERE fieldid=:field AND relid=:id";

const INSERT: &str =
    "INSERT INTO tblcustomfieldsvalues (fieldid, relid, value) VALUES (:field, :id, :value)";

/// Writes the field of the service's own product, or of the addon's own definition. False where there is none.
pub fn write(
    database: &mut Database,
    service_id: ServiceId,
    name: &str,
    value: &str,
) -> Result<bool, SqlError> {
    let statement = match service_id {
        ServiceId::Service(_) => OF_A_SERVICE,
        ServiceId::Addon { .. } => OF_AN_ADDON,
    };
    let task = "write a custom field";
    let found: Vec<u64> = database.query(
        task,
        statement,
        params! { "id" => service_id.number(), "name" => name },
        |row| column(row, 0),
    )?;
    let Some(field) = found.into_iter().next() else {
        return Ok(false);
    };
    let row = || params! { "field" => field, "id" => service_id.number() };
    let stored: Vec<u64> = database.query(task, COUNT, row(), |row| column(row, 0))?;
    let values = params! { "field" => field, "id" => service_id.number(), "value" => value };
    if stored.first().is_some_and(|count| *count > 0) {
        database.execute(task, UPDATE, values)?;
    } else {
        database.insert(task, INSERT, values)?;
    }
    Ok(true)
}

/// The values of the fields of these names, as a command finds them in its parameters.
pub fn values(
    database: &mut Database,
    service_id: ServiceId,
    names: &[&str],
) -> Result<NamedValues, SqlError> {
    let statement = match service_id {
        ServiceId::Service(_) => VALUES_OF_A_SERVICE,
        ServiceId::Addon { .. } => VALUES_OF_AN_ADDON,
    };
    let parameters = params! { "id" => service_id.number(), "names" => names.join(",") };
    let rows = database.query("read the custom fields", statement, parameters, |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(NamedValues::stored(rows))
}

/// The ids of the fields of these names, by definition of a product addon of the module. Of two fields of one name the
/// first counts, as for WHMCS.
pub fn of_addons<const N: usize>(
    database: &mut Database,
    module: &'static str,
    names: [&str; N],
) -> Result<HashMap<u32, [Option<u32>; N]>, SqlError> {
    let mut found: HashMap<u32, [Option<u32>; N]> = HashMap::new();
    let parameters = params! { "module" => module, "names" => names.join(",") };
    database.query_each("read the custom fields", OF_ADDONS, parameters, |row| {
        let name: String = column(row, "name");
        let of_definition = found.entry(column(row, "definition")).or_insert([None; N]);
        let places = names.iter().zip(of_definition);
        for (_, place) in places.filter(|(known, _)| **known == name_of(&name)) {
            *place = Some(column(row, "id"));
        }
    })?;
    Ok(found)
}
