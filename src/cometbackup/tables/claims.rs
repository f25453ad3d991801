//! Which services name an account: by the user name column, a custom field Username, or a row of ours. On every
//! server, because two entries may be for one Comet Server.

use mysql::{Row, Value};

use super::accounts;
use crate::cometbackup::account::adoption::Evidence;
use crate::database::{Database, SqlError, column, params};
use crate::service_id::ServiceId;
use crate::text::decode_entities;
use crate::whmcs::name_in_sql;

const TASK: &str = "read which services name an account";

/// What names an account of a pending service is a wish, which must not keep another service from its account; that of
/// a terminated one was deleted, and customers order again.
const COLUMNS: &str = "SELECT h.username, h.id, 0 FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    WHERE p.servertype='cometbackup' AND h.domainstatus NOT IN ('Pending', 'Terminated') AND TRIM(h.username) IN ";

const FIELDS: &str = concat!(
    "SELECT v.value, h.id, 0 FROM tblcustomfields f
    JOIN tblproducts p ON p.id=f.relid
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id
    JOIN tblhosting h ON h.id=v.relid AND h.packageid=p.id
    WHERE f.type='product' AND p.servertype='cometbackup' AND h.domainstatus NOT IN ('Pending', 'Terminated') AND ",
    name_in_sql!("f.fieldname"),
    "='Username' AND TRIM(v.value) IN "
);

const ADDON_FIELDS: &str = concat!(
    "SELECT v.value, o.hostingid, o.id FROM tblcustomfields f
    JOIN tbladdons d ON d.id=f.relid
    JOIN tblcustomfieldsvalues v ON v.fieldid=f.id
    JOIN tblhostingaddons o ON o.id=v.relid AND o.addonid=d.id
    WHERE f.type='addon' AND d.module='cometbackup' AND o.status NOT IN ('Pending', 'Terminated') AND ",
    name_in_sql!("f.fieldname"),
    "='Username' AND TRIM(v.value) IN "
);

const RECORDS: &str = "SELECT username, service_id, addon_id FROM mod_cometbackup_accounts
    WHERE state<>'ended' AND username IN ";

const IDENTITIES: &str =
    "SELECT CONCAT(state, ' ', creation_guid), service_id, addon_id FROM mod_cometbackup_accounts
    WHERE creation_guid IN ";

const REGISTERED: &str = "SELECT TO_DAYS(regdate) FROM tblhosting WHERE id=:id";
const REGISTERED_ADDON: &str = "SELECT TO_DAYS(regdate) FROM tblhostingaddons WHERE id=:id";

/// Who names what.
#[derive(Debug, Default)]
pub struct Claims {
    names: Vec<(String, ServiceId)>,
    /// State and identity.
    identities: Vec<(String, ServiceId)>,
}

impl Claims {
    /// Of these names and identities. Five statements.
    pub fn read(database: &mut Database, names: &[&str], guids: &[&str]) -> Result<Self, SqlError> {
        let mut claims = Self::default();
        for statement in [COLUMNS, FIELDS, ADDON_FIELDS, RECORDS] {
            claims.names.extend(among(database, statement, names)?);
        }
        let guids: Vec<&str> = guids
            .iter()
            .filter(|guid| !guid.is_empty())
            .copied()
            .collect();
        claims.identities = among(database, IDENTITIES, &guids)?;
        Ok(claims)
    }

    /// Services but `owner` that name the account. WHMCS compares without case, and so do we here.
    pub fn others(&self, name: &str, service_id: Option<ServiceId>) -> Vec<ServiceId> {
        let mut others: Vec<ServiceId> = Vec::new();
        for (claimed, by) in &self.names {
            let is_another = service_id != Some(*by) && !others.contains(by);
            if is_another && claimed.eq_ignore_ascii_case(name) {
                others.push(*by);
            }
        }
        others
    }

    /// The rest of what decides, from our table.
    pub fn evidence(&self, name: &str, guid: &str, service_id: ServiceId) -> Evidence {
        let of_guid = |(known, _): &&(String, ServiceId)| {
            known
                .split_once(' ')
                .is_some_and(|(_, known)| known == guid)
        };
        let mut rows = self.identities.iter().filter(of_guid);
        let is_living = |(state, _): &&(String, ServiceId)| !state.starts_with("ended ");
        Evidence {
            others: self.others(name, Some(service_id)),
            holder: rows.clone().find(is_living).map(|(_, holder)| *holder),
            was_recorded: rows.next().is_some(),
            ..Evidence::default()
        }
    }
}

/// What is known of an unrecorded account of one service.
pub fn evidence(
    database: &mut Database,
    service_id: ServiceId,
    name: &str,
    guid: &str,
) -> Result<Evidence, SqlError> {
    let claims = Claims::read(database, &[name], &[guid])?;
    let statement = match service_id {
        ServiceId::Service(_) => REGISTERED,
        ServiceId::Addon { .. } => REGISTERED_ADDON,
    };
    let registered: Vec<Option<i64>> = database.query(
        TASK,
        statement,
        params! { "id" => service_id.number() },
        |row| column(row, 0),
    )?;
    Ok(Evidence {
        registered: registered.into_iter().next().flatten(),
        ..claims.evidence(name, guid, service_id)
    })
}

fn among(
    database: &mut Database,
    statement: &str,
    texts: &[&str],
) -> Result<Vec<(String, ServiceId)>, SqlError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!("{statement}({})", vec!["?"; texts.len()].join(","));
    let values: Vec<Value> = texts.iter().map(Value::from).collect();
    match database.query(TASK, &statement, values.clone(), read) {
        Err(fault) if fault.is_missing_schema() => {
            accounts::prepare(database)?;
            database.query(TASK, &statement, values, read)
        }
        rows => rows,
    }
}

fn read(row: &Row) -> (String, ServiceId) {
    let text: Option<String> = column(row, 0);
    let (service, addon): (u32, u32) = (column(row, 1), column(row, 2));
    let service_id = if addon > 0 {
        ServiceId::Addon { id: addon, service }
    } else {
        ServiceId::Service(service)
    };
    (
        decode_entities(&text.unwrap_or_default()).trim().to_owned(),
        service_id,
    )
}
