//! The PHP process that this library lives in: who it is, what it keeps, how a test stops it.

pub mod failpoint;
pub mod fork_safe;
pub mod identity;
pub mod join;
pub mod panic_place;
pub mod state_dir;
