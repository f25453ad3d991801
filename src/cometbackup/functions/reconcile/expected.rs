//! The settings that a service is sold with, as far as they are compared: only those that its product defines.

use std::collections::HashMap;

use super::services::Entry;
use crate::cometbackup::account::extras;
use crate::cometbackup::account::quotas::Quotas;
use crate::cometbackup::account::settings::{ModuleSettings, Sells};
use crate::cometbackup::tables::extras::{self as records, Extra};
use crate::database::{Database, SqlError};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::whmcs::services::Settings;
use crate::whmcs::{self, NamedValues, configurable_options};

/// Module settings, and the limits of the configurable options.
pub struct Expected {
    pub options: ModuleSettings,
    /// An error where an option is no number.
    pub quotas: Result<Quotas, Error>,
}

impl Expected {
    fn new(options: &whmcs::Options, chosen: &NamedValues, extras: &[Extra]) -> Self {
        Self {
            options: ModuleSettings::read(options),
            quotas: Quotas::read(chosen).and_then(|base| extras::together(base, extras)),
        }
    }

    /// Whether the list says what became of the account. That it has the accounts of tenants is documented nowhere: what
    /// it lacks of them is left to commands, which ask for the profile as well.
    pub fn is_known(&self, entry: &Entry) -> bool {
        entry.observed.is_some() || self.options.tenant.is_none()
    }
}

/// Returns the settings of one service whose parameters are at hand, with the product addons that add to its account.
pub fn of_service(service: &whmcs::Service, extras: &[Extra]) -> Expected {
    Expected::new(&service.options, &service.configurable_options, extras)
}

/// Returns the settings of a page of services, in their order. One statement, and another one where product addons add to
/// accounts; they have no configurable options themselves.
pub fn of_page(
    database: &mut Database,
    settings: &Settings,
    page: &[Entry],
) -> Result<Vec<Expected>, SqlError> {
    let services = page.iter().filter_map(|entry| match entry.service_id {
        ServiceId::Service(id) => Some(id),
        ServiceId::Addon { .. } => None,
    });
    let services: Vec<u32> = services.collect();
    let mut chosen = configurable_options::of_services(database, &services)?;
    let has_extras = settings
        .values()
        .any(|options| ModuleSettings::read(options).sells == Sells::Extra);
    let mut added = if has_extras {
        records::of_services(database, &services)?
    } else {
        HashMap::new()
    };
    let expected = page.iter().map(|entry| {
        let options = settings.get(&entry.definition()).cloned();
        let (chosen, added) = match entry.service_id {
            ServiceId::Service(id) => (chosen.remove(&id), added.remove(&id)),
            ServiceId::Addon { .. } => (None, None),
        };
        let (chosen, added) = (chosen.unwrap_or_default(), added.unwrap_or_default());
        Expected::new(&options.unwrap_or_default(), &chosen, &added)
    });
    Ok(expected.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cometbackup::account::settings::VaultQuota;

    fn expected(chosen: &[(&str, &str)]) -> Expected {
        let chosen = chosen.iter();
        let chosen = chosen.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let setting_1 = whmcs::Options::stored(vec![Some("p1".to_owned())]);
        Expected::new(&setting_1, &NamedValues::stored(chosen), &[])
    }

    #[test]
    fn only_what_the_product_defines_is_expected() {
        let none = expected(&[]);
        assert_eq!(none.quotas.unwrap(), Quotas::default());
        assert_eq!(none.options.policy_group.as_deref(), Some("p1"));
        assert_eq!(none.options.vault_quota, VaultQuota::Provided);
        let devices = expected(&[("number_of_devices|Devices", "3")]);
        assert_eq!(devices.quotas.unwrap().devices, Some(3));
    }

    #[test]
    fn an_option_that_is_no_number_is_kept_as_an_error_that_names_it() {
        let error = expected(&[("number_of_devices", "many")]).quotas;
        let text = error.unwrap_err().to_string();
        assert!(text.contains("number_of_devices"), "{text}");
    }
}
