//! Products and product addons that staff have created from a list: hidden, with price rows that offer nothing yet.
//!
//! WHMCS's tables have columns without a default, other ones in other versions. `INSERT IGNORE` fills them with nothing, as
//! WHMCS's own connection does, which is not strict.

use super::prices::{self, Priced};
use crate::database::{Transaction, params};

/// Staff's changes to what is sold happen one after another, or two clicks would create everything twice.
const ONE_AT_A_TIME: &str = "SELECT id FROM tbladdonmodules WHERE module='whmcs_provisioning' ORDER BY id LIMIT 1 FOR UPDATE";

const GROUP: &str = "SELECT id FROM tblproductgroups WHERE name=:name ORDER BY id LIMIT 1";

const ADD_GROUP: &str = "INSERT IGNORE INTO tblproductgroups (name, slug, headline, tagline, hidden, created_at, updated_at)
    VALUES (:name, :slug, :headline, '', 1, NOW(), NOW())";

const PRODUCT: &str =
    "SELECT id FROM tblproducts WHERE servertype=:module AND configoption2=:second LIMIT 1";

const ADDON: &str = "SELECT d.id FROM tbladdons d JOIN tblmodule_configuration c
      ON c.entity_type='addon' AND c.entity_id=d.id AND c.setting_name='configoption2'
    WHERE d.module=:module AND c.value=:second LIMIT 1";

const ADD_PRODUCT: &str = "INSERT IGNORE INTO tblproducts (type, gid, name, description, hidden, paytype, autosetup, servertype,
      configoption1, configoption2, configoption3, configoption4, configoption5, created_at, updated_at)
    VALUES ('other', :group, :name, :description, 1, 'recurring', 'payment', :module,
      :first, :second, 'on', :fourth, '', NOW(), NOW())";

const ADD_ADDON: &str = "INSERT IGNORE INTO tbladdons (packages, name, description, billingcycle, hidden, autoactivate, type, module,
      created_at, updated_at)
    VALUES ('', :name, :description, 'recurring', 1, 'payment', 'other', :module, NOW(), NOW())";

const ADD_SETTING: &str = "INSERT INTO tblmodule_configuration
    (entity_type, entity_id, setting_name, friendly_name, value, created_at, updated_at)
    VALUES ('addon', :addon, :setting, :label, :value, NOW(), NOW())";

/// A group of products.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    pub name: &'static str,
    pub slug: &'static str,
    pub headline: &'static str,
}

/// A product or product addon to be created, of a module that tells its products apart by setting 2.
#[derive(Debug, Clone)]
pub struct NewProduct {
    pub module: &'static str,
    pub name: String,
    pub description: String,
    /// Position, label, and value. Setting 2 is the one by which an existing one is found.
    pub settings: Vec<(usize, &'static str, String)>,
}

impl NewProduct {
    fn setting(&self, position: usize) -> &str {
        let found = self.settings.iter().find(|(at, ..)| *at == position);
        found.map_or("", |(_, _, value)| value.as_str())
    }
}

/// Makes changes of this kind wait for each other, until the transaction ends. It comes first in a transaction: what is read
/// afterwards is what the one before has left.
pub fn one_at_a_time(transaction: &mut Transaction<'_>) -> mysql::Result<()> {
    transaction.first::<u64>(ONE_AT_A_TIME, ()).map(drop)
}

/// The group of this name, which is created hidden where there is none.
fn group_within(transaction: &mut Transaction<'_>, group: Group) -> mysql::Result<u64> {
    let found: Option<u64> = transaction.first(GROUP, params! { "name" => group.name })?;
    if let Some(id) = found {
        return Ok(id);
    }
    let parameters = params! {
        "name" => group.name, "slug" => group.slug, "headline" => group.headline,
    };
    transaction.insert(ADD_GROUP, parameters)
}

/// Creates a hidden product. `None` where one with this setting 2 is there, hidden or not.
pub fn product_within(
    transaction: &mut Transaction<'_>,
    group: Group,
    new: &NewProduct,
    currencies: &[u32],
) -> mysql::Result<Option<u64>> {
    let known = params! { "module" => new.module, "second" => new.setting(2) };
    if transaction.first::<u64>(PRODUCT, known)?.is_some() {
        return Ok(None);
    }
    let group = group_within(transaction, group)?;
    let parameters = params! {
        "group" => group,
        "name" => &new.name,
        "description" => &new.description,
        "module" => new.module,
        "first" => new.setting(1),
        "second" => new.setting(2),
        "fourth" => new.setting(4),
    };
    let id = transaction.insert(ADD_PRODUCT, parameters)?;
    prices::create_within(transaction, Priced::Product, id, currencies)?;
    Ok(Some(id))
}

/// Creates a product addon, which is offered with no product yet.
pub fn addon_within(
    transaction: &mut Transaction<'_>,
    new: &NewProduct,
    currencies: &[u32],
) -> mysql::Result<Option<u64>> {
    let known = params! { "module" => new.module, "second" => new.setting(2) };
    if transaction.first::<u64>(ADDON, known)?.is_some() {
        return Ok(None);
    }
    let parameters = params! {
        "name" => &new.name, "description" => &new.description, "module" => new.module,
    };
    let id = transaction.insert(ADD_ADDON, parameters)?;
    for (position, label, value) in &new.settings {
        let parameters = params! {
            "addon" => id,
            "setting" => format!("configoption{position}"),
            "label" => *label,
            "value" => value,
        };
        transaction.execute(ADD_SETTING, parameters)?;
    }
    prices::create_within(transaction, Priced::Addon, id, currencies)?;
    Ok(Some(id))
}
