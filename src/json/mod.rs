//! JSON that others have written: read as it arrives, edited as text, read leniently.

pub mod document;
pub mod lenient;
pub mod object;
pub mod stream;
