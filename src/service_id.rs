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
    /// From two columns of a row: the service, and the addon or 0.
    pub const fn from_columns(service: u32, addon: u32) -> Self {
        if addon > 0 {
            Self::Addon { id: addon, service }
        } else {
            Self::Service(service)
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

    /// `service` or `addon`.
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

    /// Kind and id, as our tables have them in one column: `service:7`.
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
