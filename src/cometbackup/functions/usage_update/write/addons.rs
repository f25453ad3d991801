//! Service properties of a product addon are custom fields of its definition. WHMCS makes a field when the first value
//! is saved through a model; where the fields exist, the values of all addons are written at once.

use std::collections::HashMap;

use super::{TASK, insert};
use crate::cometbackup::functions::usage_update::Usage;
use crate::cometbackup::functions::usage_update::books::Entry;
use crate::database::{Database, SqlError, Transaction, column};
use crate::whmcs::{Host, name_in_sql, name_of};

/// As WHMCS names the properties.
const NAMES: [&str; 3] = ["Disk Usage", "Disk Limit", "Last Update"];

/// Saved through models in a run, where fields do not exist yet. The next run finds them.
const MOST_BY_MODEL: usize = 100;

const FIELDS: &str = concat!(
    "SELECT f.relid, f.id, f.fieldname
    FROM tblcustomfields f JOIN tbladdons d ON d.id=f.relid
    WHERE f.type='addon' AND d.module='cometbackup'
      AND ",
    name_in_sql!("f.fieldname"),
    " IN ('Disk Usage', 'Disk Limit', 'Last Update')
    ORDER BY f.id DESC"
);

const NOW: &str = "SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')";

const DROP: &str = "DROP TEMPORARY TABLE IF EXISTS mod_cometbackup_usage_fields";

const CREATE: &str = "CREATE TEMPORARY TABLE mod_cometbackup_usage_fields
    (fieldid INT NOT NULL, relid INT NOT NULL, value VARCHAR(32) NOT NULL, PRIMARY KEY (fieldid, relid))";

const INSERT: &str = "INSERT INTO mod_cometbackup_usage_fields (fieldid, relid, value) VALUES ";

const UPDATE: &str = "UPDATE tblcustomfieldsvalues v
    JOIN mod_cometbackup_usage_fields u ON u.fieldid=v.fieldid AND u.relid=v.relid
    SET v.value=u.value";

const ADD: &str = "INSERT INTO tblcustomfieldsvalues (fieldid, relid, value)
    SELECT u.fieldid, u.relid, u.value FROM mod_cometbackup_usage_fields u
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=u.fieldid AND v.relid=u.relid
    WHERE v.id IS NULL";

/// Ids of the fields of one definition, in the order of `NAMES`.
type Fields = [Option<u32>; NAMES.len()];

/// Puts the values beside the tables, and answers whether there are any.
pub fn prepare<'a>(
    host: &dyn Host,
    database: &mut Database,
    addons: impl Iterator<Item = (&'a Entry, Usage)>,
) -> Result<bool, SqlError> {
    let mut addons = addons.peekable();
    if addons.peek().is_none() {
        return Ok(false);
    }
    let now: Vec<String> = database.query(TASK, NOW, (), |row| column(row, 0))?;
    let now = now.into_iter().next().unwrap_or_default();
    let fields = fields(database)?;
    database.execute_raw(TASK, DROP)?;
    database.execute_raw(TASK, CREATE)?;
    let mut by_model = 0;
    let rows = addons.flat_map(|(addon, usage)| {
        let known: Fields = fields.get(&addon.definition).copied().unwrap_or_default();
        let values = values(usage, &now);
        if known.iter().all(Option::is_some) {
            return rows_of(addon.id, known, values);
        }
        if by_model < MOST_BY_MODEL {
            by_model += 1;
            host.keep_addon_properties(addon.id, values.into_iter().flatten().collect());
        }
        Vec::new()
    });
    insert(database, INSERT, rows)?;
    Ok(true)
}

/// Within the transaction of the services' figures.
pub fn change(transaction: &mut Transaction<'_>) -> mysql::Result<()> {
    transaction.execute(UPDATE, ())?;
    transaction.execute(ADD, ())?;
    Ok(())
}

pub fn forget(database: &mut Database) -> Result<(), SqlError> {
    database.execute_raw(TASK, DROP)
}

/// By definition. Of two fields of one name the first counts, as for WHMCS.
fn fields(database: &mut Database) -> Result<HashMap<u32, Fields>, SqlError> {
    let mut found: HashMap<u32, Fields> = HashMap::new();
    database.query_each(TASK, FIELDS, (), |row| {
        let name: String = column(row, 2);
        let of_definition = found.entry(column(row, 0)).or_default();
        let places = NAMES.iter().zip(of_definition);
        for (_, place) in places.filter(|(known, _)| **known == name_of(&name)) {
            *place = Some(column(row, 1));
        }
    })?;
    Ok(found)
}

fn values(usage: Usage, now: &str) -> [Option<(&'static str, String)>; NAMES.len()] {
    let [used, limit, updated] = NAMES;
    [
        usage.used.map(|number| (used, number.to_string())),
        usage.limit.map(|number| (limit, number.to_string())),
        Some((updated, now.to_owned())),
    ]
}

fn rows_of(
    addon: u32,
    fields: Fields,
    values: [Option<(&'static str, String)>; NAMES.len()],
) -> Vec<String> {
    let pairs = fields.into_iter().zip(values);
    pairs
        .filter_map(|(field, value)| Some(format!("({},{addon},'{}')", field?, value?.1)))
        .collect()
}
