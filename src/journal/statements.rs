//! The statements of the journal's table. Times are the database's, which all web servers share.

/// Made by `prepare`; rows are kept, they are what tells after a crash.
pub const CREATE: &str = "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_journal (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    module VARCHAR(32) NOT NULL,
    owner_type VARCHAR(8) NOT NULL,
    owner_id INT UNSIGNED NOT NULL,
    operation VARCHAR(32) NOT NULL,
    state VARCHAR(8) NOT NULL,
    open_key VARCHAR(64) NULL,
    asked VARCHAR(255) NOT NULL,
    answered VARCHAR(1000) NULL,
    remote_id VARCHAR(64) NULL,
    request_id VARCHAR(255) NULL,
    begun_at DATETIME NOT NULL,
    sent_at DATETIME NULL,
    ended_at DATETIME NULL,
    host VARCHAR(255) NOT NULL,
    process VARCHAR(64) NOT NULL,
    UNIQUE KEY open_key (open_key),
    KEY owner (module, owner_type, owner_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

pub const BEGIN: &str = "INSERT INTO mod_whmcs_provisioning_journal
    (module, owner_type, owner_id, operation, state, open_key, asked, begun_at, host, process)
    VALUES (:module, :owner_type, :owner_id, :operation, 'begun', :open_key, :asked, UTC_TIMESTAMP(), :host, :process)";

/// Within a turn nobody else is at work on the service: what is open there was left by a process that died.
pub const CLOSE_LEFT_OPEN: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=IF(state='sent', 'unknown', 'failed'), ended_at=UTC_TIMESTAMP(),
      answered='the process ended before the answer came'
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND state IN ('begun', 'sent') AND open_key IS NULL";

pub const SENT: &str =
    "UPDATE mod_whmcs_provisioning_journal SET state='sent', sent_at=UTC_TIMESTAMP()
    WHERE id=:id AND state='begun'";

pub const WITHDRAW: &str =
    "DELETE FROM mod_whmcs_provisioning_journal WHERE id=:id AND state='begun'";

/// What is done is done, whoever took the process for dead in the meantime.
pub const DONE: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='done', open_key=NULL, answered=:answered, remote_id=:remote_id, request_id=:request_id,
      ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state<>'done'";

pub const FAILED_OR_UNKNOWN: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, open_key=NULL, answered=:answered, remote_id=:remote_id, request_id=:request_id,
      ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state IN ('begun', 'sent')";

pub const DECIDE: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, answered=:answered, remote_id=:remote_id, ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state='unknown'";

/// The unique key lets one transaction at a time hold a claim; it is given back before COMMIT.
pub const CLAIM: &str = "UPDATE mod_whmcs_provisioning_journal SET open_key=:claim WHERE id=:id";

pub const GIVE_BACK: &str = "UPDATE mod_whmcs_provisioning_journal SET open_key=NULL WHERE id=:id";

pub const ABANDON: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, open_key=NULL, answered=:answered, ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state=:seen AND open_key IS NOT NULL";

/// Decides the unknown operations that asked for the same as one whose end is now known.
pub const SETTLE: &str = "UPDATE mod_whmcs_provisioning_journal SET state=:state
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND asked=:asked AND state='unknown'";

/// What was asked about something that is gone needs no answer any more.
pub const MOOT: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='failed', answered=LEFT(CONCAT(:why, COALESCE(answered, '')), 1000)
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND state='unknown'";

pub const HOLDER: &str =
    "SELECT id, state, DATE_FORMAT(begun_at, '%Y-%m-%d %H:%i:%s'), host, process,
    begun_at < UTC_TIMESTAMP() - INTERVAL 10 MINUTE
    FROM mod_whmcs_provisioning_journal WHERE open_key=:open_key";

pub const LAST: &str = "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(ended_at, sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    TIMESTAMPDIFF(SECOND, COALESCE(sent_at, begun_at), UTC_TIMESTAMP())
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND operation<>'turn'
    ORDER BY id DESC LIMIT 1";

pub const UNKNOWN: &str = "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    TIMESTAMPDIFF(SECOND, COALESCE(sent_at, begun_at), UTC_TIMESTAMP())
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND state='unknown' ORDER BY id LIMIT 1";

/// By the unique key: the few rows that are open, of all there are.
pub const LONG_OPEN: &str = "SELECT owner_type, owner_id FROM mod_whmcs_provisioning_journal
    WHERE open_key LIKE CONCAT(:module, ':%') AND module=:module
      AND begun_at < UTC_TIMESTAMP() - INTERVAL 10 MINUTE LIMIT 500";

pub const UNKNOWN_PAGE: &str = "SELECT id, owner_type, owner_id, DATE_FORMAT(COALESCE(sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    TIMESTAMPDIFF(SECOND, COALESCE(sent_at, begun_at), UTC_TIMESTAMP())
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND operation=:operation AND state='unknown' AND id>:after ORDER BY id LIMIT 500";

pub const UNKNOWN_BETWEEN: &str = "SELECT DISTINCT owner_id FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id BETWEEN :first AND :last
      AND operation=:operation AND state='unknown'";

pub const OPEN: &str = "SELECT 1 FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND (state='unknown' OR open_key IS NOT NULL) LIMIT 1";
