//! The statements of the tables of findings and of runs. Times are the database's, which all web servers share.

use crate::database::moment::is_recent;

pub const FINDINGS: &str = "mod_whmcs_provisioning_findings";
pub const RUNS: &str = "mod_whmcs_provisioning_runs";

pub const LAST_RUNS: &str = concat!(
    "SELECT module, DATE_FORMAT(ended_at, '%Y-%m-%d %H:%i:%s'), found, ",
    is_recent!("ended_at", "2 DAY"),
    " FROM mod_whmcs_provisioning_runs"
);

pub const CREATE_FINDINGS: &str = "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_findings (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    module VARCHAR(32) NOT NULL,
    owner_type VARCHAR(8) NOT NULL,
    owner_id INT UNSIGNED NOT NULL,
    service_id INT UNSIGNED NOT NULL,
    kind VARCHAR(32) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    subject_hash BINARY(32) NOT NULL,
    text VARCHAR(1000) NOT NULL,
    server_id INT UNSIGNED NULL,
    first_found_at DATETIME NOT NULL,
    last_found_at DATETIME NOT NULL,
    told_at DATETIME NULL,
    run BIGINT UNSIGNED NOT NULL,
    UNIQUE KEY finding (module, owner_type, owner_id, kind, subject_hash),
    KEY run (module, run)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

pub const CREATE_RUNS: &str = "CREATE TABLE IF NOT EXISTS mod_whmcs_provisioning_runs (
    module VARCHAR(32) NOT NULL PRIMARY KEY,
    run BIGINT UNSIGNED NOT NULL,
    state VARCHAR(8) NOT NULL,
    begun_at DATETIME NULL,
    alive_at DATETIME NULL,
    beats BIGINT UNSIGNED NOT NULL,
    host VARCHAR(255) NOT NULL,
    process VARCHAR(64) NOT NULL,
    ended_at DATETIME NULL,
    found BIGINT UNSIGNED NULL,
    remark VARCHAR(1000) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

pub const FIRST_RUN: &str =
    "INSERT IGNORE INTO mod_whmcs_provisioning_runs (module, run, state, beats, host, process)
    VALUES (:module, 0, 'idle', 0, '', '')";

/// Takes the run that was read as `seen`: whoever comes second changes nothing.
pub const TAKE: &str = "UPDATE mod_whmcs_provisioning_runs
    SET run=run+1, state='running', begun_at=UTC_TIMESTAMP(), alive_at=UTC_TIMESTAMP(), host=:host, process=:process
    WHERE module=:module AND run=:seen AND state=:state";

/// Ten minutes without a sign of life: whoever began this is gone, on another host or before a restart of this one.
pub const HOLDER: &str = concat!(
    "SELECT run, state, DATE_FORMAT(begun_at, '%Y-%m-%d %H:%i:%s'), host, process, NOT ",
    is_recent!("alive_at", "10 MINUTE"),
    ", found, remark
    FROM mod_whmcs_provisioning_runs WHERE module=:module"
);

/// The counter changes the row also twice in a second, or it could not be seen whether the run is still ours.
pub const BEAT: &str =
    "UPDATE mod_whmcs_provisioning_runs SET alive_at=UTC_TIMESTAMP(), beats=beats+1
    WHERE module=:module AND run=:run AND state='running'";

pub const RELEASE: &str =
    "UPDATE mod_whmcs_provisioning_runs SET state='idle', ended_at=UTC_TIMESTAMP()
    WHERE module=:module AND run=:run AND state='running'";

pub const CONCLUDE: &str = "UPDATE mod_whmcs_provisioning_runs SET found=:found, remark=:remark
    WHERE module=:module AND run=:run";

pub const REPORT: &str = "INSERT INTO mod_whmcs_provisioning_findings
    (module, owner_type, owner_id, service_id, kind, subject, subject_hash, text, server_id, first_found_at,
      last_found_at, run)
    VALUES ";

pub const REPORTED: &str =
    "(?, ?, ?, ?, ?, ?, UNHEX(?), ?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), ?)";

pub const FOUND_AGAIN: &str = " ON DUPLICATE KEY UPDATE text=VALUES(text), service_id=VALUES(service_id), server_id=VALUES(server_id),
    last_found_at=VALUES(last_found_at), run=VALUES(run)";

pub const EARLIER: &str = "SELECT id, subject FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND kind=:kind AND run<>:run AND id>:after ORDER BY id LIMIT 500";

pub const KEEP_ONE: &str = "UPDATE mod_whmcs_provisioning_findings SET run=:run WHERE id=:id";

pub const KEEP_SERVER: &str = "UPDATE mod_whmcs_provisioning_findings SET run=:run
    WHERE module=:module AND server_id=:server";

pub const REMOVE_ALL: &str =
    "DELETE FROM mod_whmcs_provisioning_findings WHERE module=:module AND run<>:run";

pub const REMOVE_OF_SERVICE: &str = "DELETE FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND run<>:run";

pub const COUNT: &str =
    "SELECT COUNT(*), COALESCE(SUM(told_at IS NULL), 0) FROM mod_whmcs_provisioning_findings
    WHERE module=:module";

pub const UNREPORTED: &str =
    "SELECT text, owner_type, owner_id, service_id FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND told_at IS NULL ORDER BY id LIMIT :most";

pub const MARK_REPORTED: &str = "UPDATE mod_whmcs_provisioning_findings SET told_at=UTC_TIMESTAMP()
    WHERE module=:module AND told_at IS NULL";

pub const MARK_REPORTED_OF_SERVICE: &str =
    "UPDATE mod_whmcs_provisioning_findings SET told_at=COALESCE(told_at, UTC_TIMESTAMP())
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id";

pub const OF_SERVICE: &str =
    "SELECT text, DATE_FORMAT(first_found_at, '%Y-%m-%d %H:%i:%s') FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id ORDER BY id LIMIT 20";

/// Reads the findings of no service, so of a server.
pub const OF_SERVERS: &str =
    "SELECT text, DATE_FORMAT(first_found_at, '%Y-%m-%d %H:%i:%s') FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type='' AND owner_id=0 ORDER BY id LIMIT 100";

pub const IS_SHOWN: &str = "SELECT 1 FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND kind=:kind
      AND subject_hash=UNHEX(:subject_hash)";

pub const SETTLE: &str = "DELETE FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id AND kind=:kind";

pub const FORGET: &str = "DELETE FROM mod_whmcs_provisioning_findings
    WHERE module=:module AND owner_type=:owner_type AND owner_id=:owner_id";
