//! Orders: which services and product addons of a module were bought together.

use mysql::{Row, Value};

use super::ServiceStatus;
use crate::database::{Database, SqlError, column, placeholders};
use crate::service_id::ServiceId;

const SERVICES: &str = "SELECT h.id, 0, h.packageid, COALESCE(p.configoption2, ''),
    h.domainstatus, DATE_FORMAT(h.regdate, '%Y-%m-%d'), h.orderid
    FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid
    WHERE p.servertype=? AND h.orderid";

const ADDONS: &str = "SELECT a.hostingid, a.id, h.packageid, COALESCE(c.value, ''),
    a.status, DATE_FORMAT(a.regdate, '%Y-%m-%d'), a.orderid
    FROM tblhostingaddons a JOIN tblhosting h ON h.id=a.hostingid JOIN tbladdons d ON d.id=a.addonid
    LEFT JOIN tblmodule_configuration c
      ON c.entity_type='addon' AND c.entity_id=d.id AND c.setting_name='configoption2'
    WHERE d.module=? AND a.orderid";

/// Services without an order: more than two are never asked for.
const SOLE: &str = "=0 AND h.packageid=? LIMIT 2";

/// A service or product addon of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    pub service_id: ServiceId,
    pub product_id: u32,
    /// Module setting 2.
    pub setting_2: String,
    /// Whether it has ended.
    pub is_over: bool,
    /// The registration date, `2026-01-15`, or zeros.
    pub since: String,
}

/// The services and product addons of a module in an order.
pub fn of_order(
    database: &mut Database,
    module: &str,
    order_id: u32,
) -> Result<Vec<Ordered>, SqlError> {
    let found = read(database, module, "=?", &[order_id])?;
    Ok(found.into_iter().map(|(_, ordered)| ordered).collect())
}

/// Returns them for many orders at once, with the order of each.
pub fn of_orders(
    database: &mut Database,
    module: &str,
    orders: &[u32],
) -> Result<Vec<(u32, Ordered)>, SqlError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let condition = format!(" IN {}", placeholders(orders.len()));
    read(database, module, &condition, orders)
}

/// The services without an order that are sold as this product, and the product addons on them, two of each kind at most.
pub fn without_order(
    database: &mut Database,
    module: &str,
    product_id: u32,
) -> Result<Vec<Ordered>, SqlError> {
    let found = read(database, module, SOLE, &[product_id])?;
    Ok(found.into_iter().map(|(_, ordered)| ordered).collect())
}

fn read(
    database: &mut Database,
    module: &str,
    condition: &str,
    ids: &[u32],
) -> Result<Vec<(u32, Ordered)>, SqlError> {
    let task = "read the services of the order";
    let values = || -> Vec<Value> {
        let ids = ids.iter().map(Value::from);
        [Value::from(module)].into_iter().chain(ids).collect()
    };
    let mut found = Vec::new();
    for statement in [SERVICES, ADDONS] {
        let statement = format!("{statement}{condition}");
        found.extend(database.query(task, &statement, values(), ordered)?);
    }
    Ok(found)
}

/// With the order.
fn ordered(row: &Row) -> (u32, Ordered) {
    let ordered = Ordered {
        service_id: ServiceId::from_columns(column(row, 0), column(row, 1)),
        product_id: column(row, 2),
        setting_2: column(row, 3),
        is_over: ServiceStatus::named(&column::<String>(row, 4)).is_over(),
        since: column(row, 5),
    };
    (column(row, 6), ordered)
}
