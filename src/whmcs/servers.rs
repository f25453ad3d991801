//! Comet servers as WHMCS stores them, their passwords still encrypted: only WHMCS can decrypt them.

use mysql::Row;

use crate::database::{Database, SqlError, column, params};
use crate::php_value::Value;
use crate::secret::Secret;
use crate::text::decode_entities;
use crate::whmcs::{self, Host};

const COLUMNS: &str =
    "SELECT id, hostname, ipaddress, port, secure, username, password FROM tblservers
    WHERE type='cometbackup'";

const TASK: &str = "read the servers";

#[derive(Debug, Clone)]
pub struct StoredServer {
    server: whmcs::Server,
    encrypted_password: String,
}

impl StoredServer {
    /// The server without its password.
    pub const fn entry(&self) -> &whmcs::Server {
        &self.server
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
    }
}
