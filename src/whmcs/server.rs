//! The server part of `$params`: where a remote system is, and with which login.

use crate::php_value::Value;
use crate::secret::Secret;
use crate::text::decode_entities;

/// A server as typed in the server form, entities decoded.
#[derive(Debug, Clone)]
pub struct Server {
    /// `tblservers.id`; 0 in a connection test of a server not saved yet.
    pub id: u32,
    pub hostname: String,
    pub ip: String,
    pub port: Option<u16>,
    pub secure: bool,
    pub username: String,
    pub password: Secret<String>,
}

impl Server {
    pub(super) fn read(params: &Value) -> Self {
        let text = |key: &str| decode_entities(&params.get(key).text().unwrap_or_default());
        Self {
            id: params.get("serverid").id().unwrap_or_default(),
            hostname: text("serverhostname").trim().to_owned(),
            ip: text("serverip").trim().to_owned(),
            port: params
                .get("serverport")
                .id()
                .and_then(|port| u16::try_from(port).ok()),
            secure: params.get("serversecure").truthy() || text("serverhttpprefix") == "https",
            username: text("serverusername"),
            password: Secret::new(text("serverpassword")),
        }
    }
}
