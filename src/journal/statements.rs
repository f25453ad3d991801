//! The statements of the journal's table. Times are the database's, which all web servers share.

use crate::database::moment::{is_older_than, is_recent, is_to_come, seconds_since};
use crate::whmcs::{listed_columns, listed_joins};

pub const TABLE: &str = "mod_whmcs_provisioning_journal";

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
    expires_at DATETIME(6) NULL,
    UNIQUE KEY open_key (open_key),
    KEY service_id (module, owner_type, owner_id, id),
    KEY state (state, begun_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/// A row where the table has the column that came with the leases of locks.
pub const HAS_LEASES: &str = "SELECT 1 FROM information_schema.columns
    WHERE table_schema=DATABASE() AND table_name='mod_whmcs_provisioning_journal' AND column_name='expires_at'";

/// A row where the table has the index by which lists find what is open or failed.
pub const HAS_STATES: &str = "SELECT 1 FROM information_schema.statistics
    WHERE table_schema=DATABASE() AND table_name='mod_whmcs_provisioning_journal' AND index_name='state'";

pub const ADD_STATES: &str =
    "ALTER TABLE mod_whmcs_provisioning_journal ADD INDEX state (state, begun_at)";

/// Nullable: earlier versions go on writing rows without it.
pub const ADD_LEASES: &str =
    "ALTER TABLE mod_whmcs_provisioning_journal ADD COLUMN expires_at DATETIME(6) NULL";

/// Takes the lock. Earlier versions know its row by the operation `turn`.
pub const ACQUIRE: &str = "INSERT INTO mod_whmcs_provisioning_journal
    (module, owner_type, owner_id, operation, state, open_key, asked, begun_at, host, process, expires_at)
    VALUES (:module, :owner_type, :owner_id, 'turn', 'begun', :open_key, 'work on the service', UTC_TIMESTAMP(), :host,
      :process, UTC_TIMESTAMP(6) + INTERVAL :lease SECOND)";

/// Closes what a dead process left open: whoever holds the lock is alone with the service.
pub const CLOSE_LEFT_OPEN: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=IF(state='sent', 'unknown', 'failed'), ended_at=UTC_TIMESTAMP(),
      answered='the process ended before the answer came'
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND state IN ('begun', 'sent') AND open_key IS NULL";

/// The lock that was just taken, and whether an operation on the service has no known end.
pub const LOCKED: &str =
    "SELECT LAST_INSERT_ID(), EXISTS (SELECT 1 FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND state='unknown')";

/// Removes the lock that a statement after it left behind.
pub const FORGET_OWN: &str = "DELETE FROM mod_whmcs_provisioning_journal
    WHERE open_key=:open_key AND state='begun' AND host=:host AND process=:process";

/// A request, under the lock: two rows while the lock is the caller's, else none. The first is new; the second is the
/// lock's own, whose duplicate id extends it instead. Writing to the lock's row is what lets `InnoDB`, and Galera's
/// certification, refuse one of two who meet there.
pub const SENT: &str = "INSERT INTO mod_whmcs_provisioning_journal
    (id, module, owner_type, owner_id, operation, state, asked, begun_at, sent_at, host, process)
    SELECT part.id, held.module, held.owner_type, held.owner_id, :operation, 'sent', :asked,
      UTC_TIMESTAMP(), UTC_TIMESTAMP(), held.host, held.process
    FROM mod_whmcs_provisioning_journal held JOIN (SELECT NULL AS id UNION ALL SELECT :lock) part
    WHERE held.id=:lock AND held.state='begun' AND held.open_key IS NOT NULL
    ON DUPLICATE KEY UPDATE mod_whmcs_provisioning_journal.expires_at=UTC_TIMESTAMP(6) + INTERVAL :lease SECOND";

/// The row of a request that did not leave, because whether the row was written was not heard.
pub const CLOSE_UNSENT: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='failed', ended_at=UTC_TIMESTAMP(), answered='the journal could not be written; nothing was sent'
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND id>:latest
      AND state='sent' AND open_key IS NULL AND host=:host AND process=:process";

/// The row of a request whose end could not be written.
pub const CLOSE_UNSTORED: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='unknown', ended_at=UTC_TIMESTAMP(), answered='what came of it could not be stored'
    WHERE id=:id AND state='sent'";

pub const WITHDRAW: &str =
    "DELETE FROM mod_whmcs_provisioning_journal WHERE id=:id AND state='begun'";

/// `done` wins: the row may have been closed as abandoned, but the remote change did happen.
pub const DONE: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='done', open_key=NULL, answered=:answered, remote_id=:remote_id, request_id=:request_id,
      ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state<>'done'";

/// Writes what was found out without a request.
pub const FOUND: &str = "INSERT INTO mod_whmcs_provisioning_journal
    (module, owner_type, owner_id, operation, state, asked, answered, remote_id, request_id, begun_at, ended_at, host,
      process)
    VALUES (:module, :owner_type, :owner_id, :operation, 'done', :asked, :answered, :remote_id, :request_id,
      UTC_TIMESTAMP(), UTC_TIMESTAMP(), :host, :process)";

pub const FAILED_OR_UNKNOWN: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, open_key=NULL, answered=:answered, remote_id=:remote_id, request_id=:request_id,
      ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state IN ('begun', 'sent')";

pub const DECIDE: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, answered=:answered, remote_id=:remote_id, ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state='unknown'";

/// Requests whose end is still to come. Each has a lock beside it, by whose unique key they are found.
pub const UNDER_WAY: &str = "SELECT COUNT(*) FROM mod_whmcs_provisioning_journal held
    JOIN mod_whmcs_provisioning_journal sent ON sent.module=held.module AND sent.owner_type=held.owner_type
      AND sent.owner_id=held.owner_id AND sent.state='sent' AND sent.operation=:operation AND sent.asked=:asked
    WHERE held.open_key LIKE CONCAT(:module, ':%') AND held.module=:module";

/// Reads those of these remote ids that an operation of ours has written.
pub const REMOTE_IDS: &str = "SELECT DISTINCT remote_id FROM mod_whmcs_provisioning_journal
    WHERE module=? AND operation=? AND remote_id IN ";

pub const ABANDON: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state=:state, open_key=NULL, answered=:answered, ended_at=UTC_TIMESTAMP()
    WHERE id=:id AND state=:seen AND open_key IS NOT NULL AND expires_at <=> :seen_expiry";

/// Decides the unknown operations that asked for the same as one whose end is now known.
pub const SETTLE: &str = "UPDATE mod_whmcs_provisioning_journal SET state=:state
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND asked=:asked AND state='unknown'";

/// Ends questions about something that is gone: they need no answer any more.
pub const VOID: &str = "UPDATE mod_whmcs_provisioning_journal
    SET state='failed', answered=LEFT(CONCAT(:why, COALESCE(answered, '')), 1000)
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND state='unknown'";

/// A lock of an earlier version, without an end, has ten minutes.
macro_rules! holds {
    () => {
        is_to_come!(
            "COALESCE(expires_at, begun_at + INTERVAL 10 MINUTE)",
            ":longest SECOND"
        )
    };
}

pub const HOLDER: &str = concat!(
    "SELECT id, state, DATE_FORMAT(begun_at, '%Y-%m-%d %H:%i:%s'), host, process,
    DATE_FORMAT(expires_at, '%Y-%m-%d %H:%i:%s.%f'), NOT ",
    holds!(),
    " FROM mod_whmcs_provisioning_journal WHERE open_key=:open_key"
);

pub const LAST: &str = concat!(
    "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(ended_at, sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    ",
    seconds_since!("COALESCE(sent_at, begun_at)"),
    "
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND operation<>'turn'
    ORDER BY id DESC LIMIT :count"
);

/// Reads the last operation on the service, and how far it has come.
pub const MARK: &str = "SELECT CONCAT(id, ' ', state) FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND operation<>'turn'
    ORDER BY id DESC LIMIT 1";

/// Operations on a service whose end is not known, the oldest first.
macro_rules! unknown_of_service {
    ($which:literal) => {
        concat!(
            "SELECT id, operation, state, asked, answered, request_id,
    DATE_FORMAT(COALESCE(sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    ",
            seconds_since!("COALESCE(sent_at, begun_at)"),
            "
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND state='unknown'",
            $which
        )
    };
}

pub const UNKNOWN: &str = unknown_of_service!(" AND operation=:operation ORDER BY id LIMIT 1");
pub const ALL_UNKNOWN: &str = unknown_of_service!(" ORDER BY id LIMIT 50");

/// Reads the few rows that are open, by the unique key.
pub const LONG_OPEN: &str = concat!(
    "SELECT owner_type, owner_id FROM mod_whmcs_provisioning_journal
    WHERE open_key LIKE CONCAT(:module, ':%') AND module=:module AND NOT ",
    holds!(),
    " LIMIT 500"
);

pub const UNKNOWN_PAGE: &str = concat!(
    "SELECT id, owner_type, owner_id, DATE_FORMAT(COALESCE(sent_at, begun_at), '%Y-%m-%d %H:%i:%s'),
    ",
    seconds_since!("COALESCE(sent_at, begun_at)"),
    ", asked
    FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND operation=:operation AND state='unknown' AND id>:after ORDER BY id LIMIT 500"
);

pub const UNKNOWN_LISTED: &str = concat!(
    "SELECT ",
    listed_columns!(),
    ", t.id, t.module, t.operation, t.asked, COALESCE(t.answered, ''), t.request_id,
      DATE_FORMAT(COALESCE(t.sent_at, t.begun_at), '%Y-%m-%d %H:%i:%s')
    FROM mod_whmcs_provisioning_journal t",
    listed_joins!(),
    "WHERE t.state='unknown' AND (:module='' OR t.module=:module) AND t.id<:before ORDER BY t.id DESC LIMIT :page"
);

/// Two ranges of one index.
pub const COUNTS: &str = concat!(
    "SELECT module, CAST(SUM(state='unknown') AS UNSIGNED), CAST(SUM(state='failed') AS UNSIGNED) FROM (
      SELECT module, state FROM mod_whmcs_provisioning_journal WHERE state='unknown'
      UNION ALL SELECT module, state FROM mod_whmcs_provisioning_journal WHERE state='failed' AND ",
    is_recent!("begun_at", "1 DAY"),
    ") ended GROUP BY module ORDER BY module"
);

pub const UNKNOWN_BETWEEN: &str = "SELECT DISTINCT owner_id FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id BETWEEN :first AND :last
      AND operation=:operation AND state IN ('sent', 'unknown')";

pub const OPEN: &str = "SELECT 1 FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND (state='unknown' OR open_key IS NOT NULL) LIMIT 1";

pub const DONE_BEFORE: &str = "SELECT 1 FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND operation=:operation AND asked=:asked AND state='done' LIMIT 1";

/// Counts a page's old rows, and names the last of them. Rows come in the order of time.
pub const OLD_PAGE: &str = concat!(
    "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM (SELECT id, begun_at FROM mod_whmcs_provisioning_journal
      WHERE id>:after ORDER BY id LIMIT :page) page WHERE ",
    is_older_than!("begun_at", ":days DAY")
);

pub const FORGET_OLD: &str = concat!(
    "DELETE FROM mod_whmcs_provisioning_journal
    WHERE id>:after AND id<=:last AND state IN ('done', 'failed') AND open_key IS NULL AND ",
    is_older_than!("begun_at", ":days DAY")
);

pub const FORGET_OF_SERVICE: &str = "DELETE FROM mod_whmcs_provisioning_journal
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id
      AND state IN ('done', 'failed') AND open_key IS NULL";
