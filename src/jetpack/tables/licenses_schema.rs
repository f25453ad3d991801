//! The schema of `jetpack_product_licenses`: created new, or upgraded from the PHP module's table.

use crate::database::schema::Shape;
use crate::database::{Database, SqlError, column};

/// The PHP module's columns first; ours are nullable, so that it can go on writing rows.
///
/// Times are DATETIME: a TIMESTAMP is shifted by the session's time zone, refuses the hour that a
/// zone skips in spring, and got an ON UPDATE from servers without `explicit_defaults_for_timestamp`.
const CREATE: &str = "CREATE TABLE IF NOT EXISTS jetpack_product_licenses (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id INT NOT NULL,
    product_id INT NOT NULL,
    license_key VARCHAR(255) NOT NULL,
    issued_at DATETIME NOT NULL,
    revoked_at DATETIME NULL,
    service_id INT UNSIGNED NULL,
    addon_id INT UNSIGNED NULL,
    product_slug VARCHAR(191) NULL,
    license_id BIGINT UNSIGNED NULL,
    revoked_for VARCHAR(16) NULL,
    site VARCHAR(255) NULL,
    checked_at DATETIME NULL,
    asked_at DATETIME NULL,
    always_shown TINYINT NULL,
    site_step VARCHAR(16) NULL,
    site_tried_at DATETIME NULL,
    blog_id BIGINT UNSIGNED NULL,
    connected_at DATETIME NULL,
    attached_at DATETIME NULL,
    KEY owner (service_id, addon_id),
    KEY addon (addon_id),
    KEY order_product (order_id, product_id),
    KEY license_key (license_key(64)),
    KEY product_state (product_slug, revoked_at)
) ENGINE=InnoDB";

const ADDED_COLUMNS: [(&str, &str); 14] = [
    ("service_id", "INT UNSIGNED NULL"),
    ("addon_id", "INT UNSIGNED NULL"),
    ("product_slug", "VARCHAR(191) NULL"),
    ("license_id", "BIGINT UNSIGNED NULL"),
    ("revoked_for", "VARCHAR(16) NULL"),
    ("site", "VARCHAR(255) NULL"),
    ("checked_at", "DATETIME NULL"),
    ("asked_at", "DATETIME NULL"),
    (ALWAYS_SHOWN, "TINYINT NULL"),
    ("site_step", "VARCHAR(16) NULL"),
    ("site_tried_at", "DATETIME NULL"),
    ("blog_id", "BIGINT UNSIGNED NULL"),
    ("connected_at", "DATETIME NULL"),
    ("attached_at", "DATETIME NULL"),
];

/// Whether the customer sees the key whatever the product's settings say.
const ALWAYS_SHOWN: &str = "always_shown";

/// In a table that an earlier version of ours has made or upgraded: that one showed every key.
const SHOWN_BEFORE: &str = "TINYINT NULL DEFAULT 1";

pub const SHAPE: Shape = Shape {
    name: "jetpack_product_licenses",
    added: &ADDED_COLUMNS,
};

const INDEXES: [(&str, &str); 5] = [
    ("owner", "(service_id, addon_id)"),
    ("addon", "(addon_id)"),
    ("order_product", "(order_id, product_id)"),
    // Keys are looked for whole, products counted and paged.
    ("license_key", "(license_key(64))"),
    ("product_state", "(product_slug, revoked_at)"),
];

/// With the engine, because one transaction writes the license and the end of its journal row.
const COLUMNS: &str = "SELECT c.column_name, c.data_type, COALESCE(c.character_maximum_length, 0), COALESCE(t.engine, '')
    FROM information_schema.columns c JOIN information_schema.tables t
      ON t.table_schema=c.table_schema AND t.table_name=c.table_name
    WHERE c.table_schema=DATABASE() AND c.table_name='jetpack_product_licenses'";

const INDEX_NAMES: &str = "SELECT DISTINCT index_name FROM information_schema.statistics
    WHERE table_schema=DATABASE() AND table_name='jetpack_product_licenses'";

/// Makes the table or brings it up to date; runs no DDL where it is.
pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    let changes = pending_changes(database)?;
    let Some(changes) = changes else {
        database.execute("create the license table", CREATE, ())?;
        return Ok(());
    };
    if changes.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "ALTER TABLE jetpack_product_licenses {}",
        changes.join(", ")
    );
    match database.execute("upgrade the license table", &statement, ()) {
        Ok(_) => Ok(()),
        // Another process may have upgraded it in the meantime.
        Err(fault) => match pending_changes(database)? {
            Some(left) if left.is_empty() => Ok(()),
            _ => Err(fault),
        },
    }
}

/// Clauses of an ALTER TABLE; `None` without a table.
fn pending_changes(database: &mut Database) -> Result<Option<Vec<String>>, SqlError> {
    let task = "read the shape of the license table";
    let found = database.query(task, COLUMNS, (), |row| {
        let shape = (column(row, 0), column(row, 1), column(row, 2));
        (shape, column::<String>(row, 3))
    })?;
    let Some((_, engine)) = found.first() else {
        return Ok(None);
    };
    let is_innodb = engine.is_empty() || engine.eq_ignore_ascii_case("InnoDB");
    let columns: Vec<(String, String, u64)> = found.into_iter().map(|(shape, _)| shape).collect();
    let indexes: Vec<String> = database.query(task, INDEX_NAMES, (), |row| column(row, 0))?;
    let mut changes = changes(&columns, &indexes);
    if !is_innodb {
        changes.push("ENGINE=InnoDB".to_owned());
    }
    Ok(Some(changes))
}

fn changes(columns: &[(String, String, u64)], indexes: &[String]) -> Vec<String> {
    let mut changes = Vec::new();
    for (name, data_type, length) in columns {
        match name.as_str() {
            "issued_at" if data_type != "datetime" => {
                changes.push("MODIFY issued_at DATETIME NOT NULL".to_owned());
            }
            "revoked_at" if data_type != "datetime" => {
                changes.push("MODIFY revoked_at DATETIME NULL".to_owned());
            }
            "license_key" if *length < 255 => {
                changes.push("MODIFY license_key VARCHAR(255) NOT NULL".to_owned());
            }
            _ => {}
        }
    }
    let is_there = |name: &str| columns.iter().any(|(present, ..)| present == name);
    for (name, definition) in ADDED_COLUMNS {
        if !is_there(name) {
            let was_ours = name == ALWAYS_SHOWN && is_there("service_id");
            let definition = if was_ours { SHOWN_BEFORE } else { definition };
            changes.push(format!("ADD COLUMN {name} {definition}"));
        }
    }
    for (name, definition) in INDEXES {
        if !indexes.iter().any(|present| present == name) {
            changes.push(format!("ADD INDEX {name} {definition}"));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(list: &[(&str, &str, u64)]) -> Vec<(String, String, u64)> {
        list.iter()
            .map(|(name, kind, length)| ((*name).to_owned(), (*kind).to_owned(), *length))
            .collect()
    }

    #[test]
    fn the_php_modules_table_gets_datetime_columns_and_ours() {
        let table = columns(&[
            ("id", "int", 0),
            ("license_key", "varchar", 100),
            ("issued_at", "timestamp", 0),
            ("revoked_at", "timestamp", 0),
        ]);
        let changes = changes(&table, &["PRIMARY".to_owned()]);
        assert!(changes.contains(&"MODIFY issued_at DATETIME NOT NULL".to_owned()));
        assert!(changes.contains(&"MODIFY license_key VARCHAR(255) NOT NULL".to_owned()));
        assert!(changes.contains(&"ADD COLUMN service_id INT UNSIGNED NULL".to_owned()));
        assert!(changes.contains(&"ADD INDEX order_product (order_id, product_id)".to_owned()));
    }

    #[test]
    fn a_current_table_is_left_alone() {
        let mut table = columns(&[
            ("license_key", "varchar", 255),
            ("issued_at", "datetime", 0),
            ("revoked_at", "datetime", 0),
        ]);
        table.extend(
            ADDED_COLUMNS
                .iter()
                .map(|(name, _)| ((*name).to_owned(), "int".to_owned(), 0)),
        );
        let indexes: Vec<String> = INDEXES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(changes(&table, &indexes), Vec::<String>::new());
    }

    #[test]
    fn an_earlier_version_of_ours_has_shown_every_key() {
        let earlier = columns(&[("license_key", "varchar", 255), ("service_id", "int", 0)]);
        let shown = "ADD COLUMN always_shown TINYINT NULL DEFAULT 1".to_owned();
        assert!(changes(&earlier, &[]).contains(&shown));
        let of_the_php_module = columns(&[("license_key", "varchar", 255)]);
        let hidden = "ADD COLUMN always_shown TINYINT NULL".to_owned();
        assert!(changes(&of_the_php_module, &[]).contains(&hidden));
    }
}
