//! The shared body of every exported function: check the caller, parse the parameters, run under the panic guard, shape the
//! return value, hand logs to WHMCS.

mod addon_page;
mod customer_page;
mod long_arrays;
mod sentence;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::exception::PhpException;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::php_host::PhpHost;
use super::texts::TextSource;
use super::{
    Caller, Host, Options, Params, ReportedDeletion, Server, Service, Visitor, arguments,
    module_files, session,
};
use crate::error::Error;
use crate::php::exception::CallError;
use crate::php::{build, call, guard, read};
use crate::php_value::Value;

type Table = ZBox<ZendHashTable>;
type Choices = Vec<(String, String)>;

/// What an exported function does for a service. These are pointers and no generic closures: the way in is then compiled
/// once, and not for each of the exported functions.
type ForService<T> = fn(&dyn Host, &Service) -> Result<T, Error>;
type ForServer<T> = fn(&dyn Host, &Server) -> Result<T, Error>;
type ForAll<T> = fn(&dyn Host) -> Result<T, Error>;

/// The module: what its messages begin with, and what customers read.
#[derive(Clone, Copy)]
pub struct EntryPoint {
    pub error_prefix: &'static str,
    /// What customers read.
    pub texts: Option<&'static TextSource>,
    /// The module's name, and the constant by which its files say which contract they keep.
    pub files: Option<(&'static str, &'static str)>,
}

/// The way into a function, which begins with who may call it.
#[derive(Clone, Copy)]
pub struct Entry {
    module: EntryPoint,
    caller: Caller,
}

/// A call of a function: by whom, with which parameters.
pub struct EntryCall<'a> {
    pub host: &'a dyn Host,
    pub visitor: Visitor,
    /// Whether PHP passed anything at all.
    pub has_arguments: bool,
    params: &'a Params,
    entry: Entry,
}

impl EntryPoint {
    pub const fn open_to(self, caller: Caller) -> Entry {
        Entry {
            module: self,
            caller,
        }
    }

    /// Files without the constant are of the first contract.
    fn files_fit(self) -> Result<(), Error> {
        let Some((module, constant)) = self.files else {
            return Ok(());
        };
        let contract = call::constant(constant).and_then(|value| value.long());
        module_files::fit(module, contract.unwrap_or(1))
    }
}

impl EntryCall<'_> {
    /// The service or product addon, for who may.
    pub fn service(&self) -> Result<Service, Error> {
        self.entry.module.files_fit()?;
        let mut service = self.params.service()?;
        self.entry
            .caller
            .check(self.host, self.visitor, service.id, self.entry.module.texts)?;
        service.options.reveal(self.host);
        Ok(service)
    }

    /// The server, for who may. Where WHMCS passes a service, the function was named as a command of the service.
    pub fn server(&self) -> Result<Server, Error> {
        self.without_service().map(|()| self.params.server())
    }

    /// Looks at nothing but who asks; a service must not be named.
    pub fn without_service(&self) -> Result<(), Error> {
        self.entry.module.files_fit()?;
        if self.entry.caller.admits(self.visitor) != Some(true) {
            return Err(self.entry.caller.refusal(self.entry.module.texts));
        }
        if self.params.concern_a_service() {
            return Err(Error::Refusal(
                "This function is no command of a service. Run it where WHMCS offers it.".into(),
            ));
        }
        Ok(())
    }

    /// Returns what the visitor reads of a failure: what is not meant for him goes to the Activity Log.
    pub fn sentence(&self, error: &Error, service: Option<&Service>) -> String {
        if !self.entry.caller.is_read_by_customer(self.visitor) {
            return self.entry.for_staff(error);
        }
        if let Some(service) = service {
            self.entry.log_for_staff(self.host, error, service);
        }
        self.entry.for_customer(self.host, error, service)
    }
}

impl Entry {
    /// A command: `success`, or one sentence. WHMCS writes the sentence to the Activity Log.
    pub fn command(self, arguments: &[&Zval], work: ForService<()>) -> String {
        self.served(
            arguments,
            |call| done(call, work),
            |is_customer| self.internal(is_customer),
        )
    }

    /// The daily job over everything where the array is empty, which returns the summary; else a command.
    pub fn reconciliation(
        self,
        arguments: &[&Zval],
        all: ForAll<String>,
        one: ForService<()>,
    ) -> String {
        self.served(
            arguments,
            |call| {
                if !call.params.concern_everything() {
                    return done(call, one);
                }
                let summary = call.without_service().and_then(|()| all(call.host));
                summary.unwrap_or_else(|error| call.sentence(&error, None))
            },
            |is_customer| self.internal(is_customer),
        )
    }

    /// A loader: value ⇒ label, or an exception, whose message WHMCS shows in place of the field. No choices where it is
    /// called for anything else than a form of settings.
    pub fn loader(
        self,
        arguments: &[&Zval],
        work: fn(&dyn Host, &Options) -> Result<Choices, Error>,
    ) -> Result<Table, PhpException> {
        self.choices(arguments, |call| {
            let mut options = call.params.options();
            options.reveal(call.host);
            work(call.host, &options)
        })
    }

    /// A loader that asks the assigned server.
    pub fn server_loader(
        self,
        arguments: &[&Zval],
        work: ForServer<Choices>,
    ) -> Result<Table, PhpException> {
        self.choices(arguments, |call| work(call.host, &call.params.server()))
    }

    fn choices(
        self,
        arguments: &[&Zval],
        work: impl Fn(&EntryCall<'_>) -> Result<Choices, Error>,
    ) -> Result<Table, PhpException> {
        let choices = self.served(
            arguments,
            |call| match call.without_service() {
                Ok(()) => work(call),
                Err(_) => Ok(Vec::new()),
            },
            |_| Err(sentence::internal()),
        );
        match choices {
            Ok(choices) => Ok(build::texts(&choices)),
            Err(error) => Err(PhpException::from_message(self.for_staff(&error))),
        }
    }

    /// A daily task for one server, which returns nothing: what fails goes to the Activity Log.
    pub fn task_for_server(self, arguments: &[&Zval], work: ForServer<()>) {
        self.served(
            arguments,
            |call| {
                let ended = call.server().and_then(|server| work(call.host, &server));
                if let Err(error) = ended {
                    call.host.log_activity(self.for_staff(&error));
                }
            },
            |_| (),
        );
    }

    /// Returns HTML for WHMCS's list of servers; empty for who may not, and where the parameters are no server's.
    pub fn html_for_server(self, arguments: &[&Zval], work: ForServer<String>) -> String {
        self.served(
            arguments,
            |call| {
                let html = call.server().and_then(|server| work(call.host, &server));
                html.unwrap_or_default()
            },
            |_| String::new(),
        )
    }

    /// A text that a module file asks for, without any parameters; empty where it cannot be had, which the Activity Log
    /// says. What WHMCS calls with parameters is a command, and the text may be a secret.
    pub fn text(self, arguments: &[&Zval], work: ForAll<String>) -> String {
        self.served(
            arguments,
            |call| {
                if call.has_arguments || call.without_service().is_err() {
                    return String::new();
                }
                work(call.host).unwrap_or_else(|error| {
                    call.host.log_activity(self.for_staff(&error));
                    String::new()
                })
            },
            |_| String::new(),
        )
    }

    /// Serves a hook, by its kind and its id. Nothing where WHMCS passes parameters, as to a command.
    pub fn deletion(
        self,
        arguments: &[&Zval],
        work: fn(&dyn Host, ReportedDeletion) -> Result<(), Error>,
    ) {
        let argument = |at: usize| {
            arguments
                .get(at)
                .map_or(Value::Null, |zval| read::read(zval, 0))
        };
        self.served(
            &[],
            |call| {
                let Some(deletion) = ReportedDeletion::read(&argument(0), &argument(1)) else {
                    return;
                };
                let ended = self.module.files_fit();
                if let Err(error) = ended.and_then(|()| work(call.host, deletion)) {
                    call.host.log_activity(self.for_staff(&error));
                }
            },
            |_| (),
        );
    }

    /// Serves a hook, by the values that WHMCS passes to it. Nothing where it passes a service, as to a command, and where
    /// it fails, which the Activity Log says.
    pub fn hook(
        self,
        arguments: &[&Zval],
        work: fn(&dyn Host, &Value) -> Result<Value, Error>,
    ) -> Table {
        let nothing = || Value::Array(Vec::new());
        let value = self.served(
            arguments,
            |call| {
                if call.without_service().is_err() {
                    return nothing();
                }
                work(call.host, call.params.of_a_hook()).unwrap_or_else(|error| {
                    call.host.log_activity(self.for_staff(&error));
                    nothing()
                })
            },
            |_| nothing(),
        );
        build::array(&value)
    }

    /// A part of a page that staff see: the array that `work` makes, or what `failed` puts in its place.
    /// Nothing at all where the parameters are no service's; WHMCS shows no failure of these, so we log it.
    pub fn part(
        self,
        arguments: &[&Zval],
        work: ForService<Value>,
        failed: fn(&str) -> Value,
    ) -> Table {
        let value = self.served(
            arguments,
            |call| {
                let Ok(service) = call.service() else {
                    return Value::Array(Vec::new());
                };
                work(call.host, &service).unwrap_or_else(|error| {
                    self.log_for_staff(call.host, &error, &service);
                    failed(&self.for_staff(&error))
                })
            },
            |_| failed(&self.internal(false)),
        );
        build::array(&value)
    }

    /// An answer in the shape that its function's contract names, or what `failed` makes of the sentence for who asks.
    pub fn answer(
        self,
        arguments: &[&Zval],
        work: fn(&EntryCall<'_>) -> Result<Value, Error>,
        failed: fn(&str) -> Value,
    ) -> Table {
        let value = self.served(
            arguments,
            |call| {
                work(call).unwrap_or_else(|error| {
                    let service = call.params.service().ok();
                    failed(&call.sentence(&error, service.as_ref()))
                })
            },
            |is_customer| failed(&self.internal(is_customer)),
        );
        build::array(&value)
    }

    /// `fallback` gets whether a customer reads it. Neither owns anything: `leave` may not come back.
    fn served<T>(
        self,
        arguments: &[&Zval],
        work: impl Fn(&EntryCall<'_>) -> T,
        fallback: impl Fn(bool) -> T,
    ) -> T {
        let mut answer = None;
        let ended = self.serve(arguments, &mut |call| answer = Some(work(call)));
        let answer = match (ended, answer) {
            (Ok(()), Some(answer)) => answer,
            (Ok(()), None) => fallback(true),
            (Err(is_customer), _) => fallback(is_customer),
        };
        call::leave(answer)
    }

    /// Reads who asks and for what, runs `work`, and hands over what it left for WHMCS. The error is whether a customer
    /// reads what takes the answer's place.
    fn serve(self, arguments: &[&Zval], work: &mut dyn FnMut(&EntryCall<'_>)) -> Result<(), bool> {
        guard::run(|| {
            let visitor = self.visitor().map_err(|_| true)?;
            let is_customer = self.caller.is_read_by_customer(visitor);
            // After `exit()` in a getter PHP throws the answer away.
            let given = arguments::read(arguments.first().copied()).map_err(|_| is_customer)?;
            let model = given.model.as_ref().map(Zval::shallow_clone);
            let host = PhpHost::new(self.module.error_prefix, model);
            let call = EntryCall {
                host: &host,
                visitor,
                has_arguments: !arguments.is_empty(),
                params: &given.params,
                entry: self,
            };
            let ended = guard::run(|| work(&call)).ok_or(is_customer);
            host.hand_over();
            ended
        })
        .unwrap_or(Err(true))
    }

    /// Not read where it decides nothing.
    fn visitor(self) -> Result<Visitor, CallError> {
        match self.caller {
            Caller::AnySession => Ok(Visitor::read(&Value::Null)),
            _ => session::visitor(),
        }
    }
}

fn done(call: &EntryCall<'_>, work: ForService<()>) -> String {
    let service = match call.service() {
        Ok(service) => service,
        Err(error) => return call.sentence(&error, None),
    };
    match work(call.host, &service) {
        Ok(()) => "success".to_owned(),
        Err(error) => call.sentence(&error, Some(&service)),
    }
}

/// Makes an array of label ⇒ text.
pub fn labeled<T: Into<Value>>(pairs: Vec<(&'static str, T)>) -> Value {
    let pairs = pairs.into_iter();
    Value::Array(
        pairs
            .map(|(label, text)| (label.to_owned(), text.into()))
            .collect(),
    )
}
