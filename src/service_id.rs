//! The id of a service or product addon: the key that everything is recorded under.

use std::fmt;

/// A service (`tblhosting.id`) or a product addon (`tblhostingaddons.id`).
///
/// Order and product are no identity: one order can hold a product several times.
#[derive(Debug, Clone, Copy)]
pub enum ServiceId {
    Service(u32),
    Addon { id: u32, service: u32 },
}

impl ServiceId {
    /// Makes an id of two columns of a row: the service, and the addon or 0.
    pub const fn from_columns(service: u32, addon: u32) -> Self {
        if addon > 0 {
            Self::Addon { id: addon, service }
        } else {
            Self::Service(service)
        }
    }

    /// Makes an id of a kind, as [`ServiceId::kind`] has it, and the id within it; `service` counts for a product addon
    /// only. `None` for any other kind, such as the empty one of a row that is about no service.
    pub fn of_kind(kind: &str, id: u32, service: u32) -> Option<Self> {
        match kind {
            "service" => Some(Self::Service(id)),
            "addon" => Some(Self::Addon { id, service }),
            _ => None,
        }
    }

    /// The id of the service itself, or of the service that the addon belongs to.
    pub const fn service(self) -> u32 {
        match self {
            Self::Service(id) => id,
            Self::Addon { service, .. } => service,
        }
    }

    /// The addon's id; 0 for a service.
    pub const fn addon(self) -> u32 {
        match self {
            Self::Service(_) => 0,
            Self::Addon { id, .. } => id,
        }
    }

    /// Returns `service` or `addon`.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Service(_) => "service",
            Self::Addon { .. } => "addon",
        }
    }

    /// The id within its kind.
    pub const fn number(self) -> u32 {
        match self {
            Self::Service(id) | Self::Addon { id, .. } => id,
        }
    }

    /// Returns kind and id, as our tables have them in one column: `service:7`.
    pub fn key(self) -> String {
        format!("{}:{}", self.kind(), self.number())
    }
}

/// An addon stays the same whichever service it belongs to: WHMCS can move it.
impl PartialEq for ServiceId {
    fn eq(&self, other: &Self) -> bool {
        (self.kind(), self.number()) == (other.kind(), other.number())
    }
}

impl Eq for ServiceId {}

/// As WHMCS's Activity Log wants it, which turns "Service ID: 1" into a link.
impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(id) => write!(f, "Service ID: {id}"),
            Self::Addon { id, service } => write!(f, "Service ID: {service}, Addon ID: {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_and_id_make_the_same_id_again() {
        for service_id in [
            ServiceId::Service(7),
            ServiceId::Addon { id: 3, service: 7 },
        ] {
            let (kind, id) = (service_id.kind(), service_id.number());
            let again = ServiceId::of_kind(kind, id, 7).unwrap();
            assert_eq!(again, service_id);
            assert_eq!(again.service(), 7);
        }
        assert_eq!(ServiceId::of_kind("", 0, 0), None);
        assert_eq!(ServiceId::of_kind("client", 7, 7), None);
    }
}
