//! Accounts against services, for people: what is recorded, services without an account, accounts without a service; page by
//! page, each beginning behind the last row of the one before. Nothing is asked of a server.

use std::collections::HashMap;

use mysql::Row;

use crate::database::schema::nothing_without_table;
use crate::database::{Database, NamedParams, SqlError, column, like, params};
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::ServiceStatus;

const TASK: &str = "read the table of accounts";

/// The rows of a page, joined to their services.
const RECORDED: &str = "SELECT a.id, a.server_id, a.username, a.state, a.service_id, a.addon_id,
      COALESCE(IF(a.addon_id>0, d.status, h.domainstatus), ''), COALESCE(h.userid, 0), COALESCE(h.id, 0),
      COALESCE(a.delete_state, ''), DATE_FORMAT(a.good_backup_at, '%Y-%m-%d %H:%i:%s')
    FROM (SELECT r.id FROM mod_cometbackup_accounts r WHERE r.state<>'ended' AND r.id>:after
        AND (:gone=0 OR (r.addon_id=0 AND NOT EXISTS (SELECT 1 FROM tblhosting x WHERE x.id=r.service_id))
          OR (r.addon_id>0 AND NOT EXISTS (SELECT 1 FROM tblhostingaddons x WHERE x.id=r.addon_id)))";

const JOINED: &str = " ORDER BY r.id LIMIT :most) page
    JOIN mod_cometbackup_accounts a ON a.id=page.id
    LEFT JOIN tblhostingaddons d ON d.id=a.addon_id AND a.addon_id>0
    LEFT JOIN tblhosting h ON h.id=IF(a.addon_id>0, d.hostingid, a.service_id)
    ORDER BY a.id";

const ON_SERVER: &str = " AND r.server_id=:server";

/// A name as it is, or its beginning.
const NAMED: &str = " AND r.username LIKE :name ESCAPE '|'";

const SERVICES: &str = "SELECT h.id, 0, h.userid, h.domainstatus, h.server, h.packageid, h.domain
    FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid AND p.servertype='cometbackup'
    WHERE h.id>:after AND FIND_IN_SET(h.domainstatus, :live)
      AND NOT EXISTS (SELECT 1 FROM mod_cometbackup_accounts a WHERE a.owner_key=CONCAT('service:', h.id) AND a.state='created')
    ORDER BY h.id LIMIT :most";

/// An addon that is more for the account of its service has none.
const ADDONS: &str = "SELECT a.hostingid, a.id, a.userid, a.status, a.server, a.addonid, ''
    FROM tblhostingaddons a JOIN tbladdons d ON d.id=a.addonid AND d.module='cometbackup'
    WHERE a.id>:after AND FIND_IN_SET(a.status, :live)
      AND NOT EXISTS (SELECT 1 FROM mod_cometbackup_accounts c WHERE c.owner_key=CONCAT('addon:', a.id) AND c.state='created')
      AND NOT EXISTS (SELECT 1 FROM tblmodule_configuration m WHERE m.entity_type='addon' AND m.entity_id=d.id
        AND m.setting_name='configoption11' AND m.value='extra')
    ORDER BY a.id LIMIT :most";

const COUNTS: &str =
    "SELECT server_id, SUM(state='created'), SUM(state='planned'), SUM(delete_state IS NOT NULL)
    FROM mod_cometbackup_accounts WHERE state<>'ended' GROUP BY server_id";

const FACTS: &str = "SELECT server_id, version, DATE_FORMAT(version_at, '%Y-%m-%d %H:%i:%s'), COALESCE(product_name, '')
    FROM mod_cometbackup_servers";

/// The version and the product name that a server last said of itself.
#[derive(Debug, Clone, Default)]
pub struct ServerFacts {
    pub version: Option<String>,
    /// UTC.
    pub version_at: Option<String>,
    pub product_name: String,
}

/// Accounts of a server that have not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub created: u64,
    /// Recorded, and not known to be created.
    pub planned: u64,
    /// Those among them that the daily run deletes.
    pub to_delete: u64,
}

/// A recorded account with its service.
#[derive(Debug, Clone)]
pub struct BrowsedAccount {
    pub row: u64,
    pub server_id: u32,
    pub username: String,
    pub is_planned: bool,
    pub service_id: ServiceId,
    /// `None` where the service is not in WHMCS any more.
    pub status: Option<ServiceStatus>,
    /// 0 where the service is not in WHMCS any more.
    pub client_id: u32,
    pub is_to_be_deleted: bool,
    /// UTC.
    pub good_backup_at: Option<String>,
}

/// A service or product addon for which no created account is recorded.
#[derive(Debug, Clone)]
pub struct WithoutAccount {
    pub service_id: ServiceId,
    pub client_id: u32,
    pub status: ServiceStatus,
    pub server_id: u32,
    /// The product, or the definition of the product addon.
    pub sold_as: u32,
    pub domain: String,
}

/// The choice of recorded accounts to read.
#[derive(Debug, Clone, Default)]
pub struct AccountFilter {
    pub server: Option<u32>,
    /// The beginning of the user name; empty for all.
    pub name: String,
    /// Only accounts whose service WHMCS does not have any more.
    pub without_service: bool,
}

/// Reads so many recorded accounts behind a row. One statement.
pub fn recorded(
    database: &mut Database,
    filter: &AccountFilter,
    after: u64,
    most: usize,
) -> Result<Vec<BrowsedAccount>, SqlError> {
    let mut statement = RECORDED.to_owned();
    let mut parameters = NamedParams::default();
    parameters.set("after", after.into());
    parameters.set("most", most.into());
    parameters.set("gone", u8::from(filter.without_service).into());
    if let Some(server) = filter.server {
        statement.push_str(ON_SERVER);
        parameters.set("server", server.into());
    }
    if !filter.name.is_empty() {
        statement.push_str(NAMED);
        let name = like(&filter.name);
        parameters.set("name", format!("{name}%").into());
    }
    statement.push_str(JOINED);
    nothing_without_table(database.query(TASK, &statement, parameters, read))
}

/// Reads so many services in use or suspended that have no account, by id. One statement.
pub fn services_without(
    database: &mut Database,
    after: u32,
    most: usize,
) -> Result<Vec<WithoutAccount>, SqlError> {
    without(database, SERVICES, after, most)
}

/// Reads product addons that sell an account and have none.
pub fn addons_without(
    database: &mut Database,
    after: u32,
    most: usize,
) -> Result<Vec<WithoutAccount>, SqlError> {
    without(database, ADDONS, after, most)
}

/// Accounts by server. One statement.
pub fn counts(database: &mut Database) -> Result<HashMap<u32, Counts>, SqlError> {
    let found = database.query(TASK, COUNTS, (), |row| {
        let counts = Counts {
            created: column(row, 1),
            planned: column(row, 2),
            to_delete: column(row, 3),
        };
        (column(row, 0), counts)
    });
    Ok(nothing_without_table(found)?.into_iter().collect())
}

/// Returns what the servers last said of themselves, by server. One statement.
pub fn facts(database: &mut Database) -> Result<HashMap<u32, ServerFacts>, SqlError> {
    let task = "read what is known of servers";
    let found = database.query(task, FACTS, (), |row| {
        let facts = ServerFacts {
            version: column(row, 1),
            version_at: column(row, 2),
            product_name: column(row, 3),
        };
        (column(row, 0), facts)
    });
    Ok(nothing_without_table(found)?.into_iter().collect())
}

fn without(
    database: &mut Database,
    statement: &str,
    after: u32,
    most: usize,
) -> Result<Vec<WithoutAccount>, SqlError> {
    let parameters = params! {
        "after" => after, "most" => most, "live" => ServiceStatus::live_words(),
    };
    let found = database.query(TASK, statement, parameters, |row| WithoutAccount {
        service_id: ServiceId::from_columns(column(row, 0), column(row, 1)),
        client_id: column(row, 2),
        status: ServiceStatus::named(&column::<String>(row, 3)),
        server_id: column(row, 4),
        sold_as: column(row, 5),
        domain: decode_entities(&column::<String>(row, 6)),
    });
    nothing_without_table(found)
}

fn read(row: &Row) -> BrowsedAccount {
    let (service, addon): (u32, u32) = (column(row, 4), column(row, 5));
    let of_today: u32 = column(row, 8);
    let service = if of_today > 0 { of_today } else { service };
    let status = column::<String>(row, 6);
    BrowsedAccount {
        row: column(row, 0),
        server_id: column(row, 1),
        username: column(row, 2),
        is_planned: column::<String>(row, 3) == "planned",
        service_id: ServiceId::from_columns(service, addon),
        status: (!status.is_empty()).then(|| ServiceStatus::named(&status)),
        client_id: column(row, 7),
        is_to_be_deleted: !column::<String>(row, 9).is_empty(),
        good_backup_at: column(row, 10),
    }
}
