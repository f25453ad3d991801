//! The client's page of a service, where forms go to and links lead.

use super::system_url;
use crate::database::{Database, column};
use crate::error::Error;
use crate::service_id::ServiceId;
use crate::text::decode_entities;

/// The page, relative to WHMCS's address: for a form that stands on it.
pub fn relative(service_id: ServiceId) -> String {
    let page = format!(
        "clientarea.php?action=productdetails&id={}",
        service_id.service()
    );
    match service_id {
        ServiceId::Service(_) => page,
        ServiceId::Addon { id, .. } => format!("{page}&addonId={id}"),
    }
}

/// Its whole address. One statement.
///
/// # Errors
/// Where the address of WHMCS cannot be used.
pub fn address(database: &mut Database, service_id: ServiceId) -> Result<String, Error> {
    let values: Vec<String> =
        database.query("read the address of WHMCS", system_url::READ, (), |row| {
            column(row, 0)
        })?;
    below(values.first().map_or("", String::as_str), service_id)
}

fn below(system_url: &str, service_id: ServiceId) -> Result<String, Error> {
    let typed = decode_entities(system_url);
    let typed = typed.trim().trim_end_matches('/');
    if !typed.starts_with("https://") && !typed.starts_with("http://") {
        return Err(Error::Config(
            "The System URL of WHMCS is no address: correct it under System Settings, General Settings.".into(),
        ));
    }
    Ok(format!("{typed}/{}", relative(service_id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDON: ServiceId = ServiceId::Addon { id: 3, service: 7 };

    #[test]
    fn a_page_is_that_of_the_service_or_of_its_addon() {
        assert_eq!(
            relative(ServiceId::Service(7)),
            "clientarea.php?action=productdetails&id=7"
        );
        assert_eq!(
            relative(ADDON),
            "clientarea.php?action=productdetails&id=7&addonId=3"
        );
    }

    #[test]
    fn it_stands_below_the_address_of_whmcs() {
        assert_eq!(
            below(" https://whmcs.example/billing/ ", ADDON).unwrap(),
            "https://whmcs.example/billing/clientarea.php?action=productdetails&id=7&addonId=3"
        );
        for unusable in ["", "/whmcs", "javascript:alert(1)//"] {
            assert!(below(unusable, ADDON).is_err(), "{unusable}");
        }
    }
}
