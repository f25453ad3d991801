//! `jetpack_ValidateOrder`, for the hook of the order form: whether the address that a customer enters can be that of a
//! site, before he pays. No request.

use crate::error::Error;
use crate::jetpack::licensing::site_address::{SITE_URL, SiteAddress};
use crate::jetpack::{MODULE, TEXTS};
use crate::php_value::Value;
use crate::whmcs::order_form::{self, Posted};
use crate::whmcs::texts::Texts;
use crate::whmcs::{Host, open_database};

/// Returns what is wrong, in the visitor's language. One statement, none where no custom field is filled.
pub fn run(host: &dyn Host, request: &Value) -> Result<Value, Error> {
    let posted = Posted::read(request);
    if posted.is_empty() {
        return Ok(order_form::wrong([]));
    }
    let mut database = open_database(host)?;
    let entered = posted.of_module(&mut database, MODULE)?;
    let is_wrong = entered
        .iter()
        .any(|field| field.name == SITE_URL && !SiteAddress::is_usable(field.text.trim()));
    if !is_wrong {
        return Ok(order_form::wrong([]));
    }
    let texts = Texts::for_visitor(host, &TEXTS);
    Ok(order_form::wrong([texts.text("order.site_address")]))
}
