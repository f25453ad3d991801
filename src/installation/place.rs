//! The place of an installation of WHMCS: its address and its database.

use std::fmt;

use mysql::Row;

use crate::database::{Database, column};
use crate::text::first_characters;
use crate::whmcs::system_url;

/// Longer texts are cut as the table's columns would cut them.
const LONGEST: usize = 255;

/// The place by which an installation is known. A copy differs in one of these, and so does one that moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstallationPlace {
    /// Host and path of the System URL.
    pub system_url: String,
    /// The database server: its name as WHMCS has it, the machine's own name where it is on this machine, or that of
    /// the Galera cluster.
    pub database_host: String,
    pub database_name: String,
}

impl InstallationPlace {
    /// Reads it from the rows of `system_url::READ`, of `DATABASE` and of `GALERA`.
    pub(super) fn read(database: &Database, url: &[Row], name: &[Row], galera: &[Row]) -> Self {
        let text = |rows: &[Row]| {
            let first = rows.first().map(|row| column::<String>(row, 0));
            first.unwrap_or_default()
        };
        let cluster = cluster(galera).map(|name| format!("cluster {name}"));
        let host = cluster.or_else(|| database.remote_host());
        Self {
            system_url: cut(&system_url::place(&text(url))),
            database_host: cut(&host.unwrap_or_else(this_machine).to_ascii_lowercase()),
            database_name: cut(&text(name)),
        }
    }
}

/// Not what the database server calls itself: a proxy on this machine may lead to another one each day.
fn this_machine() -> String {
    let name = nix::unistd::gethostname().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// `None` where replication by Galera is off, which MariaDB can say and MySQL does not know.
fn cluster(galera: &[Row]) -> Option<String> {
    let value = |name: &str| {
        let named = |row: &&Row| column::<String>(row, 0) == name;
        galera
            .iter()
            .find(named)
            .map(|row| column::<String>(row, 1))
    };
    (value("wsrep_on")? == "ON").then(|| value("wsrep_cluster_name").unwrap_or_default())
}

fn cut(text: &str) -> String {
    first_characters(text, LONGEST)
}

impl fmt::Display for InstallationPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            system_url,
            database_host,
            database_name,
        } = self;
        write!(
            f,
            "{system_url}, database {database_name} on {database_host}"
        )
    }
}
