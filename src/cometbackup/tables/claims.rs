//! The services that claim an account: by the user name column, a custom field Username, or a row of ours. Of every
//! server, because two entries may be for one Comet Server.

use mysql::Value;

use super::accounts;
use crate::cometbackup::MODULE;
use crate::database::{Database, SqlError, placeholders};
use crate::service_id::ServiceId;
use crate::whmcs::{services, user_names};

const TASK: &str = "read which services name an account";

const RECORDS: &str = "SELECT username, service_id, addon_id FROM mod_cometbackup_accounts
    WHERE state<>'ended' AND username IN ";

const IDENTITIES: &str =
    "SELECT CONCAT(state, ' ', creation_guid), service_id, addon_id FROM mod_cometbackup_accounts
    WHERE creation_guid IN ";

/// The evidence of WHMCS's tables and ours on an account that is not recorded for a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimEvidence {
    /// The service was never created.
    pub is_pending: bool,
    /// The user name column holds the name, or the PHP module's marker: only the module wrote it there.
    pub is_in_column: bool,
    /// Other services that the name is that of.
    pub others: Vec<ServiceId>,
    /// The service that a row of our table gives the account to.
    pub holder: Option<ServiceId>,
    /// A row of our table has the account's identity, and the service it was of has none now.
    pub was_recorded: bool,
    /// `TO_DAYS` of the registration date.
    pub registered: Option<i64>,
}

/// The claims of services to names and identities.
#[derive(Debug, Default)]
pub struct Claims {
    names: Vec<(String, ServiceId)>,
    /// State and identity.
    identities: Vec<(String, ServiceId)>,
}

impl Claims {
    /// Reads the claims to these names and identities. Five statements.
    pub fn read(database: &mut Database, names: &[&str], guids: &[&str]) -> Result<Self, SqlError> {
        let mut claims = Self {
            names: user_names::services_naming(database, MODULE, names)?,
            identities: Vec::new(),
        };
        claims.names.extend(among(database, RECORDS, names)?);
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

    /// Returns the rest of what decides, from our table.
    pub fn evidence(&self, name: &str, guid: &str, service_id: ServiceId) -> ClaimEvidence {
        let of_guid = |(known, _): &&(String, ServiceId)| {
            known
                .split_once(' ')
                .is_some_and(|(_, known)| known == guid)
        };
        let mut rows = self.identities.iter().filter(of_guid);
        let is_active = |(state, _): &&(String, ServiceId)| !state.starts_with("ended ");
        ClaimEvidence {
            others: self.others(name, Some(service_id)),
            holder: rows.clone().find(is_active).map(|(_, holder)| *holder),
            was_recorded: rows.next().is_some(),
            ..ClaimEvidence::default()
        }
    }
}

/// Returns what is known of an unrecorded account of one service.
pub fn evidence(
    database: &mut Database,
    service_id: ServiceId,
    name: &str,
    guid: &str,
) -> Result<ClaimEvidence, SqlError> {
    let claims = Claims::read(database, &[name], &[guid])?;
    Ok(ClaimEvidence {
        registered: services::registered(database, service_id)?,
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
    let statement = format!("{statement}{}", placeholders(texts.len()));
    let values: Vec<Value> = texts.iter().map(Value::from).collect();
    database.with_schema(accounts::prepare, |database| {
        database.query(TASK, &statement, values.clone(), user_names::named)
    })
}
