//! The storage template that an account gets its vault from: the customer's choice, else module setting 2.

use serde::de::IgnoredAny;

use super::session::AccountSession;
use super::settings::ModuleSettings;
use super::tenant;
use crate::cometbackup::comet::api::Call;
use crate::cometbackup::comet::list::{self, MapValues};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::Service;

/// A configurable option whose choices are ids of storage templates.
pub const OPTION: &str = "storage_template";

fn chosen(service: &Service) -> Option<&str> {
    let chosen = service.configurable_options.get(OPTION)?.trim();
    Some(chosen).filter(|id| !id.is_empty())
}

impl AccountSession<'_> {
    /// Returns the module settings, with the storage template that is the customer's choice.
    ///
    /// # Errors
    /// Where the server does not offer what was chosen; an account that has its vault needs no template. One request
    /// where there is a choice or a tenant.
    pub fn with_chosen_template(
        &mut self,
        settings: &ModuleSettings,
    ) -> Result<ModuleSettings, Error> {
        let chosen = chosen(self.service).map(str::to_owned);
        // Of a tenant's accounts the template has to be the tenant's.
        let is_checked = chosen.is_some() || settings.tenant.is_some();
        let settings = ModuleSettings {
            storage_template: chosen.or_else(|| settings.storage_template.clone()),
            ..settings.clone()
        };
        if let Some(id) = settings.storage_template.as_deref().filter(|_| is_checked) {
            let account = self.recorded()?;
            if account.is_none_or(|account| account.vault_id.is_none()) {
                self.must_offer(id, settings.tenant.as_deref())?;
            }
        }
        Ok(settings)
    }

    fn must_offer(&self, id: &str, tenant: Option<&str>) -> Result<(), Error> {
        let call = Call {
            endpoint: "request-storage-vault-providers",
            task: "read the storage templates of Comet".to_owned(),
            fields: tenant::narrowed_to(tenant),
        };
        let mut is_offered = false;
        list::entries(
            &self.api(),
            &call,
            MapValues::Texts,
            |found, _: IgnoredAny| {
                is_offered |= found == id;
            },
        )?;
        if is_offered {
            return Ok(());
        }
        Err(Error::Refusal(format!(
            "The Comet Server offers no storage template {}{}. Nothing was created: correct module setting 2, or the choice of the configurable option {OPTION}, whose name begins with the id of a template.",
            plain(id),
            tenant.map_or_else(String::new, |tenant| format!(
                " in the tenant {}",
                plain(tenant)
            ))
        )))
    }
}
