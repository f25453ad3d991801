//! The services that name a user: by their user name column, or by a custom field Username.

use std::collections::HashSet;

use mysql::{Row, Value};

use super::{ServiceStatus, name_in_sql};
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::service_id::ServiceId;
use crate::text::decode_entities;

const TASK: &str = "read which services name an account";

/// Services by the name in their user name column. That of a pending one is the name the customer asked for, which must
/// not keep another service from its account; that of a terminated one was deleted, and customers order again.
const COLUMNS: &str = "SELECT h.username, h.id, 0 FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    WHERE p.servertype=? AND h.domainstatus NOT IN ('Pending', 'Terminated') AND TRIM(h.username) IN ";

const FIELDS: &str = concat!(
    "SELECT v.value, h.id, 0 FROM tblcustomfields f
    JOIN tblproducts p ON p.id=f.relid
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id
    JOIN tblhosting h ON h.id=v.relid AND h.packageid=p.id
    WHERE f.type='product' AND p.servertype=? AND h.domainstatus NOT IN ('Pending', 'Terminated') AND ",
    name_in_sql!("f.fieldname"),
    "='Username' AND TRIM(v.value) IN "
);

const ADDON_FIELDS: &str = concat!(
    "SELECT v.value, o.hostingid, o.id FROM tblcustomfields f
    JOIN tbladdons d ON d.id=f.relid
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id
    JOIN tblhostingaddons o ON o.id=v.relid AND o.addonid=d.id
    WHERE f.type='addon' AND d.module=? AND o.status NOT IN ('Pending', 'Terminated') AND ",
    name_in_sql!("f.fieldname"),
    "='Username' AND TRIM(v.value) IN "
);

/// As WHMCS compares them: without case, accents and blanks at the end.
const SHARED: &str = "SELECT h.id FROM tblhosting h
    JOIN (SELECT username FROM tblhosting
      WHERE server=:server AND username<>'' AND FIND_IN_SET(domainstatus, :live) GROUP BY username HAVING COUNT(*)>1) s
      ON s.username=h.username
    WHERE h.server=:server AND FIND_IN_SET(h.domainstatus, :live)";

const NAMED: &str = "SELECT h.id, h.username FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    WHERE h.server=:server AND h.username=:name AND FIND_IN_SET(h.domainstatus, :live) AND p.servertype=:module LIMIT 2";

/// The services in use on a server whose user name another one of them has as well.
pub fn shared(database: &mut Database, server: u32) -> Result<HashSet<u32>, SqlError> {
    let parameters = params! { "server" => server, "live" => ServiceStatus::live_words() };
    let found = database.query(TASK, SHARED, parameters, |row| column(row, 0))?;
    Ok(found.into_iter().collect())
}

/// The one service in use on a server that has exactly this user name, where WHMCS can tell it from every other.
pub fn service_named(
    database: &mut Database,
    module: &str,
    server: u32,
    name: &str,
) -> Result<Option<ServiceId>, SqlError> {
    let parameters = params! {
        "server" => server, "name" => name, "live" => ServiceStatus::live_words(), "module" => module,
    };
    let found: Vec<(u32, String)> = database.query(TASK, NAMED, parameters, |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(match found.as_slice() {
        [(id, stored)] if stored == name => Some(ServiceId::Service(*id)),
        _ => None,
    })
}

/// The services and product addons of a module that name one of these users, on whatever server, with the name. Three
/// statements.
pub fn services_naming(
    database: &mut Database,
    module: &str,
    names: &[&str],
) -> Result<Vec<(String, ServiceId)>, SqlError> {
    let mut found = Vec::new();
    if names.is_empty() {
        return Ok(found);
    }
    let places = placeholders(names.len());
    for statement in [COLUMNS, FIELDS, ADDON_FIELDS] {
        let values = [module].into_iter().chain(names.iter().copied());
        let values: Vec<Value> = values.map(Value::from).collect();
        found.extend(database.query(TASK, &format!("{statement}{places}"), values, named)?);
    }
    Ok(found)
}

/// Reads a row: a name, a service, and a product addon of it or 0.
pub fn named(row: &Row) -> (String, ServiceId) {
    let name = decode_entities(&column::<String>(row, 0));
    let service_id = ServiceId::from_columns(column(row, 1), column(row, 2));
    (name.trim().to_owned(), service_id)
}
