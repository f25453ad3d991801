//! WHMCS as the modules see it: its parameters, its tables, and what it does for us (`host`).

mod access;
mod admin_page;
#[cfg(feature = "php")]
mod arguments;
pub mod catalog;
pub mod configurable_options;
pub mod custom_fields;
mod deletion;
#[cfg(feature = "php")]
pub mod entry;
#[cfg(test)]
pub mod fake_host;
pub mod form;
mod host;
pub mod hosting_domains;
mod listed_service;
pub mod mail;
pub mod module_files;
pub mod module_settings;
mod names;
pub mod order_form;
pub mod orders;
mod page;
mod params;
pub mod parent_service;
#[cfg(feature = "php")]
pub mod pdo;
#[cfg(feature = "php")]
pub mod php_host;
pub mod product_page;
mod server;
pub mod servers;
mod service;
mod service_status;
pub mod services;
#[cfg(feature = "php")]
mod session;
pub mod stored_token;
pub mod system_facts;
pub mod system_url;
pub mod texts;
pub mod token_places;
pub mod user_names;
mod visitor;

pub use access::Caller;
pub use admin_page::AdminPage;
pub use deletion::ReportedDeletion;
pub use host::{Host, ModuleCall, database_opener, open_database, open_database_for};
pub use listed_service::{LISTED, ListedService};
pub(crate) use listed_service::{listed_columns, listed_joins};
pub(crate) use names::name_in_sql;
pub use names::name_of;
pub use page::CustomerPage;
pub use params::Params;
pub use server::Server;
pub use service::{Client, NamedValues, Options, Service};
pub use service_status::ServiceStatus;
pub use visitor::Visitor;
