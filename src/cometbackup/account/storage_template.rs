//! The storage template that an account gets its vault from: the customer's choice, else module setting 2.

use serde::de::IgnoredAny;

use super::session::AccountSession;
use super::settings::ModuleSettings;
use crate::cometbackup::comet::api::Call;
use crate::cometbackup::comet::list::{self, Kind};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::Service;

/// A configurable option whose choices are ids of storage templates.
const OPTION: &str = "storage_template";

fn chosen(service: &Service) -> Option<&str> {
    let chosen = service.configurable_options.get(OPTION)?.trim();
    Some(chosen).filter(|id| !id.is_empty())
}

impl AccountSession<'_> {
    /// The module settings, with the storage template that is the customer's choice.
    ///
    /// # Errors
    /// Where the server does not offer what was chosen; an account that has its vault needs no template. One request
    /// where there is a choice.
    pub fn with_chosen_template(
        &mut self,
        settings: &ModuleSettings,
    ) -> Result<ModuleSettings, Error> {
        let Some(id) = chosen(self.service) else {
            return Ok(settings.clone());
        };
        let account = self.recorded()?;
        if account.is_none_or(|account| account.vault_id.is_none()) {
            self.must_offer(id)?;
        }
        Ok(ModuleSettings {
            storage_template: Some(id.to_owned()),
            ..settings.clone()
        })
    }

    fn must_offer(&self, id: &str) -> Result<(), Error> {
        let task = "read the storage templates of Comet";
        let call = Call::without_fields("request-storage-vault-providers", task);
        let mut is_offered = false;
        list::entries(&self.api(), &call, Kind::Texts, |found, _: IgnoredAny| {
            is_offered |= found == id;
        })?;
        if is_offered {
            return Ok(());
        }
        Err(Error::Refusal(format!(
            "The Comet Server offers no storage template {}, which the configurable option {OPTION} of this service names. Nothing was created; correct the choice, whose name begins with the id of a template.",
            plain(id)
        )))
    }
}
