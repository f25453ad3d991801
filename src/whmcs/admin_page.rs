//! A page of an addon module in the admin area: what `output` prints.

use crate::attachment::Attachment;

/// What staff get.
pub enum AdminPage {
    /// HTML to print. All values in it are escaped.
    Printed(String),
    /// A file in place of the page.
    File(Box<Attachment>),
}
