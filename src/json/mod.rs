//! JSON of strangers: read as it arrives, edited where it stands, taken leniently.

pub mod document;
pub mod lenient;
pub mod stream;
