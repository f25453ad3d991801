//! Deletions that a hook of WHMCS reports, and the services and product addons whose records they end.

use crate::database::schema::nothing_without_table;
use crate::database::{Database, SqlError, column, params};
use crate::error::Error;
use crate::php_value::Value;
use crate::service_id::ServiceId;

const TASK: &str = "read what is deleted";
const MOST: u32 = 10_000;

const SERVICES_OF_CLIENT: &str = "SELECT id FROM tblhosting WHERE userid=:id LIMIT :most";

const ADDONS_OF_CLIENT: &str = "SELECT a.id, a.hostingid FROM tblhosting h
    JOIN tblhostingaddons a ON a.hostingid=h.id WHERE h.userid=:id LIMIT :most";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedDeletion {
    Service(u32),
    Addon(u32),
    /// Before it happens, while WHMCS still has the client's services.
    Client(u32),
}

impl ReportedDeletion {
    /// Reads the arguments of a hook; `None` where they are others: then nothing is deleted.
    pub fn read(kind: &Value, id: &Value) -> Option<Self> {
        let id = id.id()?;
        match kind.text()?.as_str() {
            "service" => Some(Self::Service(id)),
            "addon" => Some(Self::Addon(id)),
            "client" => Some(Self::Client(id)),
            _ => None,
        }
    }

    /// The service or product addon itself, or those of the client. `addons_of` finds the product addons that our own table
    /// has of a service, which may be gone from WHMCS by now.
    fn owners(
        self,
        database: &mut Database,
        addons_of: fn(&mut Database, u32) -> Result<Vec<u32>, SqlError>,
    ) -> Result<Vec<ServiceId>, SqlError> {
        match self {
            Self::Addon(id) => Ok(vec![ServiceId::Addon { id, service: 0 }]),
            Self::Service(service) => {
                let addons = addons_of(database, service)?;
                let addons = addons
                    .into_iter()
                    .map(|id| ServiceId::Addon { id, service });
                Ok(addons.chain([ServiceId::Service(service)]).collect())
            }
            Self::Client(id) => {
                let client = || params! { "id" => id, "most" => MOST };
                let mut owners = database.query(TASK, SERVICES_OF_CLIENT, client(), |row| {
                    ServiceId::Service(column(row, 0))
                })?;
                owners.extend(database.query(TASK, ADDONS_OF_CLIENT, client(), |row| {
                    ServiceId::Addon {
                        id: column(row, 0),
                        service: column(row, 1),
                    }
                })?);
                Ok(owners)
            }
        }
    }

    /// Runs `forget` for each. A module that has no table yet has nothing to forget.
    pub fn each(
        self,
        database: &mut Database,
        addons_of: fn(&mut Database, u32) -> Result<Vec<u32>, SqlError>,
        forget: fn(&mut Database, ServiceId) -> Result<(), SqlError>,
    ) -> Result<(), Error> {
        let forgotten = self.owners(database, addons_of).and_then(|owners| {
            owners
                .into_iter()
                .try_for_each(|service_id| forget(database, service_id))
        });
        Ok(nothing_without_table(forgotten)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_hook_says_is_a_deletion() {
        let read = |kind: Value, id: Value| ReportedDeletion::read(&kind, &id);
        let service = Some(ReportedDeletion::Service(7));
        assert_eq!(read("service".to_owned().into(), Value::Int(7)), service);
        assert_eq!(
            read("service".to_owned().into(), "7".to_owned().into()),
            service
        );
        assert_eq!(read("service".to_owned().into(), Value::Int(0)), None);
        assert_eq!(read("service".to_owned().into(), Value::Int(-7)), None);
        assert_eq!(read("order".to_owned().into(), Value::Int(7)), None);
        assert_eq!(read(Value::Array(Vec::new()), Value::Int(7)), None);
    }
}
