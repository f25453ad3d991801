//! The work on one service's account: the session of a command, and its steps.

pub mod adoption;
pub mod contact;
pub mod customer_notice;
pub mod deletion;
pub mod devices;
mod edit_profile;
pub mod extra_addon;
pub mod extras;
pub mod lookup;
pub mod lost_answer;
mod notices;
pub mod password;
pub mod policy_group;
pub mod quotas;
pub mod server;
pub mod session;
pub mod set_limits;
pub mod settings;
pub mod storage_template;
pub mod tenant;
pub mod user_name;
pub mod vault;
