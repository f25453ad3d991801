//! Configurable options of products: which a product has, and creating those that a module reads.

use std::collections::HashMap;

use super::prices::{self, Priced};
use crate::database::{Database, SqlError, Transaction, column, params};
use crate::text::decode_entities;
use crate::whmcs::name_of;

/// As WHMCS stores the type quantity.
const QUANTITY: &str = "4";

/// With the currencies that have a price of its first choice.
const OF_MODULE: &str = "SELECT l.pid, o.optionname, o.optiontype, o.hidden,
      (SELECT COUNT(*) FROM tblproductconfigoptionssub s WHERE s.configid=o.id),
      (SELECT COUNT(DISTINCT r.currency) FROM tblpricing r
        WHERE r.type='configoptions' AND r.relid=(SELECT MIN(s.id) FROM tblproductconfigoptionssub s WHERE s.configid=o.id))
    FROM tblproductconfiglinks l
    JOIN tblproducts p ON p.id=l.pid AND p.servertype=:module
    JOIN tblproductconfigoptions o ON o.gid=l.gid
    ORDER BY l.pid, o.order, o.id";

const NAMES: &str = "SELECT o.optionname FROM tblproductconfiglinks l
    JOIN tblproductconfigoptions o ON o.gid=l.gid WHERE l.pid=:product ORDER BY o.id";

/// One that was created for this product, and is for no other.
const OWN_GROUP: &str =
    "SELECT g.id FROM tblproductconfiglinks l JOIN tblproductconfiggroups g ON g.id=l.gid
    WHERE l.pid=:product AND g.description=:mark
      AND NOT EXISTS (SELECT 1 FROM tblproductconfiglinks o WHERE o.gid=l.gid AND o.pid<>l.pid)
    ORDER BY g.id LIMIT 1";

const ADD_GROUP: &str =
    "INSERT IGNORE INTO tblproductconfiggroups (name, description) VALUES (:name, :mark)";

const LINK: &str = "INSERT IGNORE INTO tblproductconfiglinks (gid, pid) VALUES (:group, :product)";

const ADD: &str = "INSERT IGNORE INTO tblproductconfigoptions
    (gid, optionname, optiontype, qtyminimum, qtymaximum, `order`, hidden)
    VALUES (:group, :name, :kind, 0, :most, :place, 0)";

const ADD_CHOICE: &str =
    "INSERT IGNORE INTO tblproductconfigoptionssub (configid, optionname, sortorder, hidden)
    VALUES (:option, :unit, 0, 0)";

/// The type of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// A dropdown or radio buttons.
    Choices,
    YesNo,
    Quantity,
}

impl OptionKind {
    fn stored(kind: &str) -> Self {
        match kind {
            QUANTITY => Self::Quantity,
            "3" => Self::YesNo,
            _ => Self::Choices,
        }
    }
}

/// An option as a product has it.
#[derive(Debug, Clone)]
pub struct StoredOption {
    /// What a module sees: the part before `|`.
    pub name: String,
    pub kind: OptionKind,
    pub is_hidden: bool,
    pub choices: u64,
    /// Currencies that have a price of its first choice.
    pub priced_currencies: u64,
}

/// An option of the type quantity that is to be created.
#[derive(Debug, Clone, Copy)]
pub struct NewOption {
    /// `key|Label`, as WHMCS stores it.
    pub name: &'static str,
    /// What one of it is called.
    pub unit: &'static str,
    /// What a customer can order at most.
    pub most: u32,
}

impl NewOption {
    pub fn key(&self) -> &'static str {
        name_of(self.name)
    }
}

/// The options of all products of a module, by product. One statement.
pub fn of_module(
    database: &mut Database,
    module: &'static str,
) -> Result<HashMap<u32, Vec<StoredOption>>, SqlError> {
    let mut found: HashMap<u32, Vec<StoredOption>> = HashMap::new();
    let task = "read the configurable options";
    database.query_each(task, OF_MODULE, params! { "module" => module }, |row| {
        let name = decode_entities(&column::<String>(row, 1));
        found.entry(column(row, 0)).or_default().push(StoredOption {
            name: name_of(&name).to_owned(),
            kind: OptionKind::stored(&column::<String>(row, 2)),
            is_hidden: column::<u8>(row, 3) != 0,
            choices: column(row, 4),
            priced_currencies: column(row, 5),
        });
    })?;
    Ok(found)
}

/// Creates those that the product does not have, in a group of its own, free of charge in each currency. Returns the names
/// of what was created.
pub fn create_within(
    transaction: &mut Transaction<'_>,
    (product, group_name, mark): (u32, &str, &str),
    wanted: &[NewOption],
    currencies: &[u32],
) -> mysql::Result<Vec<&'static str>> {
    let present = names_within(transaction, product)?;
    let missing = wanted.iter();
    let missing: Vec<&NewOption> = missing
        .filter(|option| !present.iter().any(|name| name == option.key()))
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let own = params! { "product" => product, "mark" => mark };
    let group = if let Some(group) = transaction.first::<u64>(OWN_GROUP, own)? {
        group
    } else {
        let parameters = params! { "name" => group_name, "mark" => mark };
        let group = transaction.insert(ADD_GROUP, parameters)?;
        transaction.execute(LINK, params! { "group" => group, "product" => product })?;
        group
    };
    for (place, option) in missing.iter().enumerate() {
        let parameters = params! {
            "group" => group,
            "name" => option.name,
            "kind" => QUANTITY,
            "most" => option.most,
            "place" => present.len() + place,
        };
        let id = transaction.insert(ADD, parameters)?;
        let choice = transaction.insert(
            ADD_CHOICE,
            params! { "option" => id, "unit" => option.unit },
        )?;
        prices::create_within(transaction, Priced::Choice, choice, currencies)?;
    }
    Ok(missing.into_iter().map(NewOption::key).collect())
}

fn names_within(transaction: &mut Transaction<'_>, product: u32) -> mysql::Result<Vec<String>> {
    let names: Vec<String> = transaction.all(NAMES, params! { "product" => product })?;
    let names = names.iter().map(|name| decode_entities(name));
    Ok(names.map(|name| name_of(&name).to_owned()).collect())
}
