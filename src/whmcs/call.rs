//! One call by WHMCS, from the edge: parameters in, a guard around, the answer its contract names out.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::running::Running;
use super::{Host, Options, Params, Server, Service, Visitor};
use crate::error::Error;
use crate::http::stream::Attachment;
use crate::php::read::Given;
use crate::php::{build, guard, output, read};
use crate::value::Value;

type Table = ZBox<ZendHashTable>;

/// What a customer gets from the product page.
pub enum Page {
    Part(Value),
    File(Box<Attachment>),
}

/// What distinguishes one module's answers from another's.
#[derive(Clone, Copy)]
pub struct Module {
    pub error_prefix: &'static str,
    /// What a customer reads in place of a sentence that is not meant for him.
    pub for_customers: &'static str,
}

/// Who has asked, by the session of the request.
pub fn visitor() -> Visitor {
    Visitor::read(&read::global("_SESSION"))
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

    /// A command that clients may run, too: what is not meant for them goes to the Activity Log.
    pub fn command_of_client(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Service) -> Result<(), Error>,
    ) -> String {
        let visitor = visitor();
        let by_client = !visitor.is_staff() && !visitor.is_nobody();
        self.served(
            arguments,
            |host, given| {
                let service = match given.params.service() {
                    Ok(service) => service,
                    Err(error) => return self.sentence(&error, by_client),
                };
                let Err(error) = work(host, &service) else {
                    return "success".to_owned();
                };
                if by_client {
                    self.log_for_staff(host, &error, &service);
                }
                self.sentence(&error, by_client)
            },
            || self.sentence(&internal(), by_client),
        )
    }

    /// What a visitor of a page reads; what is not meant for him goes to the Activity Log.
    pub fn told_visitor(self, host: &dyn Host, error: &Error, service: &Service) -> String {
        let is_customer = !visitor().is_staff();
        if is_customer {
            self.log_for_staff(host, error, service);
        }
        self.sentence(error, is_customer)
    }

    /// The sentence for a customer, or for staff.
    pub fn sentence(self, error: &Error, is_customer: bool) -> String {
        if is_customer {
            error.for_customer(self.for_customers)
        } else {
            error.for_staff(self.error_prefix)
        }
    }

    fn log_for_staff(self, host: &dyn Host, error: &Error, service: &Service) {
        if !matches!(error, Error::Customer(_)) {
            let sentence = error.for_staff(self.error_prefix);
            host.log_activity(format!("{sentence} - {}", service.owner));
        }
    }

    /// The daily job's look at everything where the array is empty, which answers the summary; else a command.
    pub fn reconciliation(
        self,
        arguments: &[&Zval],
        all: impl FnOnce(&dyn Host) -> Result<String, Error>,
        one: impl FnOnce(&dyn Host, &Service) -> Result<(), Error>,
    ) -> String {
        let answered = |result: Result<String, Error>| {
            result.unwrap_or_else(|error| error.for_staff(self.error_prefix))
        };
        self.served(
            arguments,
            |host, given| {
                if given.params.concern_everything() {
                    return answered(all(host));
                }
                let done = given
                    .params
                    .service()
                    .and_then(|service| one(host, &service));
                answered(done.map(|()| "success".to_owned()))
            },
            || answered(Err(internal())),
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
        self.choices(choices)
    }

    /// A loader that asks the assigned server.
    pub fn server_loader(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Server) -> Result<Vec<(String, String)>, Error>,
    ) -> Result<Table, PhpException> {
        let choices = self.served(
            arguments,
            |host, given| work(host, &given.params.server()),
            || Err(internal()),
        );
        self.choices(choices)
    }

    /// An answer about a server, in the shape that its function's contract names.
    pub fn about_server(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Server) -> Value,
    ) -> Table {
        let value = self.served(
            arguments,
            |host, given| work(host, &given.params.server()),
            || {
                labelled(vec![(
                    "error".into(),
                    internal().for_staff(self.error_prefix),
                )])
            },
        );
        build::array(&value)
    }

    /// A daily task for one server, which answers nothing: what fails is told in the Activity Log.
    pub fn task_for_server(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Server) -> Result<(), Error>,
    ) {
        self.served(
            arguments,
            |host, given| {
                if let Err(error) = work(host, &given.params.server()) {
                    host.log_activity(error.for_staff(self.error_prefix));
                }
            },
            || (),
        );
    }

    fn choices(self, choices: Result<Vec<(String, String)>, Error>) -> Result<Table, PhpException> {
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

    /// A part of a page that staff see: the array that `work` makes, or what `failed` puts in its place.
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

    /// An answer in the shape that its function's contract names, or what `failed` makes of the sentence for staff or
    /// customer.
    pub fn answer(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Params) -> Result<Value, Error>,
        failed: impl Fn(&str) -> Value,
    ) -> Table {
        let is_customer = !visitor().is_staff();
        let value = self.served(
            arguments,
            |host, given| {
                work(host, &given.params).unwrap_or_else(|error| {
                    if is_customer && let Ok(service) = given.params.service() {
                        self.log_for_staff(host, &error, &service);
                    }
                    failed(&self.sentence(&error, is_customer))
                })
            },
            || failed(&self.sentence(&internal(), is_customer)),
        );
        build::array(&value)
    }

    /// A customer's page of the service, or a file in its place: then the request ends with it.
    pub fn page(
        self,
        arguments: &[&Zval],
        work: impl FnOnce(&dyn Host, &Service) -> Result<Page, Error>,
        failed: impl Fn() -> Value,
    ) -> Table {
        let page = self.served(
            arguments,
            |host, given| {
                let Ok(service) = given.params.service() else {
                    return Page::Part(Value::Array(Vec::new()));
                };
                work(host, &service).unwrap_or_else(|error| {
                    let sentence = error.for_staff(self.error_prefix);
                    host.log_activity(format!("{sentence} - {}", service.owner));
                    Page::Part(failed())
                })
            },
            || Page::Part(failed()),
        );
        match page {
            Page::Part(value) => build::array(&value),
            Page::File(file) => {
                guard::run(|| output::send(*file), || ());
                output::end_request();
                ZendHashTable::new()
            }
        }
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
    Error::Refusal(
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
