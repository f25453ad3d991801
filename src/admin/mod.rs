//! What stands above both modules and is about this installation as a whole.

mod doctor;

#[cfg(feature = "php")]
pub mod exports;
