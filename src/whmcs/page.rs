//! The customer's page of a service: what `ClientArea` returns.

use crate::attachment::Attachment;
use crate::php_value::Value;

/// The customer's page, or what he gets in its place.
pub enum CustomerPage {
    /// The template and its variables, for WHMCS to show.
    Part(Value),
    /// A file in place of the page.
    File(Box<Attachment>),
    /// The browser goes on to this address.
    Elsewhere(String),
}
