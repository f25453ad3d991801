//! The functions that WHMCS calls of an addon module: a page that is printed, and HTML that is returned.

use ext_php_rs::types::Zval;

use super::customer_page::in_place_of_page;
use super::{Entry, EntryCall};
use crate::error::Error;
use crate::php::{call, guard, output};
use crate::whmcs::{AdminPage, Host};

impl Entry {
    /// Prints a page, or sends a file in its place: then the request ends with it. `failed` makes a page of the sentence
    /// where it could not be made.
    pub fn printed(
        self,
        arguments: &[&Zval],
        work: fn(&EntryCall<'_>) -> AdminPage,
        failed: fn(&str) -> String,
    ) {
        let page = self.served(
            arguments,
            |call| match call.without_service() {
                Ok(()) => work(call),
                Err(error) => AdminPage::Printed(failed(&self.for_staff(&error))),
            },
            |_| AdminPage::Printed(failed(&self.internal(false))),
        );
        match page {
            AdminPage::Printed(html) => {
                guard::quietly(|| output::print(&html));
                call::leave(());
            }
            AdminPage::File(file) => drop(in_place_of_page(|| output::send(*file))),
        }
    }

    /// Returns HTML for a place of WHMCS's pages; empty for who may not, and where it cannot be had.
    pub fn html(self, arguments: &[&Zval], work: fn(&dyn Host) -> Result<String, Error>) -> String {
        self.served(
            arguments,
            |call| {
                let html = call.without_service().and_then(|()| work(call.host));
                html.unwrap_or_default()
            },
            |_| String::new(),
        )
    }

    /// A task that returns nothing: what fails goes to the Activity Log.
    pub fn task(self, arguments: &[&Zval], work: fn(&dyn Host) -> Result<(), Error>) {
        self.served(
            arguments,
            |call| {
                let ended = call.without_service().and_then(|()| work(call.host));
                if let Err(error) = ended {
                    call.host.log_activity(self.for_staff(&error));
                }
            },
            |_| (),
        );
    }
}
