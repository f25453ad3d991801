//! Arrays with an entry for each account of a server, made as PHP takes them over.

use std::iter;

use ext_php_rs::types::Zval;

use super::{Entry, Table};
use crate::error::Error;
use crate::php::{build, read};
use crate::php_value::{Rows, Value};
use crate::whmcs::{Host, Server};

impl Entry {
    /// Returns the figures of one server, with the text that comes second. Nothing where they cannot be had, which the
    /// Activity Log says, and for who may not have them.
    pub fn figures(
        self,
        arguments: &[&Zval],
        work: fn(&dyn Host, &Server, &str) -> Result<Rows, Error>,
    ) -> Table {
        let second = arguments.get(1).map(|zval| read::read(zval, 0).text());
        let second = second.flatten().unwrap_or_default();
        let rows = self.served(
            arguments,
            |call| {
                let server = call.server();
                let ended = server.and_then(|server| work(call.host, &server, &second));
                ended.unwrap_or_else(|error| {
                    // What a client asks for is refused without a word.
                    if !error.is_for_customers() {
                        call.host.log_activity(self.for_staff(&error));
                    }
                    none()
                })
            },
            |_| none(),
        );
        build::rows(rows)
    }
}

impl Entry {
    /// Returns Server Sync's accounts of one server, or why there are none.
    pub fn accounts(
        self,
        arguments: &[&Zval],
        work: fn(&dyn Host, &Server) -> Result<Rows, Error>,
    ) -> Table {
        let ended = self.served(
            arguments,
            |call| {
                let rows = call.server().and_then(|server| work(call.host, &server));
                rows.map_err(|error| call.sentence(&error, None))
            },
            |is_customer| Err(self.internal(is_customer)),
        );
        match ended {
            Ok(rows) => build::listed("accounts", rows),
            Err(sentence) => build::array(&Value::Array(vec![
                ("success".to_owned(), Value::Bool(false)),
                ("error".to_owned(), sentence.into()),
            ])),
        }
    }
}

fn none() -> Rows {
    Box::new(iter::empty())
}
