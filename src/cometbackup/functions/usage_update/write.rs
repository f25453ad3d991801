//! The figures into WHMCS: columns of `tblhosting`, and service properties of product addons.
//!
//! Those are custom fields of the addon's definition. WHMCS creates a field when the first value is saved through a model;
//! where the fields exist, the values of all addons are written at once.

use std::collections::HashMap;

use super::Usage;
use super::services::{Entry, Index};
use crate::cometbackup::MODULE;
use crate::cometbackup::tables::usage::{self, FieldRow, UsageRow};
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::whmcs::services::ProductRef;
use crate::whmcs::{Host, custom_fields};

/// As WHMCS names the properties.
const NAMES: [&str; 3] = ["Disk Usage", "Disk Limit", "Last Update"];

/// Saved through models in a run, where fields do not exist yet. The next run finds them.
const MOST_BY_MODEL: usize = 100;

/// Ids of the fields of one definition, in the order of `NAMES`.
type Fields = [Option<u32>; NAMES.len()];

/// Writes all figures that were found.
pub fn all(
    host: &dyn Host,
    database: &mut Database,
    server: u32,
    index: &Index,
) -> Result<(), Error> {
    let services = found(index).filter(|(entry, _)| entry.service_id.addon() == 0);
    let rows = services.map(|(entry, usage)| UsageRow {
        service: entry.service_id.number(),
        used: usage.used,
        limit: usage.limit,
    });
    usage::add_services(database, rows)?;
    let has_fields = add_properties(host, database, index)?;
    Ok(usage::apply(database, server, has_fields)?)
}

fn found(index: &Index) -> impl Iterator<Item = (&Entry, Usage)> {
    let entries = index.entries().iter();
    entries.filter_map(|entry| Some((entry, entry.observed.as_ref()?.usage)))
}

/// Returns whether there are any product addons.
fn add_properties(
    host: &dyn Host,
    database: &mut Database,
    index: &Index,
) -> Result<bool, SqlError> {
    let mut addons = found(index)
        .filter_map(
            |(entry, usage)| match (entry.service_id, entry.definition()) {
                (ServiceId::Addon { id, .. }, ProductRef::Addon(definition)) => {
                    Some((id, definition, usage))
                }
                _ => None,
            },
        )
        .peekable();
    if addons.peek().is_none() {
        return Ok(false);
    }
    let now = usage::now(database)?;
    let fields: HashMap<u32, Fields> = custom_fields::of_addons(database, MODULE, NAMES)?;
    let mut by_model = 0;
    let rows = addons.flat_map(|(addon, definition, usage)| {
        let known = fields.get(&definition).copied().unwrap_or_default();
        let values = values(usage, &now);
        if known.iter().all(Option::is_some) {
            return rows_of(addon, known, values);
        }
        if by_model < MOST_BY_MODEL {
            by_model += 1;
            host.keep_addon_properties(addon, values.into_iter().flatten().collect());
        }
        Vec::new()
    });
    usage::add_fields(database, rows)?;
    Ok(true)
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
) -> Vec<FieldRow> {
    let pairs = fields.into_iter().zip(values);
    pairs
        .filter_map(|(field, value)| {
            Some(FieldRow {
                field: field?,
                addon,
                value: value?.1,
            })
        })
        .collect()
}
