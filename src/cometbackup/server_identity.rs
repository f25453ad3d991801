//! Which Comet Server it is: what it says of itself, and where it is reached. An entry of WHMCS's list of servers is
//! neither: two may be for one server, and one may be made anew.

/// A Comet Server; each part is empty where it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerIdentity {
    /// `ServerLicenseHash`.
    pub hash: String,
    /// Host and port.
    pub address: String,
}
