//! *Create options and fields*: the configurable options that limits are read from, and the custom fields for user name and
//! password, with the names, types and validations that the module needs.

use crate::cometbackup::MODULE;
use crate::cometbackup::account::quotas;
use crate::database::Database;
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::catalog::creation;
use crate::whmcs::catalog::fields::{self, FilledBy, NewField};
use crate::whmcs::catalog::options::{self, NewOption};
use crate::whmcs::catalog::{self, prices};
use crate::whmcs::services::ProductRef;
use crate::whmcs::{Host, open_database};

/// The options that are limits, all of them, with the labels that customers read.
pub const OPTIONS: [NewOption; quotas::OPTIONS.len()] = [
    option("number_of_devices|Devices", "Device", 1_000),
    option(
        "protected_item_quota_gb|Protected data (GB)",
        "GB",
        1_000_000,
    ),
    option("protected_item_quota_tb|Protected data (TB)", "TB", 1_000),
    option("storage_vault_quota_gb|Storage (GB)", "GB", 1_000_000),
    option("storage_vault_quota_tb|Storage (TB)", "TB", 1_000),
    option(
        "microsoft365_accounts|Microsoft 365 accounts",
        "Account",
        10_000,
    ),
    option("hyperv_guests|Hyper-V guests", "Guest", 10_000),
    option("vmware_guests|VMware guests", "Guest", 10_000),
    option("proxmox_guests|Proxmox guests", "Guest", 10_000),
];

/// Keys of the options that most products sell: ticked at first.
pub const USUAL: [&str; 2] = ["number_of_devices", "storage_vault_quota_gb"];

/// Rules of Comet: characters of user names, and least lengths.
pub const FIELDS: [NewField; 2] = [
    NewField {
        name: "Username",
        kind: "text",
        rule: "/^[A-Za-z0-9_.@-]{6,}$/",
        description: "User name for the backup software: at least 6 letters, digits or _ . @ -",
    },
    NewField {
        name: "Password",
        kind: "password",
        rule: "/^.{8,}$/",
        description: "Password for the backup software: at least 8 characters",
    },
];

const fn option(name: &'static str, unit: &'static str, most: u32) -> NewOption {
    NewOption { name, unit, most }
}

/// The choice of staff: a product, and what to create for it.
#[derive(Debug, Clone)]
pub struct OptionChoice {
    pub product: u32,
    /// Keys of the options.
    pub options: Vec<String>,
    /// `None` for no custom fields.
    pub fields: Option<FilledBy>,
}

/// The effect that a creation would have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreationPlan {
    pub product_name: String,
    /// Names of what would be created.
    pub options: Vec<&'static str>,
    pub fields: Vec<&'static str>,
    /// What is there already, by its name.
    pub present: Vec<String>,
}

impl CreationPlan {
    pub const fn is_empty(&self) -> bool {
        self.options.is_empty() && self.fields.is_empty()
    }
}

/// Returns what would be created. Nothing is changed.
///
/// # Errors
/// Where the product is none of the module, or an option is none.
pub fn plan(database: &mut Database, choice: &OptionChoice) -> Result<CreationPlan, Error> {
    let product_name = name_of_product(database, choice.product)?;
    let wanted = wanted(choice)?;
    let has = options::of_module(database, MODULE)?;
    let has = has.get(&choice.product).map(Vec::as_slice);
    let has = has.unwrap_or_default();
    let has_fields = fields::of_module(database, MODULE)?;
    let has_fields = has_fields.get(&ProductRef::Product(choice.product));
    let has_fields = has_fields.map(Vec::as_slice).unwrap_or_default();
    let mut plan = CreationPlan {
        product_name,
        ..CreationPlan::default()
    };
    for option in wanted {
        if has.iter().any(|known| known.name == option.key()) {
            plan.present.push(option.key().to_owned());
        } else {
            plan.options.push(option.name);
        }
    }
    for field in choice.fields.map_or(&[][..], |_| &FIELDS[..]) {
        if has_fields.iter().any(|known| known.name == field.name) {
            plan.present.push(field.name.to_owned());
        } else {
            plan.fields.push(field.name);
        }
    }
    Ok(plan)
}

/// Creates what the product does not have, in one transaction. Returns what was done.
///
/// # Errors
/// Where nothing was created, with the reason.
pub fn create(host: &dyn Host, choice: &OptionChoice) -> Result<String, Error> {
    let mut database = open_database(host)?;
    let name = name_of_product(&mut database, choice.product)?;
    let wanted = wanted(choice)?;
    let currencies = prices::currencies(&mut database)?;
    let group = format!("Comet Backup: {}", plain(&name));
    let mark = format!(
        "Limits of the product {}, created by whmcs_provisioning",
        choice.product
    );
    let created = database.transaction("create the options and fields", |transaction| {
        creation::one_at_a_time(transaction)?;
        let place = (choice.product, group.as_str(), mark.as_str());
        let options = options::create_within(transaction, place, &wanted, &currencies)?;
        let fields = match choice.fields {
            Some(filled_by) => {
                fields::create_within(transaction, choice.product, &FIELDS, filled_by)?
            }
            None => Vec::new(),
        };
        Ok((options, fields))
    })?;
    let (options, fields) = created;
    if options.is_empty() && fields.is_empty() {
        return Ok(format!(
            "Nothing was created: the product {} has all of that already.",
            plain(&name)
        ));
    }
    let part = |what: &str, names: &[&str]| {
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    let parts = [
        part("the configurable options", &options),
        part("the custom fields", &fields),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let prices = if options.is_empty() {
        ""
    } else {
        " The options cost nothing in any currency until you enter prices."
    };
    Ok(format!(
        "The product {} got {}.{prices}",
        plain(&name),
        parts.join(" and ")
    ))
}

fn wanted(choice: &OptionChoice) -> Result<Vec<NewOption>, Error> {
    let is_known = |key: &String| OPTIONS.iter().any(|option| option.key() == key);
    if let Some(unknown) = choice.options.iter().find(|key| !is_known(key)) {
        return Err(Error::Refusal(format!(
            "{} is no option of the Comet module. Nothing was created.",
            plain(unknown)
        )));
    }
    if choice.options.is_empty() && choice.fields.is_none() {
        return Err(Error::Refusal(
            "Neither an option nor the custom fields were chosen. Nothing was created.".into(),
        ));
    }
    let chosen = |option: &&NewOption| choice.options.iter().any(|key| key == option.key());
    Ok(OPTIONS.iter().filter(chosen).copied().collect())
}

fn name_of_product(database: &mut Database, product: u32) -> Result<String, Error> {
    let sold = catalog::sold(database, MODULE)?.into_iter();
    let mut found = sold.filter(|sold| sold.definition == ProductRef::Product(product));
    found.next().map(|sold| sold.name).ok_or_else(|| {
        Error::Refusal(format!(
            "The product {product} is not one of the Comet module. Nothing was created."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_that_is_read_can_be_created() {
        assert_eq!(OPTIONS.map(|option| option.key()), quotas::OPTIONS);
        assert!(USUAL.iter().all(|key| quotas::OPTIONS.contains(key)));
    }

    #[test]
    fn what_is_no_option_is_named() {
        let choice = |options: &[&str], fields| OptionChoice {
            product: 1,
            options: options.iter().map(|key| (*key).to_owned()).collect(),
            fields,
        };
        let error = wanted(&choice(&["storage_template"], None)).unwrap_err();
        assert!(error.to_string().contains("storage_template"));
        assert!(wanted(&choice(&[], None)).is_err());
        assert!(
            wanted(&choice(&[], Some(FilledBy::Staff)))
                .unwrap()
                .is_empty()
        );
    }
}
