//! All services and product addons of a module as WHMCS's tables have them, page by page, for jobs that look at all.

use std::collections::HashMap;

use mysql::{Row, Value};

use super::{Host, Options, Service, ServiceStatus};
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::error::Error;
use crate::service_id::ServiceId;

/// Rows of a page: what is in memory at a time.
pub const PAGE: usize = 500;

/// In the order of the primary key, and without joins: the optimizer would read and sort all that is left for each page.
const SERVICES: &str =
    "SELECT h.id, h.id, h.userid, h.orderid, h.packageid, h.packageid, h.qty,
    h.domainstatus, h.domain
    FROM tblhosting h FORCE INDEX (PRIMARY)
    WHERE h.id>:after AND h.id<=:last AND (SELECT p.servertype FROM tblproducts p WHERE p.id=h.packageid)=:module
    ORDER BY h.id LIMIT :page";

const ADDONS: &str = "SELECT a.id, a.hostingid, a.userid, a.orderid,
    COALESCE((SELECT h.packageid FROM tblhosting h WHERE h.id=a.hostingid), 0), a.addonid, a.qty, a.status,
    COALESCE((SELECT h.domain FROM tblhosting h WHERE h.id=a.hostingid), '')
    FROM tblhostingaddons a FORCE INDEX (PRIMARY)
    WHERE a.id>:after AND a.id<=:last AND (SELECT d.module FROM tbladdons d WHERE d.id=a.addonid)=:module
    ORDER BY a.id LIMIT :page";

const ANY: &str = "SELECT 1 FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid WHERE p.servertype=:module
    UNION SELECT 1 FROM tblhostingaddons a JOIN tbladdons d ON d.id=a.addonid WHERE d.module=:module LIMIT 1";

const LAST_USAGE: &str = "SELECT DATE_FORMAT(MAX(h.lastupdate), '%Y-%m-%d %H:%i:%s')
    FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid WHERE p.servertype=:module";

const ADDON_OPTIONS: &str =
    "SELECT d.id, COALESCE(c.setting_name, ''), COALESCE(c.value, '') FROM tbladdons d
    LEFT JOIN tblmodule_configuration c ON c.entity_type='addon' AND c.entity_id=d.id
    WHERE d.module=:module ORDER BY d.id";

const SERVICE: &str = "SELECT domainstatus, userid, TO_DAYS(regdate) FROM tblhosting WHERE id=:id";

/// Its client is that of the service it belongs to, which may be gone.
const ADDON: &str = "SELECT a.status, h.userid, TO_DAYS(a.regdate)
    FROM tblhostingaddons a LEFT JOIN tblhosting h ON h.id=a.hostingid WHERE a.id=:id";

const PLACED: &str = "SELECT h.domainstatus, COALESCE(h.server, 0), h.packageid
    FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid WHERE h.id=:id AND p.servertype=:module";

const PLACED_ADDON: &str = "SELECT a.status, COALESCE(a.server, 0), a.addonid
    FROM tblhostingaddons a JOIN tbladdons d ON d.id=a.addonid
    WHERE a.id=:id AND d.module=:module";

/// The definition of what was sold: a product, or that of a product addon. Module settings belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductRef {
    Product(u32),
    Addon(u32),
}

/// A service or product addon as stored.
#[derive(Debug, Clone)]
pub struct ServiceRow {
    pub service_id: ServiceId,
    pub client_id: u32,
    pub order_id: u32,
    /// Of a product addon: the product of the service it belongs to.
    pub product_id: u32,
    pub definition: ProductRef,
    pub quantity: u32,
    pub status: ServiceStatus,
    pub domain: String,
}

/// A service or product addon as it is right now.
pub struct Placed {
    pub status: ServiceStatus,
    /// 0 without.
    pub server: u32,
    pub definition: ProductRef,
}

/// Services, or product addons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceKind {
    Services,
    Addons,
}

/// Module settings by what was sold.
pub type Settings = HashMap<ProductRef, Options>;

impl ServiceRow {
    /// Makes the service that the module's functions take.
    pub fn service(&self, settings: &Settings) -> Service {
        Service {
            client_id: self.client_id,
            order_id: Some(self.order_id),
            product_id: self.product_id,
            quantity: Some(self.quantity),
            status: self.status,
            domain: self.domain.clone(),
            options: settings.get(&self.definition).cloned().unwrap_or_default(),
            ..Service::of(self.service_id)
        }
    }
}

/// The next services or product addons of the module, by id, after `after` and up to `last`.
pub fn page(
    database: &mut Database,
    module: &'static str,
    part: ServiceKind,
    after: u32,
    last: u32,
) -> Result<Vec<ServiceRow>, SqlError> {
    let statement = match part {
        ServiceKind::Services => SERVICES,
        ServiceKind::Addons => ADDONS,
    };
    let parameters = params! {
        "module" => module, "after" => after, "last" => last, "page" => PAGE,
    };
    database.query("read the services", statement, parameters, |row| {
        read(row, part)
    })
}

/// Returns these services or product addons of the module; what is gone is left out.
pub fn some(
    database: &mut Database,
    module: &'static str,
    part: ServiceKind,
    ids: &[u32],
) -> Result<Vec<ServiceRow>, SqlError> {
    let mut found = Vec::new();
    for ids in ids.chunks(PAGE) {
        let statement = match part {
            ServiceKind::Services => SERVICES,
            ServiceKind::Addons => ADDONS,
        };
        let list = ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let id = if part == ServiceKind::Services {
            "h.id"
        } else {
            "a.id"
        };
        // Numbers of ours.
        let statement = statement.replacen(
            &format!("WHERE {id}>"),
            &format!("WHERE {id} IN ({list}) AND {id}>"),
            1,
        );
        let parameters =
            params! { "module" => module, "after" => 0, "last" => u32::MAX, "page" => PAGE };
        found.extend(
            database.query("read the services", &statement, parameters, |row| {
                read(row, part)
            })?,
        );
    }
    Ok(found)
}

/// Status and client of one service or product addon; `None` where there is none.
pub fn status_and_client(
    database: &mut Database,
    service_id: ServiceId,
) -> Result<Option<(ServiceStatus, u32)>, SqlError> {
    let found = of_one(database, service_id, |row| {
        let client: Option<u32> = column(row, 1);
        client.map(|client| (ServiceStatus::named(&column::<String>(row, 0)), client))
    })?;
    Ok(found.flatten())
}

/// Returns where one service or product addon stands; `None` where it is gone, or another module sells it by now.
pub fn placed(
    database: &mut Database,
    module: &'static str,
    service_id: ServiceId,
) -> Result<Option<Placed>, SqlError> {
    let (statement, definition): (_, fn(u32) -> ProductRef) = match service_id {
        ServiceId::Service(_) => (PLACED, ProductRef::Product),
        ServiceId::Addon { .. } => (PLACED_ADDON, ProductRef::Addon),
    };
    let parameters = params! { "id" => service_id.number(), "module" => module };
    let found = database.query("read the service", statement, parameters, |row| Placed {
        status: ServiceStatus::named(&column::<String>(row, 0)),
        server: column(row, 1),
        definition: definition(column(row, 2)),
    })?;
    Ok(found.into_iter().next())
}

/// Whether WHMCS has a service or product addon of the module, whatever its status.
pub fn any(database: &mut Database, module: &'static str) -> Result<bool, SqlError> {
    let parameters = params! { "module" => module };
    let found = database.query("look for services of the module", ANY, parameters, |_| ())?;
    Ok(!found.is_empty())
}

/// Returns when WHMCS last got figures of disk usage of a service of the module, in its own time zone.
pub fn last_usage(
    database: &mut Database,
    module: &'static str,
) -> Result<Option<String>, SqlError> {
    let parameters = params! { "module" => module };
    let task = "read when disk usage was last written";
    let found = database.query(task, LAST_USAGE, parameters, |row| {
        column::<Option<String>>(row, 0)
    })?;
    // A service that has never had figures holds a date of zeros.
    let last = found.into_iter().next().flatten();
    Ok(last.filter(|at| !at.starts_with("0000")))
}

/// Returns `TO_DAYS` of the registration date of one service or product addon.
pub fn registered(database: &mut Database, service_id: ServiceId) -> Result<Option<i64>, SqlError> {
    let found = of_one(database, service_id, |row| column::<Option<i64>>(row, 2))?;
    Ok(found.flatten())
}

fn of_one<T>(
    database: &mut Database,
    service_id: ServiceId,
    read: impl Fn(&Row) -> T,
) -> Result<Option<T>, SqlError> {
    let statement = match service_id {
        ServiceId::Service(_) => SERVICE,
        ServiceId::Addon { .. } => ADDON,
    };
    let parameters = params! { "id" => service_id.number() };
    let found = database.query("read the service", statement, parameters, read)?;
    Ok(found.into_iter().next())
}

/// The services that product addons belong to; what is gone is left out.
pub fn parents(database: &mut Database, addons: &[u32]) -> Result<HashMap<u32, u32>, SqlError> {
    let known: Vec<Value> = addons
        .iter()
        .filter(|id| **id > 0)
        .map(Value::from)
        .collect();
    if known.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = format!(
        "SELECT id, hostingid FROM tblhostingaddons WHERE id IN {}",
        placeholders(known.len())
    );
    let rows = database.query("read the product addons", &statement, known, |row| {
        (column(row, 0), column(row, 1))
    })?;
    Ok(rows.into_iter().collect())
}

/// The settings of all products and product addons of the module, hidden tokens in plain text.
pub fn settings(
    host: &dyn Host,
    database: &mut Database,
    module: &'static str,
) -> Result<Settings, Error> {
    let mut settings = stored_settings(database, module)?;
    if settings.values().any(Options::hold_hidden) {
        database.aside(|| {
            for options in settings.values_mut() {
                options.reveal(host);
            }
        })?;
    }
    Ok(settings)
}

fn stored_settings(database: &mut Database, module: &'static str) -> Result<Settings, SqlError> {
    let task = "read the module settings";
    let names: Vec<String> = Options::names().collect();
    let products = format!(
        "SELECT id, {} FROM tblproducts WHERE servertype=:module",
        names.join(", ")
    );
    let read = |row: &Row| {
        let values = (1..=names.len()).map(|at| column(row, at)).collect();
        (ProductRef::Product(column(row, 0)), Options::stored(values))
    };
    let rows = database.query(task, &products, params! { "module" => module }, read)?;
    let mut settings: Settings = rows.into_iter().collect();
    let rows = database.query(task, ADDON_OPTIONS, params! { "module" => module }, |row| {
        let text = |at| column::<String>(row, at);
        (column::<u32>(row, 0), text(1), text(2))
    })?;
    let mut addons: HashMap<u32, Vec<Option<String>>> = HashMap::new();
    for (id, name, value) in rows {
        let values = addons.entry(id).or_insert_with(|| vec![None; names.len()]);
        let place = names.iter().position(|option| *option == name);
        if let Some(kept) = place.and_then(|at| values.get_mut(at)) {
            *kept = Some(value);
        }
    }
    let addons = addons
        .into_iter()
        .map(|(id, values)| (ProductRef::Addon(id), Options::stored(values)));
    settings.extend(addons);
    Ok(settings)
}

fn read(row: &Row, part: ServiceKind) -> ServiceRow {
    let (id, service, definition) = (column(row, 0), column(row, 1), column(row, 5));
    let (service_id, definition) = match part {
        ServiceKind::Services => (ServiceId::Service(id), ProductRef::Product(definition)),
        ServiceKind::Addons => (
            ServiceId::Addon { id, service },
            ProductRef::Addon(definition),
        ),
    };
    ServiceRow {
        service_id,
        client_id: column(row, 2),
        order_id: column(row, 3),
        product_id: column(row, 4),
        definition,
        quantity: column::<u32>(row, 6).max(1),
        status: ServiceStatus::named(&column::<String>(row, 7)),
        domain: column(row, 8),
    }
}
