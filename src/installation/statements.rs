//! The statements on `mod_whmcs_provisioning_installation`: the places in which this database was found at work.

/// The table of installations. Rows of one share an id; a copy gets one of its own when staff say that it is one.
pub const TABLE: &str = "mod_whmcs_provisioning_installation";

pub const CREATE: &str = "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_installation (
    number INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    installation_id CHAR(32) NOT NULL,
    system_url VARCHAR(255) NOT NULL,
    database_host VARCHAR(255) NOT NULL,
    database_name VARCHAR(255) NOT NULL,
    state VARCHAR(8) NOT NULL,
    seen_at DATETIME NOT NULL,
    answered_at DATETIME NULL,
    logged_at DATETIME NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

pub const DATABASE: &str = "SELECT DATABASE()";

/// The variables of Galera; no rows from a server that does not know them.
pub const GALERA: &str =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_cluster_name')";

pub const PLACES: &str = "SELECT installation_id, system_url, database_host, database_name, state,
      DATE_FORMAT(COALESCE(answered_at, seen_at), '%Y-%m-%d %H:%i:%s')
    FROM mod_whmcs_provisioning_installation ORDER BY number";

/// The first place counts as the right one; about any other, staff decide. Where two processes write the same place
/// the first row counts.
pub const NOTE: &str = "INSERT INTO mod_whmcs_provisioning_installation
    (installation_id, system_url, database_host, database_name, state, seen_at)
    SELECT COALESCE(MIN(first.installation_id), REPLACE(UUID(), '-', '')), :url, :host, :name,
      IF(COUNT(*)=0, 'own', 'asked'), UTC_TIMESTAMP()
    FROM (SELECT installation_id FROM mod_whmcs_provisioning_installation ORDER BY number LIMIT 1) first";

/// Makes a copy a question first, as a new place is, where staff make it the original.
pub const ASK_AGAIN: &str = "UPDATE mod_whmcs_provisioning_installation SET state='asked'
    WHERE state='copy' AND system_url=:url AND database_host=:host AND database_name=:name";

/// Forgets the place that a move left behind: it would otherwise pass for the original again. Another name of the database server, and
/// another node of it, are no move.
pub const LEAVE: &str = "DELETE old FROM mod_whmcs_provisioning_installation old
    LEFT JOIN mod_whmcs_provisioning_installation new
      ON new.state='asked' AND new.system_url=old.system_url AND new.database_name=old.database_name
    WHERE old.state='own' AND new.number IS NULL";

pub const MOVED: &str =
    "UPDATE mod_whmcs_provisioning_installation SET state='own', answered_at=UTC_TIMESTAMP()
    WHERE state='asked'";

pub const COPY: &str = "UPDATE mod_whmcs_provisioning_installation
    SET state='copy', installation_id=REPLACE(UUID(), '-', ''), answered_at=UTC_TIMESTAMP()
    WHERE state='asked'";

/// Lets one process log it, once for a place and a decision.
pub const LOGGED: &str = "UPDATE mod_whmcs_provisioning_installation SET logged_at=UTC_TIMESTAMP()
    WHERE state<>'own' AND system_url=:url AND database_host=:host AND database_name=:name
      AND (logged_at IS NULL OR logged_at<answered_at)";
