//! Addresses that the addon's pages link to: its own, and those of WHMCS's admin area.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::service_id::ServiceId;

/// The folder of the addon module, which is its name as well.
pub const MODULE: &str = "whmcs_provisioning";

/// An address that the code has made, of fixed words, numbers and encoded values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    pub fn address(&self) -> &str {
        &self.0
    }

    /// Adds a value to the query.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: &str) -> Self {
        self.0.push('&');
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        self
    }
}

/// A link to one of the addon's own pages.
pub fn page(key: &'static str) -> Link {
    Link(format!("addonmodules.php?module={MODULE}&page={key}"))
}

/// The style sheet of all pages; the version makes browsers read a new one.
pub fn style_sheet() -> Link {
    Link(format!(
        "../modules/addons/{MODULE}/assets/pages.css?v={}",
        env!("CARGO_PKG_VERSION")
    ))
}

/// The page of a service or product addon in the client's profile.
pub fn service(client_id: u32, service_id: ServiceId) -> Link {
    let of_service = format!(
        "clientsservices.php?userid={client_id}&id={}",
        service_id.service()
    );
    Link(match service_id {
        ServiceId::Service(_) => of_service,
        ServiceId::Addon { id, .. } => format!("{of_service}&aid={id}"),
    })
}

pub fn client(client_id: u32) -> Link {
    Link(format!("clientssummary.php?userid={client_id}"))
}

pub fn server(server_id: u32) -> Link {
    Link(format!("configservers.php?action=manage&id={server_id}"))
}

pub fn product(product_id: u32) -> Link {
    Link(format!("configproducts.php?action=edit&id={product_id}"))
}

/// The definition of a product addon.
pub fn product_addon(definition_id: u32) -> Link {
    Link(format!("configaddons.php?action=manage&id={definition_id}"))
}

pub fn module_queue() -> Link {
    Link("modulequeue.php".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_a_query_are_encoded() {
        let link = page("decisions").and("search", "a&b=\"<ä>");
        assert_eq!(
            link.address(),
            "addonmodules.php?module=whmcs_provisioning&page=decisions&search=a%26b%3D%22%3C%C3%A4%3E"
        );
        let addon = ServiceId::Addon { id: 5, service: 3 };
        assert_eq!(
            service(2, addon).address(),
            "clientsservices.php?userid=2&id=3&aid=5"
        );
    }
}
