//! A page of an addon module in the admin area: what `output` prints.

use crate::attachment::Attachment;

/// A page for staff, or what they get in its place.
pub enum AdminPage {
    /// HTML to print. All values in it are escaped.
    Printed(String),
    /// A file in place of the page.
    File(Box<Attachment>),
}
