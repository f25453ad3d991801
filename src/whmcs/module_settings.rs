//! Module settings that products and product addons have stored: the values in use, and Jetpack's default token.

use mysql::Row;

use super::{Host, open_database, stored_token};
use crate::database::{Database, Query, SqlError, column, params};
use crate::error::Error;
use crate::text::decode_entities;

const TOKEN_OF_A_PRODUCT: &str = "SELECT configoption1 FROM tblproducts
    WHERE servertype='jetpack' AND configoption1<>'' ORDER BY id LIMIT 1";

const TOKEN_OF_THE_ADDON: &str = "SELECT value FROM tbladdonmodules
    WHERE module='jetpack' AND setting='api_token' AND value<>'' LIMIT 1";

const SLUGS_IN_USE: &str = "SELECT configoption2 FROM tblproducts
    WHERE servertype='jetpack' AND configoption2<>''
    UNION SELECT c.value FROM tblmodule_configuration c JOIN tbladdons d ON d.id=c.entity_id
    WHERE c.entity_type='addon' AND c.setting_name='configoption2' AND c.value<>'' AND d.module='jetpack'";

const THIRD: &str = "SELECT p.configoption3 FROM tblproducts p WHERE p.servertype=:module
    UNION SELECT COALESCE((SELECT value FROM tblmodule_configuration
      WHERE entity_type='addon' AND entity_id=d.id AND setting_name='configoption3' LIMIT 1), '')
    FROM tbladdons d WHERE d.module=:module";

const IN_USE: &str = "SELECT DISTINCT p.configoption1, p.configoption2, p.configoption10 FROM tblproducts p WHERE p.servertype=:module
    UNION SELECT
      (SELECT value FROM tblmodule_configuration WHERE entity_type='addon' AND entity_id=d.id AND setting_name='configoption1' LIMIT 1),
      (SELECT value FROM tblmodule_configuration WHERE entity_type='addon' AND entity_id=d.id AND setting_name='configoption2' LIMIT 1),
      (SELECT value FROM tblmodule_configuration WHERE entity_type='addon' AND entity_id=d.id AND setting_name='configoption10' LIMIT 1)
    FROM tbladdons d WHERE d.module=:module";

/// The values of one setting that products and product addons of a module hold.
pub fn of_position(
    database: &mut Database,
    module: &str,
    position: usize,
) -> Result<Vec<String>, SqlError> {
    let statement = format!(
        "SELECT p.configoption{position} FROM tblproducts p WHERE p.servertype=:module AND p.configoption{position}<>''
        UNION SELECT c.value FROM tblmodule_configuration c JOIN tbladdons d ON d.id=c.entity_id
        WHERE c.entity_type='addon' AND c.setting_name='configoption{position}' AND c.value<>'' AND d.module=:module"
    );
    let parameters = params! { "module" => module };
    database.query("read the stored settings", &statement, parameters, |row| {
        decode_entities(&column::<String>(row, 0))
    })
}

/// Module settings that products and product addons hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    pub first: String,
    pub second: String,
    pub tenth: String,
}

/// Settings 1, 2 and 10 of all products and product addons of a module.
pub fn in_use(database: &mut Database, module: &str) -> Result<Vec<InUse>, SqlError> {
    let (statement, parameters) = of_in_use(module);
    let task = "read the stored settings";
    database.query(task, statement, parameters, read_in_use)
}

/// The statement of `in_use`, to be sent together with others.
pub fn of_in_use(module: &str) -> Query {
    (IN_USE, params! { "module" => module })
}

pub fn read_in_use(row: &Row) -> InUse {
    InUse {
        first: column(row, 0),
        second: column(row, 1),
        tenth: column(row, 2),
    }
}

/// Returns the values of setting 3 that products and product addons of a module hold.
pub fn third_in_use(database: &mut Database, module: &str) -> Result<Vec<String>, SqlError> {
    let parameters = params! { "module" => module };
    database.query("read the stored settings", THIRD, parameters, |row| {
        column(row, 0)
    })
}

/// The default of setting 1: the token of the first Jetpack product that has one, else of the companion
/// addon module, else nothing. As it is stored: new products start with a hidden one where that is hidden.
pub fn default_token(host: &dyn Host) -> Result<String, Error> {
    let mut database = open_database(host)?;
    Ok(stored_default(&mut database)?.unwrap_or_default())
}

/// Returns the token of new products as it is sent.
pub fn token_of_new_products(
    host: &dyn Host,
    database: &mut Database,
) -> Result<Option<String>, Error> {
    let Some(stored) = stored_default(database)? else {
        return Ok(None);
    };
    if !stored_token::is_hidden(&stored) {
        return Ok(Some(stored));
    }
    database
        .aside(|| stored_token::reveal(host, &stored))
        .map(Some)
}

fn stored_default(database: &mut Database) -> Result<Option<String>, SqlError> {
    for statement in [TOKEN_OF_A_PRODUCT, TOKEN_OF_THE_ADDON] {
        let found: Vec<String> =
            database.query("read the stored API token", statement, (), |row| {
                column(row, 0)
            })?;
        if let Some(token) = found.into_iter().next() {
            return Ok(Some(token));
        }
    }
    Ok(None)
}

/// Returns the values of setting 2 that products and product addons hold.
pub fn slugs_in_use(database: &mut Database) -> Result<Vec<String>, SqlError> {
    database.query(
        "read the stored Jetpack products",
        SLUGS_IN_USE,
        (),
        |row| column(row, 0),
    )
}
