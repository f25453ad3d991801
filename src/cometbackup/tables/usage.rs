//! Two temporary tables that figures go through on their way into WHMCS's tables: rows in large pieces, and from there
//! one statement each, so that all services of a server change or none.

use crate::database::{Database, SqlError, column};

const TASK: &str = "write the disk usage of a server";

/// Below the smallest `max_allowed_packet` that is in use, 1 MB.
const PIECE: usize = 900_000;

const DROP: &str = "DROP TEMPORARY TABLE IF EXISTS mod_cometbackup_usage";

const CREATE: &str = "CREATE TEMPORARY TABLE mod_cometbackup_usage
    (service_id INT UNSIGNED NOT NULL PRIMARY KEY, used INT NULL, allowed INT NULL)";

const INSERT: &str = "INSERT INTO mod_cometbackup_usage (service_id, used, allowed) VALUES ";

const UPDATE: &str = "UPDATE tblhosting h JOIN mod_cometbackup_usage u ON u.service_id=h.id
    SET h.diskusage=COALESCE(u.used, h.diskusage), h.disklimit=COALESCE(u.allowed, h.disklimit), h.lastupdate=NOW()
    WHERE h.server=?";

/// As WHMCS writes a time.
const NOW: &str = "SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')";

const DROP_FIELDS: &str = "DROP TEMPORARY TABLE IF EXISTS mod_cometbackup_usage_fields";

const CREATE_FIELDS: &str = "CREATE TEMPORARY TABLE mod_cometbackup_usage_fields
    (fieldid INT NOT NULL, relid INT NOT NULL, value VARCHAR(32) NOT NULL, PRIMARY KEY (fieldid, relid))";

const INSERT_FIELDS: &str =
    "INSERT INTO mod_cometbackup_usage_fields (fieldid, relid, value) VALUES ";

const UPDATE_FIELDS: &str = "UPDATE tblcustomfieldsvalues v
    JOIN mod_cometbackup_usage_fields u ON u.fieldid=v.fieldid AND u.relid=v.relid
    SET v.value=u.value";

const ADD_FIELDS: &str = "INSERT INTO tblcustomfieldsvalues (fieldid, relid, value)
    SELECT u.fieldid, u.relid, u.value FROM mod_cometbackup_usage_fields u
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=u.fieldid AND v.relid=u.relid
    WHERE v.id IS NULL";

/// The figures of a service. What is `None` keeps what WHMCS has.
pub struct UsageRow {
    pub service: u32,
    pub used: Option<i32>,
    pub limit: Option<i32>,
}

/// A value of a custom field of a product addon: a number, or the database's own time. Nothing that comes from outside.
pub struct FieldRow {
    pub field: u32,
    pub addon: u32,
    pub value: String,
}

/// Returns the time of WHMCS's session.
pub fn now(database: &mut Database) -> Result<String, SqlError> {
    let now = database.query(TASK, NOW, (), |row| column(row, 0))?;
    Ok(now.into_iter().next().unwrap_or_default())
}

pub fn add_services(
    database: &mut Database,
    rows: impl Iterator<Item = UsageRow>,
) -> Result<(), SqlError> {
    database.execute_raw(TASK, DROP)?;
    database.execute_raw(TASK, CREATE)?;
    let number = |it: Option<i32>| it.map_or("NULL".to_owned(), |it| it.to_string());
    let rows = rows.map(|row| {
        let (used, limit) = (number(row.used), number(row.limit));
        format!("({},{used},{limit})", row.service)
    });
    insert(database, INSERT, rows)
}

pub fn add_fields(
    database: &mut Database,
    rows: impl Iterator<Item = FieldRow>,
) -> Result<(), SqlError> {
    database.execute_raw(TASK, DROP_FIELDS)?;
    database.execute_raw(TASK, CREATE_FIELDS)?;
    let rows = rows.map(|row| format!("({},{},'{}')", row.field, row.addon, row.value));
    insert(database, INSERT_FIELDS, rows)
}

/// Writes what was added into WHMCS's tables, in one transaction, and drops the temporary ones.
pub fn apply(database: &mut Database, server: u32, has_fields: bool) -> Result<(), SqlError> {
    database.transaction(TASK, |transaction| {
        transaction.execute(UPDATE, (server,))?;
        if has_fields {
            transaction.execute(UPDATE_FIELDS, ())?;
            transaction.execute(ADD_FIELDS, ())?;
        }
        Ok(())
    })?;
    database.execute_raw(TASK, DROP)?;
    if has_fields {
        database.execute_raw(TASK, DROP_FIELDS)?;
    }
    Ok(())
}

/// In as few statements as the server's packets allow.
fn insert(
    database: &mut Database,
    head: &str,
    rows: impl Iterator<Item = String>,
) -> Result<(), SqlError> {
    let mut statement = head.to_owned();
    for row in rows {
        if statement.len() + row.len() > PIECE {
            database.execute_raw(TASK, &statement)?;
            statement.truncate(head.len());
        }
        if statement.len() > head.len() {
            statement.push(',');
        }
        statement.push_str(&row);
    }
    if statement.len() > head.len() {
        database.execute_raw(TASK, &statement)?;
    }
    Ok(())
}
