//! The Comet Server: its admin API, as far as a provisioning module needs it.

mod accounts;
mod admins;
pub mod control;
mod dispatcher;
mod downloads;
pub mod endpoints;
mod job;
mod jobs;
mod passwords;
mod policies;
mod profile;
mod random;
mod refusal;
pub mod router;
mod schema;
mod search;
mod server;
mod sessions;
mod setup;
pub mod state;
mod text;
mod vaults;
mod version;
