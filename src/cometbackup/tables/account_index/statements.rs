//! The statements of the index. `only` is the id of one service or product addon, 0 for all.
//!
//! A recorded account is read where it was recorded on the server, or where its service is on the server now: an account
//! may be known by another entry of WHMCS than the one it was recorded for.

use crate::whmcs::name_in_sql;

/// The statements for services, or for product addons: with and without record.
pub struct StatementPair {
    pub recorded: &'static str,
    pub unrecorded: Option<&'static str>,
}

/// The statements of a job.
pub struct Statements {
    pub services: StatementPair,
    pub addons: StatementPair,
}

/// What every job reads of an account, of the tables `a` (the account), `h` (its service) and `p` (the product).
macro_rules! recorded_services {
    ($columns:literal, $tables:literal) => {
        concat!(
            "SELECT a.id AS row_id, a.service_id AS service_id, 0 AS addon_id, a.username AS username, a.creation_guid AS creation_guid,
            a.vault_id AS vault_id, a.state AS state, COALESCE(h.packageid, 0) AS definition, COALESCE(h.domainstatus, '') AS status,
            h.server AS server_now, COALESCE(p.servertype='cometbackup', 0) AS is_of_module, a.server_id AS server_id,
            COALESCE(a.server_hash, '') AS server_hash, COALESCE(a.server_address, '') AS server_address, ",
            $columns,
            " FROM ",
            $tables,
            " WHERE (a.server_id=:server OR h.server=:server) AND a.addon_id=0 AND a.state<>'ended'
            AND (:only=0 OR a.service_id=:only)"
        )
    };
}

/// The same of `a`, `o` (the product addon) and `d` (its definition).
macro_rules! recorded_addons {
    ($columns:literal, $tables:literal) => {
        concat!(
            "SELECT a.id AS row_id, COALESCE(o.hostingid, a.service_id) AS service_id, a.addon_id AS addon_id, a.username AS username,
            a.creation_guid AS creation_guid, a.vault_id AS vault_id, a.state AS state, COALESCE(o.addonid, 0) AS definition,
            COALESCE(o.status, '') AS status, o.server AS server_now, COALESCE(d.module='cometbackup', 0) AS is_of_module,
            a.server_id AS server_id, COALESCE(a.server_hash, '') AS server_hash, COALESCE(a.server_address, '') AS server_address, ",
            $columns,
            " FROM ",
            $tables,
            " WHERE (a.server_id=:server OR o.server=:server) AND a.addon_id>0 AND a.state<>'ended'
            AND (:only=0 OR a.addon_id=:only)"
        )
    };
}

/// Those in use of which no account is recorded, or only one that has ended.
const UNRECORDED_SERVICES: &str = concat!(
    "SELECT h.id AS service_id, 0 AS addon_id, h.username AS username, v.value AS field, h.packageid AS definition,
    h.domainstatus AS status, TO_DAYS(h.regdate) AS registered, p.configoption6 AS vault_quota,
    EXISTS(SELECT 1 FROM mod_cometbackup_accounts e WHERE e.service_id=h.id AND e.addon_id=0) AS had_account
    FROM tblhosting h
    JOIN tblproducts p ON p.id=h.packageid
    LEFT JOIN (SELECT relid, MIN(id) AS id FROM tblcustomfields
      WHERE type='product' AND ",
    name_in_sql!("fieldname"),
    "='Username' GROUP BY relid) f
      ON f.relid=h.packageid
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=h.id
    WHERE h.server=:server AND FIND_IN_SET(h.domainstatus, :live) AND p.servertype='cometbackup'
      AND (:only=0 OR h.id=:only)
      AND NOT EXISTS (SELECT 1 FROM mod_cometbackup_accounts a
        WHERE a.service_id=h.id AND a.addon_id=0 AND a.state<>'ended')"
);

const UNRECORDED_ADDONS: &str = concat!(
    "SELECT o.hostingid AS service_id, o.id AS addon_id, '' AS username, v.value AS field, o.addonid AS definition,
    o.status AS status, TO_DAYS(o.regdate) AS registered,
    EXISTS(SELECT 1 FROM mod_cometbackup_accounts e WHERE e.service_id=o.hostingid AND e.addon_id=o.id) AS had_account
    FROM tblhostingaddons o
    JOIN tbladdons d ON d.id=o.addonid
    LEFT JOIN (SELECT relid, MIN(id) AS id FROM tblcustomfields
      WHERE type='addon' AND ",
    name_in_sql!("fieldname"),
    "='Username' GROUP BY relid) f
      ON f.relid=o.addonid
    LEFT JOIN tblcustomfieldsvalues v ON v.fieldid=f.id AND v.relid=o.id
    WHERE o.server=:server AND FIND_IN_SET(o.status, :live) AND d.module='cometbackup'
      AND (:only=0 OR o.id=:only)
      AND NOT EXISTS (SELECT 1 FROM mod_cometbackup_accounts a
        WHERE a.addon_id=o.id AND a.service_id=o.hostingid AND a.state<>'ended')"
);

/// The statements of the import: with the setting that says which vaults count, and the user name column. Product addons
/// without record are not read, see the module.
pub const OF_USAGE: Statements = Statements {
    services: StatementPair {
        recorded: recorded_services!(
            "p.configoption6 AS vault_quota, COALESCE(h.username, '') AS in_column",
            "mod_cometbackup_accounts a
            LEFT JOIN tblhosting h ON h.id=a.service_id
            LEFT JOIN tblproducts p ON p.id=h.packageid"
        ),
        unrecorded: Some(UNRECORDED_SERVICES),
    },
    addons: StatementPair {
        recorded: recorded_addons!(
            "m.value AS vault_quota, '' AS in_column",
            "mod_cometbackup_accounts a
            LEFT JOIN tblhostingaddons o ON o.id=a.addon_id
            LEFT JOIN tbladdons d ON d.id=o.addonid
            LEFT JOIN tblmodule_configuration m
            ON m.entity_type='addon' AND m.entity_id=d.id AND m.setting_name='configoption6'"
        ),
        unrecorded: None,
    },
};

/// The statements of the reconciliation: with the client, whose name and address are in the account.
pub const OF_RECONCILIATION: Statements = Statements {
    services: StatementPair {
        recorded: recorded_services!(
            "h.userid AS client, a.client_id AS client_id, c.email AS email, c.firstname AS firstname, c.lastname AS lastname,
            c.companyname AS companyname, a.email_hash AS email_hash, a.name_hash AS name_hash,
            a.delete_days AS delete_days, COALESCE(a.delete_state, '') AS delete_state,
            DATE_FORMAT(a.good_backup_at, '%Y-%m-%d %H:%i:%s') AS good_backup_at,
            DATE_FORMAT(a.failed_backup_at, '%Y-%m-%d %H:%i:%s') AS failed_backup_at",
            "mod_cometbackup_accounts a
            LEFT JOIN tblhosting h ON h.id=a.service_id
            LEFT JOIN tblproducts p ON p.id=h.packageid
            LEFT JOIN tblclients c ON c.id=h.userid"
        ),
        unrecorded: Some(UNRECORDED_SERVICES),
    },
    addons: StatementPair {
        recorded: recorded_addons!(
            "h.userid AS client, a.client_id AS client_id, c.email AS email, c.firstname AS firstname, c.lastname AS lastname,
            c.companyname AS companyname, a.email_hash AS email_hash, a.name_hash AS name_hash,
            a.delete_days AS delete_days, COALESCE(a.delete_state, '') AS delete_state,
            DATE_FORMAT(a.good_backup_at, '%Y-%m-%d %H:%i:%s') AS good_backup_at,
            DATE_FORMAT(a.failed_backup_at, '%Y-%m-%d %H:%i:%s') AS failed_backup_at",
            "mod_cometbackup_accounts a
            LEFT JOIN tblhostingaddons o ON o.id=a.addon_id
            LEFT JOIN tbladdons d ON d.id=o.addonid
            LEFT JOIN tblhosting h ON h.id=o.hostingid
            LEFT JOIN tblclients c ON c.id=h.userid"
        ),
        unrecorded: Some(UNRECORDED_ADDONS),
    },
};

/// Whether there may be any of them.
pub const ANY: &str = "SELECT EXISTS(SELECT 1 FROM mod_cometbackup_accounts WHERE server_id=:server AND state<>'ended')
    OR EXISTS(SELECT 1 FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid
      WHERE h.server=:server AND p.servertype='cometbackup')
    OR EXISTS(SELECT 1 FROM tblhostingaddons o JOIN tbladdons d ON d.id=o.addonid
      WHERE o.server=:server AND d.module='cometbackup')";
