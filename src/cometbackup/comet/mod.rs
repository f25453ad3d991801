//! The Comet Server as its API has it; nothing of a service of WHMCS.

pub mod administrator;
pub mod api;
pub mod bounds;
pub mod branding;
pub mod content_disposition;
pub mod installers;
pub mod job;
pub mod job_days;
pub mod jobs;
pub mod limits;
pub mod list;
pub mod list_users;
pub mod product_name;
pub mod profile;
pub mod server;
pub mod server_identity;
pub mod server_info;
pub mod usage;
pub mod vault_figures;
pub mod version;
