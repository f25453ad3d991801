//! The PHP process that this library runs in: its identity, what it keeps, how a test stops it.

pub mod failpoint;
pub mod fork_safe;
pub mod identity;
pub mod join;
pub mod panic_place;
pub mod state_dir;
