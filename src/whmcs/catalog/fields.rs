//! Custom fields of products and product addons: which there are, and creating those that a module reads.

use std::collections::HashMap;

use crate::database::{Database, SqlError, Transaction, column, params};
use crate::text::decode_entities;
use crate::whmcs::name_of;
use crate::whmcs::services::ProductRef;

const OF_MODULE: &str =
    "SELECT f.type, f.relid, f.fieldname, f.fieldtype, f.regexpr, f.adminonly, f.required
    FROM tblcustomfields f
    WHERE (f.type='product' AND f.relid IN (SELECT p.id FROM tblproducts p WHERE p.servertype=:module))
       OR (f.type='addon' AND f.relid IN (SELECT d.id FROM tbladdons d WHERE d.module=:module))
    ORDER BY f.sortorder, f.id";

const NAMES: &str =
    "SELECT fieldname FROM tblcustomfields WHERE type='product' AND relid=:product ORDER BY id";

const ADD: &str = "INSERT IGNORE INTO tblcustomfields
    (type, relid, fieldname, fieldtype, description, fieldoptions, regexpr, adminonly, required, showorder, showinvoice,
      sortorder, created_at, updated_at)
    VALUES ('product', :product, :name, :kind, :description, '', :rule, :staff, :required, :order, '', :place, NOW(), NOW())";

/// A custom field as it is set up.
#[derive(Debug, Clone)]
pub struct StoredField {
    /// What a module sees: the part before `|`.
    pub name: String,
    /// `text`, `password`, `dropdown`, …
    pub kind: String,
    /// The validation, with its slashes.
    pub rule: String,
    pub is_admin_only: bool,
    pub is_required: bool,
}

/// A custom field that is to be created.
#[derive(Debug, Clone, Copy)]
pub struct NewField {
    pub name: &'static str,
    pub kind: &'static str,
    /// The validation, with its slashes.
    pub rule: &'static str,
    pub description: &'static str,
}

/// The person who fills in a new field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilledBy {
    /// On the order form, which then requires it.
    Customer,
    Staff,
}

/// The custom fields of what a module sells. One statement.
pub fn of_module(
    database: &mut Database,
    module: &'static str,
) -> Result<HashMap<ProductRef, Vec<StoredField>>, SqlError> {
    let mut found: HashMap<ProductRef, Vec<StoredField>> = HashMap::new();
    let task = "read the custom fields";
    database.query_each(task, OF_MODULE, params! { "module" => module }, |row| {
        let id = column(row, 1);
        let definition = match column::<String>(row, 0).as_str() {
            "addon" => ProductRef::Addon(id),
            _ => ProductRef::Product(id),
        };
        let text = |at: usize| decode_entities(&column::<String>(row, at));
        let is_on = |at: usize| !matches!(column::<String>(row, at).as_str(), "" | "0");
        found.entry(definition).or_default().push(StoredField {
            name: name_of(&text(2)).to_owned(),
            kind: text(3),
            rule: text(4),
            is_admin_only: is_on(5),
            is_required: is_on(6),
        });
    })?;
    Ok(found)
}

/// Creates those that the product does not have. Returns the names of what was created.
pub fn create_within(
    transaction: &mut Transaction<'_>,
    product: u32,
    wanted: &[NewField],
    filled_by: FilledBy,
) -> mysql::Result<Vec<&'static str>> {
    let stored: Vec<String> = transaction.all(NAMES, params! { "product" => product })?;
    let present: Vec<String> = stored.iter().map(|name| decode_entities(name)).collect();
    let mut created = Vec::new();
    for field in wanted {
        if present.iter().any(|name| name_of(name) == field.name) {
            continue;
        }
        let on_if = |when: FilledBy| if filled_by == when { "on" } else { "" };
        let parameters = params! {
            "product" => product,
            "name" => field.name,
            "kind" => field.kind,
            "description" => field.description,
            "rule" => field.rule,
            "staff" => on_if(FilledBy::Staff),
            "required" => on_if(FilledBy::Customer),
            "order" => on_if(FilledBy::Customer),
            "place" => present.len() + created.len(),
        };
        transaction.insert(ADD, parameters)?;
        created.push(field.name);
    }
    Ok(created)
}
