//! The domains that WHMCS hosts for a client: of active services that are sold as hosting, whatever module provisions them.

use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;

/// A product of the asking module does not count: its domain is what the customer typed for it.
macro_rules! hosted {
    ($own:literal) => {
        concat!(
            "SELECT h.domain FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid
    WHERE h.userid=(SELECT o.userid FROM tblhosting o WHERE o.id=",
            $own,
            ") AND h.domainstatus='Active' AND h.domain<>''
      AND p.type IN ('hostingaccount', 'reselleraccount', 'server') AND p.servertype<>:module"
        )
    };
}

const BESIDE_SERVICE: &str = concat!(hosted!(":id"), " AND h.id<>:id");

/// The service that an addon belongs to is another one.
const BESIDE_ADDON: &str = hosted!("(SELECT a.hostingid FROM tblhostingaddons a WHERE a.id=:id)");

/// Whether one of the domains of the same client's other services is such a one. One statement.
pub fn any(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
    is_it: impl Fn(&str) -> bool,
) -> Result<bool, SqlError> {
    let statement = match service_id {
        ServiceId::Service(_) => BESIDE_SERVICE,
        ServiceId::Addon { .. } => BESIDE_ADDON,
    };
    let parameters = params! { "id" => service_id.number(), "module" => module };
    let mut found = false;
    let task = "read the domains of the client's services";
    database.query_each(task, statement, parameters, |row| {
        found = found || is_it(&column::<String>(row, 0));
    })?;
    Ok(found)
}
