//! The customer's page, which may end the request: a file or another address in its place.

use ext_php_rs::types::{ZendHashTable, Zval};

use super::{Entry, EntryCall, Table};
use crate::error::Error;
use crate::php::{build, call, guard, output};
use crate::php_value::Value;
use crate::whmcs::{CustomerPage, Service};

impl Entry {
    /// A customer's page of the service, or a file in its place: then the request ends with it. `failed` gets the service,
    /// where it is known, and the sentence that the customer may read, where there is one.
    pub fn page(
        self,
        arguments: &[&Zval],
        work: fn(&EntryCall<'_>, &Service) -> Result<CustomerPage, Error>,
        failed: fn(Option<&Service>, Option<&str>) -> Value,
    ) -> Table {
        let page = self.served(
            arguments,
            |call| {
                let Ok(about) = call.params.service() else {
                    return CustomerPage::Part(Value::Array(Vec::new()));
                };
                let page = call.service().and_then(|service| work(call, &service));
                page.unwrap_or_else(|error| {
                    self.log_for_staff(call.host, &error, &about);
                    let sentence = error
                        .is_for_customers()
                        .then(|| self.for_customer(call.host, &error, Some(&about)));
                    CustomerPage::Part(failed(Some(&about), sentence.as_deref()))
                })
            },
            |_| CustomerPage::Part(failed(None, None)),
        );
        match page {
            CustomerPage::Part(value) => build::array(&value),
            CustomerPage::File(file) => in_place_of_page(|| output::send(*file)),
            CustomerPage::Elsewhere(address) => {
                in_place_of_page(move || output::redirect(&address))
            }
        }
    }
}

/// Sends something else than a page, and ends the request with it.
pub(super) fn in_place_of_page(send: impl FnOnce()) -> Table {
    guard::run(send);
    call::leave(());
    output::end_request();
    ZendHashTable::new()
}
