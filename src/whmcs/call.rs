//! One call by WHMCS, from the edge: parameters in, a guard around, the answer its contract names out.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::running::Running;
use super::{Host, Options, Service};
use crate::error::Error;
use crate::php::read::Given;
use crate::php::{build, guard, read};
use crate::value::Value;

type Table = ZBox<ZendHashTable>;

/// What distinguishes one module's answers from another's.
#[derive(Clone, Copy)]
pub struct Module {
    pub error_prefix: &'static str,
}

impl Module {
    /// A command: `success`, or one sentence. WHMCS writes the sentence to the Activity Log.
    pub fn command(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Service) -> Result<(), Error>,
    ) -> String {
        let sentence = |error: Error| error.for_staff(self.error_prefix);
        self.served(
            arguments,
            |host, given| match given
                .params
                .service()
                .and_then(|service| work(host, &service))
            {
                Ok(()) => "success".to_owned(),
                Err(error) => sentence(error),
            },
            || sentence(internal()),
        )
    }

    /// A loader: value ⇒ label, or an exception, whose message WHMCS shows in place of the field.
    pub fn loader(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Options) -> Result<Vec<(String, String)>, Error>,
    ) -> Result<Table, PhpException> {
        let choices = self.served(
            arguments,
            |host, given| work(host, &given.params.options()),
            || Err(internal()),
        );
        match choices {
            Ok(choices) => Ok(build::texts(&choices)),
            Err(error) => Err(PhpException::from_message(
                error.for_staff(self.error_prefix),
            )),
        }
    }

    /// A text that a module file asks for; empty where it cannot be had, which the Activity Log tells.
    pub fn text(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host) -> Result<String, Error>,
    ) -> String {
        self.served(
            arguments,
            |host, _| {
                work(host).unwrap_or_else(|error| {
                    host.log_activity(error.for_staff(self.error_prefix));
                    String::new()
                })
            },
            String::new,
        )
    }

    /// A part of a page of the service: the array that `work` makes, or what `failed` puts in its place.
    /// Nothing at all where the parameters are no service's; WHMCS shows no failure of these, so we log it.
    pub fn part(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Service) -> Result<Value, Error>,
        failed: impl Fn(&str) -> Value,
    ) -> Table {
        let value = self.served(
            arguments,
            |host, given| {
                let Ok(service) = given.params.service() else {
                    return Value::Array(Vec::new());
                };
                work(host, &service).unwrap_or_else(|error| {
                    let sentence = error.for_staff(self.error_prefix);
                    host.log_activity(format!("{sentence} - {}", service.owner));
                    failed(&sentence)
                })
            },
            || failed(&internal().for_staff(self.error_prefix)),
        );
        build::array(&value)
    }

    fn served<T>(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Given) -> T,
        fallback: impl Fn() -> T,
    ) -> T {
        guard::run(
            || {
                // After `exit()` in a getter PHP throws the answer away.
                let Ok(given) = read::given(arguments.first().copied()) else {
                    return fallback();
                };
                let model = given.model.as_ref().map(Zval::shallow_clone);
                let host = Running::new(self.error_prefix, model);
                let answer = guard::run(|| work(&host, &given), &fallback);
                host.tell();
                answer
            },
            &fallback,
        )
    }
}

fn internal() -> Error {
    Error::Unusable(
        "An internal error of whmcs_provisioning stopped this. Its place is in PHP's error log: report it, and run this again.".into(),
    )
}

/// Label ⇒ text as a value.
pub fn labelled(pairs: Vec<(String, String)>) -> Value {
    Value::Array(
        pairs
            .into_iter()
            .map(|(label, text)| (label, Value::from(text)))
            .collect(),
    )
}
