//! Errors of the database: the failed statement, and the reason that staff read.

use mysql::{DriverError as Misuse, Error as DriverError};

use super::settings::DatabaseSettings;
use crate::error::{Error, FailedTask};
use crate::text::plain;
use crate::tls::{self, TlsFault};

/// `ER_DUP_ENTRY`, of the MySQL error reference, as the others.
pub const DUPLICATE: u16 = 1062;
pub const DUPLICATE_COLUMN: u16 = 1060;
pub const DUPLICATE_KEY_NAME: u16 = 1061;
const UNKNOWN_COLUMN: u16 = 1054;
const UNKNOWN_TABLE: u16 = 1146;
/// `ER_DBACCESS_DENIED_ERROR`, `ER_TABLEACCESS_DENIED_ERROR`, `ER_SPECIFIC_ACCESS_DENIED_ERROR`.
pub(super) const NOT_PERMITTED: [u16; 3] = [1044, 1142, 1227];
pub(super) const UNKNOWN_VARIABLE: u16 = 1193;
const DATABASE_DENIED: u16 = 1044;
const TABLE_DENIED: u16 = 1142;
const PARSE_ERROR: u16 = 1064;
const LOCK_WAIT_TIMEOUT: u16 = 1205;
/// Galera reports a failed certification as this, too. The server has undone all of it.
pub(super) const DEADLOCK: u16 = 1213;
/// `ER_AUTOINC_READ_FAILED`: many insert at once, and the row got no number. Nothing was written.
const NO_AUTO_INCREMENT: u16 = 1467;

/// A statement that failed.
#[derive(Debug)]
pub struct SqlError {
    /// The server's code, 0 where the connection broke.
    pub code: u16,
    /// COMMIT was sent and its answer was lost: the changes may be in the table.
    pub maybe_committed: bool,
    pub(super) tried: Box<FailedTask>,
}

impl SqlError {
    pub(super) fn gone(task: &str) -> Self {
        Self {
            code: 0,
            maybe_committed: false,
            tried: FailedTask::new(task, "the connection is lost".into()),
        }
    }

    /// The connection was lost, and no other could be opened.
    pub(super) fn unopened(task: &str, error: Error) -> Self {
        let reason = match error {
            Error::Database(tried) => tried.reason,
            error => error.to_string(),
        };
        Self {
            tried: FailedTask::new(task, reason),
            ..Self::gone(task)
        }
    }

    /// The server undid it because of others.
    pub(super) const fn was_undone(&self) -> bool {
        matches!(self.code, DEADLOCK | NO_AUTO_INCREMENT)
    }

    /// A deadlock or a wait for a lock: the same statement may work now.
    pub const fn may_be_tried_again(&self) -> bool {
        matches!(self.code, DEADLOCK | LOCK_WAIT_TIMEOUT)
    }

    /// The database user may not do this.
    pub const fn is_denied(&self) -> bool {
        matches!(self.code, DATABASE_DENIED | TABLE_DENIED)
    }

    /// The table or a column of it is missing: it was never created, or the PHP module created it.
    pub const fn is_missing_schema(&self) -> bool {
        matches!(self.code, UNKNOWN_TABLE | UNKNOWN_COLUMN)
    }
}

impl From<SqlError> for Error {
    fn from(fault: SqlError) -> Self {
        Self::Database(fault.tried)
    }
}

/// The server's own words are for staff, without the values it may quote.
pub(super) fn reason(error: &DriverError) -> String {
    match error {
        // A statement that is not understood is quoted, with the values in it.
        DriverError::MySqlError(refusal) if refusal.code == PARSE_ERROR => {
            "the server does not understand the statement".into()
        }
        DriverError::MySqlError(refusal) => format!(
            "the server answered {} {}",
            refusal.code,
            plain(without_quoted(&refusal.message).as_str())
        ),
        DriverError::IoError(_) => "the connection broke or did not answer in time".into(),
        DriverError::TlsError(_) => "no secure connection".into(),
        DriverError::DriverError(misuse) => of_driver(misuse),
        _ => "the connection could not be made or used".into(),
    }
}

fn of_driver(misuse: &Misuse) -> String {
    let not_supported = |plugin: &str| {
        format!(
            "the database user logs in with {}, which is not supported here. Give the user caching_sha2_password (MySQL), or ed25519 or mysql_native_password (MariaDB)",
            plain(plugin)
        )
    };
    match misuse {
        Misuse::UnknownAuthPlugin(plugin) => not_supported(plugin),
        Misuse::OldMysqlPasswordDisabled => not_supported("mysql_old_password"),
        Misuse::CleartextPluginDisabled => not_supported("mysql_clear_password"),
        Misuse::TlsNotSupported => {
            "the server offers no TLS, which the database settings ask for".into()
        }
        Misuse::ConnectTimeout => "the server did not accept the connection in time".into(),
        Misuse::CouldNotConnect(Some((_, why, _))) => {
            format!("no connection to the server, {}", plain(why))
        }
        Misuse::UnexpectedPacket => {
            "the server answered in a way that MySQL and MariaDB do not".into()
        }
        _ => "the connection could not be made or used".into(),
    }
}

/// Says why there is no connection. Where it is the server's certificate, the sentence says against what it was checked, and
/// the ways out.
pub(super) fn unopened(settings: &DatabaseSettings, error: &DriverError) -> Error {
    let found = match error {
        DriverError::IoError(error) => tls::fault(error),
        DriverError::CodecError(error) => tls::fault(error),
        DriverError::TlsError(error) => tls::fault(error),
        _ => None,
    };
    let reason = match (found, settings.encryption()) {
        (Some(fault), Some(tls)) if fault.is_of_its_certificate() => format!(
            "no secure connection, {fault}; it was checked against {}. {}, or switch the check off (MYSQL_ATTR_SSL_VERIFY_SERVER_CERT of WHMCS's connection; ssl_verify=0 in whmcs_provisioning.database_url)",
            tls.trusted(),
            way_out(&fault)
        ),
        (Some(fault), _) => format!("no secure connection, {fault}"),
        (None, _) => reason(error),
    };
    Error::Database(FailedTask::new("open a connection", reason))
}

fn way_out(fault: &TlsFault) -> &'static str {
    match fault {
        TlsFault::UnknownIssuer => "Name the certificate that signed it",
        TlsFault::OtherName { .. } => "Use a name that it holds as the host",
        TlsFault::Version1 | TlsFault::NoNames | TlsFault::SelfSigned => {
            "Give the server a new one of version 3, with a subjectAltName and signed by a CA of your own"
        }
        _ => "Give the server a new one",
    }
}

/// MySQL quotes values (a duplicate key, a column's text) in its messages.
fn without_quoted(message: &str) -> String {
    message
        .split('\'')
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { part } else { "…" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_is_not_understood_is_not_quoted() {
        let refusal = mysql::MySqlError {
            state: "42000".into(),
            message: "You have an error near 'VALUES ('KEY')' at line 1".into(),
            code: PARSE_ERROR,
        };
        let reason = reason(&DriverError::MySqlError(refusal));
        assert!(!reason.contains("KEY"), "{reason}");
    }

    #[test]
    fn quoted_values_are_left_out_of_reasons() {
        assert_eq!(
            without_quoted("Duplicate entry 'SECRET-KEY' for key 'license_key'"),
            "Duplicate entry … for key …"
        );
    }
}
