//! The statements of a book. `only` is the id of one service or product addon, 0 for all.

use crate::whmcs::name_in_sql;

/// Columns: row, service, addon, name, identity, vault, state, definition, status, server now, module, server recorded,
/// then those of a person, then license hash and address of the server recorded. Also of services that are on the
/// server and were recorded on another.
pub const SERVICES: &str = "SELECT a.id, a.service_id, 0, a.username, a.creation_guid, a.vault_id, a.state,
    COALESCE(h.packageid, 0), COALESCE(h.domainstatus, ''), h.server, COALESCE(p.servertype='cometbackup', 0), a.server_id,
    h.userid, a.client_id, c.email, c.firstname, c.lastname, c.companyname, a.email_hash, a.name_hash,
    COALESCE(a.server_hash, ''), COALESCE(a.server_address, '')
    FROM mod_cometbackup_accounts a
    LEFT JOIN tblhosting h ON h.id=a.service_id
    LEFT JOIN tblclients c ON c.id=h.userid
    LEFT JOIN tblproducts p ON p.id=h.packageid
    WHERE (a.server_id=:server OR h.server=:server) AND a.addon_id=0 AND a.state<>'ended' AND (:only=0 OR a.service_id=:only)";

pub const ADDONS: &str = "SELECT a.id, COALESCE(o.hostingid, a.service_id), a.addon_id, a.username, a.creation_guid,
    a.vault_id, a.state, COALESCE(o.addonid, 0), COALESCE(o.status, ''), o.server, COALESCE(d.module='cometbackup', 0), a.server_id,
    h.userid, a.client_id, c.email, c.firstname, c.lastname, c.companyname, a.email_hash, a.name_hash,
    COALESCE(a.server_hash, ''), COALESCE(a.server_address, '')
    FROM mod_cometbackup_accounts a
    LEFT JOIN tblhostingaddons o ON o.id=a.addon_id
    LEFT JOIN tblhosting h ON h.id=o.hostingid
    LEFT JOIN tblclients c ON c.id=h.userid
    LEFT JOIN tbladdons d ON d.id=o.addonid
    WHERE (a.server_id=:server OR o.server=:server) AND a.addon_id>0 AND a.state<>'ended' AND (:only=0 OR a.addon_id=:only)";

/// Live ones of which no living account is recorded. Columns: service, addon, user name, custom field, definition,
/// status, whether there was one, registration.
pub const UNRECORDED_SERVICES: &str = concat!(
    "SELECT h.id, 0, h.username, v.value, h.packageid, h.domainstatus,
    EXISTS(SELECT 1 FROM mod_cometbackup_accounts e WHERE e.service_id=h.id AND e.addon_id=0), TO_DAYS(h.regdate)
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

pub const UNRECORDED_ADDONS: &str = concat!(
    "SELECT o.hostingid, o.id, '', v.value, o.addonid, o.status,
    EXISTS(SELECT 1 FROM mod_cometbackup_accounts e WHERE e.service_id=o.hostingid AND e.addon_id=o.id), TO_DAYS(o.regdate)
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

/// Whether there may be any of them.
pub const ANY: &str = "SELECT EXISTS(SELECT 1 FROM mod_cometbackup_accounts WHERE server_id=:server AND state<>'ended')
    OR EXISTS(SELECT 1 FROM tblhosting h JOIN tblproducts p ON p.id=h.packageid
      WHERE h.server=:server AND p.servertype='cometbackup')
    OR EXISTS(SELECT 1 FROM tblhostingaddons o JOIN tbladdons d ON d.id=o.addonid
      WHERE o.server=:server AND d.module='cometbackup')";
