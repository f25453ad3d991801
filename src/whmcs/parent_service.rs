//! The service that a product addon belongs to: WHMCS passes of it only its id.

use mysql::Row;

use super::{Options, Server, Service, ServiceStatus};
use crate::database::{Database, SqlError, column, params};
use crate::secret::Secret;
use crate::service_id::ServiceId;
use crate::text::decode_entities;

/// The service with its product, as stored.
#[derive(Debug)]
pub struct Parent {
    id: u32,
    pub client_id: u32,
    product_id: u32,
    /// `tblservers.id`; 0 without.
    pub server: u32,
    status: ServiceStatus,
    username: String,
    /// The product's module.
    pub module: String,
    /// The product's module settings.
    pub options: Options,
}

/// Reads it by one statement.
pub fn find(database: &mut Database, service: u32) -> Result<Option<Parent>, SqlError> {
    let names: Vec<String> = Options::names().map(|name| format!("p.{name}")).collect();
    let statement = format!(
        "SELECT h.id, h.userid, h.packageid, h.server, h.domainstatus, h.username, COALESCE(p.servertype, ''), {}
        FROM tblhosting h LEFT JOIN tblproducts p ON p.id=h.packageid WHERE h.id=:id",
        names.join(", ")
    );
    let task = "read the service of the product addon";
    let found = database.query(task, &statement, params! { "id" => service }, |row| {
        read(row, names.len())
    })?;
    Ok(found.into_iter().next())
}

fn read(row: &Row, options: usize) -> Parent {
    const FIRST_OPTION: usize = 7;
    let options = (FIRST_OPTION..FIRST_OPTION + options).map(|at| column(row, at));
    Parent {
        id: column(row, 0),
        client_id: column(row, 1),
        product_id: column(row, 2),
        server: column(row, 3),
        status: ServiceStatus::named(&column::<String>(row, 4)),
        username: decode_entities(&column::<String>(row, 5)),
        module: column(row, 6),
        options: Options::stored(options.collect()),
    }
}

impl Parent {
    /// Makes the service that the module's functions take, without configurable options. The client is the addon's.
    pub fn service(self, addon: &Service, server: Server) -> Service {
        Service {
            client_id: self.client_id,
            product_id: self.product_id,
            status: self.status,
            username: self.username,
            password: Secret::new(String::new()),
            options: self.options,
            client: addon.client.clone(),
            server,
            ..Service::of(ServiceId::Service(self.id))
        }
    }
}
