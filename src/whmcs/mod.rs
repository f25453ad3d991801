//! WHMCS as the modules see it: what it tells (`params`) and what it can be asked to do (`host`).

mod access;
#[cfg(feature = "php")]
pub mod call;
pub mod custom_fields;
mod deletion;
mod details;
mod host;
mod names;
mod params;
#[cfg(feature = "php")]
pub mod pdo;
#[cfg(test)]
pub mod plain;
#[cfg(feature = "php")]
pub mod running;
mod server;
mod service_status;
#[cfg(feature = "php")]
mod session;
pub mod sold;
pub mod system_url;
mod visitor;

pub use access::Caller;
pub use deletion::Deletion;
pub use details::{Client, Details, Named};
pub use host::{Host, ModuleCall};
pub(crate) use names::name_in_sql;
pub use names::name_of;
pub use params::{Options, Params, Service, decode_entities};
pub use server::Server;
pub use service_status::ServiceStatus;
pub use visitor::Visitor;
