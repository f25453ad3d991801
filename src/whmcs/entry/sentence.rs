//! The sentences of a failure: for a customer in his language, for staff in English.

use super::Entry;
use crate::error::Error;
use crate::whmcs::php_host::PhpHost;
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, Service};

impl Entry {
    pub(super) fn for_staff(self, error: &Error) -> String {
        error.for_staff(self.module.error_prefix)
    }

    /// Returns what a customer reads; empty where the module has no texts for customers.
    pub(super) fn for_customer(
        self,
        host: &dyn Host,
        error: &Error,
        service: Option<&Service>,
    ) -> String {
        let Some(source) = self.module.texts else {
            return String::new();
        };
        let texts = match service {
            Some(service) => Texts::of(host, source, service),
            None => Texts::for_visitor(host, source),
        };
        texts.for_customer(error)
    }

    /// Returns what takes the place of an answer that a panic has ended.
    pub(super) fn internal(self, is_customer: bool) -> String {
        if !is_customer {
            return self.for_staff(&internal());
        }
        let host = PhpHost::new(self.module.error_prefix, None);
        self.for_customer(&host, &internal(), None)
    }

    /// Logs for staff what is not meant for the customer.
    pub(super) fn log_for_staff(self, host: &dyn Host, error: &Error, service: &Service) {
        if !error.is_for_customers() {
            host.log_activity(format!("{} - {}", self.for_staff(error), service.id));
        }
    }
}

pub(super) fn internal() -> Error {
    Error::Refusal(
        "An internal error of whmcs_provisioning stopped this. Its place is in PHP's error log: report it, and run this again.".into(),
    )
}
