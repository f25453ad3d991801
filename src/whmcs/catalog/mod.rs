//! The catalog of a module: products and product addons with their prices, configurable options and custom fields. Read
//! for pages of staff, and written where staff have something created.

pub mod creation;
pub mod fields;
pub mod options;
pub mod prices;

use mysql::Row;

use super::services::ProductRef;
use crate::database::{Database, SqlError, column, params};
use crate::text::decode_entities;

/// With the servers of the group that take new services, and the currencies that have a price row.
const PRODUCTS: &str = "SELECT p.id, p.name, p.hidden, p.servergroup,
    (SELECT COUNT(DISTINCT r.currency) FROM tblpricing r WHERE r.type='product' AND r.relid=p.id), p.paytype, p.welcomeemail
    FROM tblproducts p WHERE p.servertype=:module ORDER BY p.id";

const ADDONS: &str = "SELECT d.id, d.name, d.hidden, d.server_group_id,
    (SELECT COUNT(DISTINCT r.currency) FROM tblpricing r WHERE r.type='addon' AND r.relid=d.id), d.billingcycle, d.welcomeemail
    FROM tbladdons d WHERE d.module=:module ORDER BY d.id";

const SERVERS_OF_GROUPS: &str =
    "SELECT r.groupid, s.id, s.disabled FROM tblservergroupsrel r JOIN tblservers s ON s.id=r.serverid
    WHERE s.type=:module ORDER BY r.groupid, s.id";

/// A product or product addon as staff have set it up.
#[derive(Debug, Clone)]
pub struct Sold {
    pub definition: ProductRef,
    pub name: String,
    pub is_hidden: bool,
    /// 0 for none.
    pub server_group: u32,
    /// Currencies that have a price row.
    pub priced_currencies: u64,
    pub is_free: bool,
    /// Id of a mail template; 0 for none.
    pub welcome_mail: u32,
}

/// A server of a group.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub group: u32,
    pub server: u32,
    /// Whether it takes new services.
    pub is_enabled: bool,
}

/// Returns all products and product addons of a module, products first. Two statements.
pub fn sold(database: &mut Database, module: &'static str) -> Result<Vec<Sold>, SqlError> {
    let task = "read the products of the module";
    let of = |database: &mut Database, statement: &str, made: fn(u32) -> ProductRef| {
        database.query(task, statement, params! { "module" => module }, |row| {
            read(row, made)
        })
    };
    let mut all = of(database, PRODUCTS, ProductRef::Product)?;
    all.extend(of(database, ADDONS, ProductRef::Addon)?);
    Ok(all)
}

/// The servers of all groups that have one of the module.
pub fn members(database: &mut Database, module: &'static str) -> Result<Vec<Member>, SqlError> {
    let parameters = params! { "module" => module };
    let task = "read the server groups";
    database.query(task, SERVERS_OF_GROUPS, parameters, |row| Member {
        group: column(row, 0),
        server: column(row, 1),
        is_enabled: column::<u8>(row, 2) == 0,
    })
}

fn read(row: &Row, made: fn(u32) -> ProductRef) -> Sold {
    Sold {
        definition: made(column(row, 0)),
        name: decode_entities(&column::<String>(row, 1)),
        is_hidden: column::<u8>(row, 2) != 0,
        server_group: column(row, 3),
        priced_currencies: column(row, 4),
        is_free: column::<String>(row, 5).eq_ignore_ascii_case("free"),
        welcome_mail: column(row, 6),
    }
}
