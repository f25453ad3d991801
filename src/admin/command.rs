//! A command on a service, carried out by WHMCS itself as the button on the service's page does: with WHMCS's own parameters,
//! the module's function, its lock and its journal.

use super::page::PageRequest;
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::whmcs::{ServiceStatus, open_database, services};

/// The field that names the service.
pub const SERVICE: &str = "service";

/// The field that names a server, where it is about no service.
pub const SERVER: &str = "server";

/// A function of a module that WHMCS is asked to run.
#[derive(Debug, Clone, Copy)]
pub enum Command {
    /// A button of the module, by its function's suffix.
    Custom(&'static str),
    /// A command of WHMCS's API.
    Core(&'static str),
}

impl Command {
    /// What was found may be a day old, and a customer may have paid or left since: what has not ended is not terminated
    /// from here, and what has ended is not created again.
    fn fits(self, status: ServiceStatus) -> bool {
        match self {
            Self::Core("ModuleTerminate") => status.is_over(),
            Self::Core("ModuleCreate") => !status.is_over(),
            Self::Core(_) | Self::Custom(_) => true,
        }
    }
}

/// Runs it on the service that the form names, if the module sells it, and then compares the service again, so that what
/// was found of it and is no more is gone from the list.
pub fn run(
    request: &PageRequest<'_>,
    module: &'static str,
    command: Command,
) -> Result<String, Error> {
    on(request, module, request.id(SERVICE)?, command)
}

/// Runs it on a service that was looked up.
pub fn on(
    request: &PageRequest<'_>,
    module: &'static str,
    service: u32,
    command: Command,
) -> Result<String, Error> {
    // The connection is given back before WHMCS's code runs.
    let placed = {
        let mut database = open_database(request.host)?;
        services::placed(&mut database, module, ServiceId::Service(service))?
    };
    let Some(placed) = placed else {
        return Err(Error::Refusal(format!(
            "The service {service} is not of the module {module}, or no longer there. Nothing was changed."
        )));
    };
    if !command.fits(placed.status) {
        return Err(Error::Refusal(format!(
            "The service {service} is {} by now, which it was not when this was found. Nothing was changed: press Compare again.",
            placed.status.word()
        )));
    }
    ask(request, service, command).map_err(Error::Refusal)?;
    if matches!(command, Command::Custom("Reconcile")) {
        return Ok(format!("The service {service} is as it should be."));
    }
    let left = ask(request, service, Command::Custom("Reconcile")).err();
    Ok(match left {
        None => format!("Done on the service {service}, and nothing more was found there."),
        Some(left) => format!("Done on the service {service}. What is left: {left}"),
    })
}

/// The error is the module's own sentence.
fn ask(request: &PageRequest<'_>, service: u32, command: Command) -> Result<(), String> {
    let id = ("serviceid", service.to_string());
    match command {
        Command::Custom(function) => {
            let values = vec![id, ("func_name", function.to_owned())];
            request.host.local_api("ModuleCustom", values)
        }
        Command::Core(name) => request.host.local_api(name, vec![id]),
    }
}
