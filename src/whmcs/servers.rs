//! Comet servers as WHMCS stores them, their passwords still encrypted: only WHMCS can decrypt them.

use mysql::Row;

use crate::database::{Database, SqlError, column, params};
use crate::php_value::Value;
use crate::secret::Secret;
use crate::text::decode_entities;
use crate::whmcs::{self, Host};

const COLUMNS: &str =
    "SELECT id, hostname, ipaddress, port, secure, username, password, disabled FROM tblservers
    WHERE type='cometbackup'";

const TASK: &str = "read the servers";

const NAMED: &str = "SELECT id, name, hostname, ipaddress, disabled FROM tblservers
    WHERE type='cometbackup' ORDER BY id";

/// A server as staff know it, without its login.
#[derive(Debug, Clone)]
pub struct NamedServer {
    pub id: u32,
    pub name: String,
    /// Hostname, else address.
    pub host: String,
    /// Whether it takes no new services.
    pub is_disabled: bool,
}

#[derive(Debug, Clone)]
pub struct StoredServer {
    server: whmcs::Server,
    encrypted_password: String,
    is_disabled: bool,
}

impl StoredServer {
    /// The server without its password.
    pub const fn entry(&self) -> &whmcs::Server {
        &self.server
    }

    pub const fn id(&self) -> u32 {
        self.server.id
    }

    /// Whether it takes new services.
    pub const fn is_enabled(&self) -> bool {
        !self.is_disabled
    }

    /// The server with its password in the clear. An empty password is reported by whoever uses the server.
    pub fn decrypted(self, host: &dyn Host) -> whmcs::Server {
        let clear = host.decrypt(&self.encrypted_password);
        whmcs::Server {
            password: Secret::new(decode_entities(&clear)),
            ..self.server
        }
    }
}

pub fn find(database: &mut Database, id: u32) -> Result<Option<StoredServer>, SqlError> {
    let statement = format!("{COLUMNS} AND id=:id");
    let found = database.query(TASK, &statement, params! { "id" => id }, read)?;
    Ok(found.into_iter().next())
}

/// A server that takes no new services still has its old ones.
pub fn all(database: &mut Database) -> Result<Vec<StoredServer>, SqlError> {
    database.query(TASK, &format!("{COLUMNS} ORDER BY id"), (), read)
}

pub fn named(database: &mut Database) -> Result<Vec<NamedServer>, SqlError> {
    database.query(TASK, NAMED, (), |row| {
        let text = |at| decode_entities(&column::<String>(row, at));
        NamedServer {
            id: column(row, 0),
            name: text(1),
            host: match text(2).trim() {
                "" => text(3),
                host => host.to_owned(),
            },
            is_disabled: column::<u8>(row, 4) != 0,
        }
    })
}

fn read(row: &Row) -> StoredServer {
    let text = |at| decode_entities(&column::<String>(row, at));
    StoredServer {
        server: whmcs::Server {
            id: column(row, 0),
            hostname: text(1).trim().to_owned(),
            ip: text(2).trim().to_owned(),
            port: column::<Option<u16>>(row, 3).filter(|port| *port > 0),
            secure: Value::from(text(4)).truthy(),
            username: text(5),
            password: Secret::new(String::new()),
        },
        encrypted_password: column(row, 6),
        is_disabled: column::<u8>(row, 7) != 0,
    }
}
