//! What a service is sold with: module settings of its product, and its configurable options, a page at a time.

use std::collections::HashMap;

use mysql::Value;

use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::settings::Options;
use crate::cometbackup::functions::reconcile::index::Entry;
use crate::database::{Database, SqlError, column};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::whmcs::services::Settings;
use crate::whmcs::{NamedValues, name_of};

/// As WHMCS passes them: of options with choices the name of the choice, of the others the number.
const CHOSEN: &str = "SELECT c.relid, o.optionname,
    IF(o.optiontype IN ('3', '4'), c.qty, COALESCE(s.optionname, ''))
    FROM tblhostingconfigoptions c
    JOIN tblhosting h ON h.id=c.relid
    JOIN tblproductconfigoptions o ON o.id=c.configid
    JOIN tblproductconfiglinks l ON l.gid=o.gid AND l.pid=h.packageid
    LEFT JOIN tblproductconfigoptionssub s ON s.id=c.optionid
    WHERE c.relid IN (";

/// What the product sets; what it does not set is nobody's business here.
pub struct Expected {
    pub options: Options,
    pub quotas: Result<Quotas, Error>,
}

/// For one service whose parameters are at hand.
pub fn of_service(service: &crate::whmcs::Service) -> Expected {
    Expected {
        options: Options::read(&service.options),
        quotas: Quotas::read(&service.details.configurable_options),
    }
}

/// In the order of the entries. One statement; product addons have no configurable options.
pub fn of_page(
    database: &mut Database,
    settings: &Settings,
    page: &[Entry],
) -> Result<Vec<Expected>, SqlError> {
    let services: Vec<Value> = page
        .iter()
        .filter(|entry| matches!(entry.service_id, ServiceId::Service(_)))
        .map(|entry| Value::from(entry.service_id.number()))
        .collect();
    let mut chosen: HashMap<u32, Vec<(String, String)>> = HashMap::new();
    if !services.is_empty() {
        let statement = format!("{CHOSEN}{})", vec!["?"; services.len()].join(","));
        database.query_each(
            "read the configurable options",
            &statement,
            services,
            |row| {
                let of_service = chosen.entry(column(row, 0)).or_default();
                let choice: String = column(row, 2);
                of_service.push((column(row, 1), name_of(&choice).to_owned()));
            },
        )?;
    }
    let wanted = page.iter().map(|entry| {
        let options = settings.get(&entry.definition).cloned().unwrap_or_default();
        let of_service = match entry.service_id {
            ServiceId::Service(id) => chosen.remove(&id).unwrap_or_default(),
            ServiceId::Addon { .. } => Vec::new(),
        };
        Expected {
            options: Options::read(&options),
            quotas: Quotas::read(&NamedValues::stored(of_service)),
        }
    });
    Ok(wanted.collect())
}
