//! `whmcs_provisioning_activate`, `_deactivate` and `_upgrade`: our tables are made or upgraded; nothing is ever removed.

use crate::error::Error;
use crate::php_value::Value;
use crate::whmcs::{Host, open_database};
use crate::{cometbackup, installation, jetpack, journal, reconciliation};

/// Makes or upgrades all tables of both modules, any number of times.
pub fn prepare(host: &dyn Host) -> Result<(), Error> {
    let mut database = open_database(host)?;
    jetpack::tables::prepare(&mut database)?;
    journal::prepare(&mut database)?;
    reconciliation::prepare(&mut database)?;
    cometbackup::tables::prepare(&mut database)?;
    installation::heartbeats::prepare(&mut database)?;
    installation::question(&mut database).map(drop)
}

pub fn activate(host: &dyn Host) -> Result<Value, Error> {
    prepare(host)?;
    Ok(ended(
        "success",
        "The tables of both modules are there and up to date. Choose under Access Control who may open the addon, then find it in the menu Addons.",
    ))
}

/// Returns the success of a deactivation that removes nothing: licenses and accounts cost money, and the modules go on.
pub fn deactivate() -> Value {
    ended(
        "success",
        "The addon's pages are off. All records of licenses, accounts and operations were kept, and both modules go on without the addon.",
    )
}

/// Returns the failure of either, with the reason.
pub fn failed(sentence: &str) -> Value {
    ended("error", sentence)
}

fn ended(status: &str, description: &str) -> Value {
    Value::Array(vec![
        ("status".into(), status.into()),
        ("description".into(), description.into()),
    ])
}
