//! A service or product addon as lists of staff show it: whose it is, by joins that a statement on a table of ours takes in.

use mysql::Row;

use crate::database::column;
use crate::service_id::ServiceId;
use crate::text::decode_entities;

/// The service of the columns `owner_type` and `owner_id`, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedService {
    pub service_id: ServiceId,
    /// 0 where the service is gone.
    pub client_id: u32,
    pub client: String,
    pub domain: String,
}

/// The columns, which come first in the statement.
macro_rules! listed_columns {
    () => {
        "t.owner_type, t.owner_id, COALESCE(addon.hostingid, 0), COALESCE(h.userid, 0),
      COALESCE(NULLIF(c.companyname, ''), CONCAT(c.firstname, ' ', c.lastname), ''), COALESCE(h.domain, '')"
    };
}
pub(crate) use listed_columns;

/// What they are read from, beside a table `t` of ours.
macro_rules! listed_joins {
    () => {
        " LEFT JOIN tblhostingaddons addon ON t.owner_type='addon' AND addon.id=t.owner_id
      LEFT JOIN tblhosting h ON h.id=IF(t.owner_type='addon', addon.hostingid, t.owner_id)
      LEFT JOIN tblclients c ON c.id=h.userid "
    };
}
pub(crate) use listed_joins;

/// The number of these columns.
pub const LISTED: usize = 6;

impl ListedService {
    /// Reads the service; `None` of a row that is about no service.
    pub fn read(row: &Row) -> Option<Self> {
        let (kind, id) = (column::<String>(row, 0), column::<u32>(row, 1));
        let service_id = ServiceId::of_kind(&kind, id, column(row, 2))?;
        let text = |at| decode_entities(&column::<String>(row, at));
        (id > 0).then(|| Self {
            service_id,
            client_id: column(row, 3),
            client: text(4).trim().to_owned(),
            domain: text(5),
        })
    }
}
