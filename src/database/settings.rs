//! The settings of the connection to WHMCS's database: where it is, and with which options it is opened.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use mysql::{Opts, OptsBuilder, SslOpts};

use crate::error::Error;
use crate::secret::Secret;

use super::tls::DatabaseTls;

/// Sockets that MySQL and MariaDB use where PHP names none.
const USUAL_SOCKETS: [&str; 4] = [
    "/run/mysqld/mysqld.sock",
    "/var/lib/mysql/mysql.sock",
    "/var/run/mysql/mysql.sock",
    "/tmp/mysql.sock",
];

/// The connection of WHMCS, or of `whmcs_provisioning.database_url`.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseSettings {
    pub address: Address,
    pub user: String,
    pub password: Secret<String>,
    pub name: String,
    /// `None`: the connection is not encrypted.
    pub tls: Option<DatabaseTls>,
    /// Session time zone, where WHMCS sets one; else the server's.
    pub time_zone: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Address {
    Socket(String),
    Tcp { host: String, port: u16 },
}

/// Bytes; the usual limit of servers.
const LONGEST_PACKET: usize = 16 * 1024 * 1024;

impl Address {
    /// Reads an address as PHP does: `localhost`, or nothing, means the Unix socket.
    pub fn new(host: &str, port: u16, socket: Option<&str>) -> Self {
        let socket = socket.filter(|path| !path.is_empty());
        let (host, port) = match host.rsplit_once(':') {
            Some((name, digits)) if !name.contains(':') => match digits.parse() {
                Ok(typed) => (name, typed),
                Err(_) => (host, port),
            },
            _ => (host, port),
        };
        match socket {
            Some(path) => Self::Socket(path.to_owned()),
            None if matches!(host, "" | "localhost") => Self::Socket(usual_socket()),
            None => Self::Tcp {
                host: host.to_owned(),
                port,
            },
        }
    }
}

impl Address {
    /// Returns host, and port where it is not the usual one; `None` for this machine, whichever way it is reached.
    pub fn remote_host(&self) -> Option<String> {
        let Self::Tcp { host, port } = self else {
            return None;
        };
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        if host == "localhost" || address.is_ok_and(|address| address.is_loopback()) {
            return None;
        }
        Some(match port {
            3306 => host.clone(),
            port => format!("{host}:{port}"),
        })
    }
}

fn usual_socket() -> String {
    let [first, ..] = USUAL_SOCKETS;
    USUAL_SOCKETS
        .into_iter()
        .find(|path| std::path::Path::new(path).exists())
        .unwrap_or(first)
        .to_owned()
}

impl DatabaseSettings {
    /// Reads `mysql://user:password@host:port/name?socket=PATH&ssl_ca=FILE&ssl_capath=FOLDER&ssl_cert=FILE&ssl_key=FILE&ssl_verify=0`.
    ///
    /// # Errors
    /// `Error::Config` with the setting's name, and nothing of its value.
    pub fn from_url(url: &str) -> Result<Self, Error> {
        let unusable = || {
            Error::Config(
                "The setting whmcs_provisioning.database_url is not of the form mysql://user:password@host:port/name. Correct it in the PHP configuration, where it has to stand in double quotes, or leave it empty to use the database of WHMCS.".into(),
            )
        };
        let url = url::Url::parse(url).map_err(|_| unusable())?;
        let name = decoded(url.path().trim_start_matches('/'));
        if url.scheme() != "mysql" || name.is_empty() {
            return Err(unusable());
        }
        let mut socket = None;
        let mut tls = DatabaseTls {
            verify: true,
            ..DatabaseTls::default()
        };
        let mut encrypted = false;
        for (key, value) in url.query_pairs() {
            let file = || Some(PathBuf::from(value.as_ref()));
            match key.as_ref() {
                "socket" | "ssl_ca" | "ssl_capath" | "ssl_cert" | "ssl_key" | "ssl_verify"
                    if value.is_empty() =>
                {
                    return Err(cut(&key));
                }
                "socket" => socket = Some(value.into_owned()),
                "ssl_ca" => (tls.ca, encrypted) = (file(), true),
                "ssl_capath" => (tls.ca_folder, encrypted) = (file(), true),
                "ssl_cert" => (tls.certificate, encrypted) = (file(), true),
                "ssl_key" => (tls.key, encrypted) = (file(), true),
                "ssl_verify" => (tls.verify, encrypted) = (value != "0", true),
                _ => return Err(unusable()),
            }
        }
        let host = decoded(url.host_str().unwrap_or_default());
        Ok(Self {
            address: Address::new(&host, url.port().unwrap_or(3306), socket.as_deref()),
            user: decoded(url.username()),
            password: Secret::new(decoded(url.password().unwrap_or_default())),
            name,
            tls: encrypted.then_some(tls),
            time_zone: None,
        })
    }

    /// Returns the statement that sets a session, whatever the server's defaults are: UTF-8, strict SQL, a limit on locks.
    pub fn session(&self) -> String {
        let mut session =
            "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci, SESSION sql_mode='STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout=10, autocommit=1"
                .to_owned();
        if let Some(zone) = self.time_zone.as_deref().filter(|zone| is_time_zone(zone)) {
            session.push_str(", time_zone='");
            session.push_str(zone);
            session.push('\'');
        }
        session
    }

    /// Returns the words of `phpinfo()`: that the settings were found, and which of them is not applied.
    pub fn shown(&self) -> &'static str {
        match self.encryption() {
            None => "found",
            Some(tls) if tls.names_ciphers => {
                "found, encrypted; the list of ciphers is not applied: those of TLS 1.2 and 1.3 that are safe are used"
            }
            Some(_) => "found, encrypted",
        }
    }

    /// Returns TLS, where the settings name it and it is used: a socket does not leave the machine.
    pub fn encryption(&self) -> Option<&DatabaseTls> {
        match self.address {
            Address::Socket(_) => None,
            Address::Tcp { .. } => self.tls.as_ref(),
        }
    }

    /// Options of the driver: limits on every wait.
    pub fn options(
        &self,
        connect_timeout: Duration,
        answer_timeout: Duration,
        encryption: Option<SslOpts>,
    ) -> Opts {
        let builder = OptsBuilder::new()
            .user(Some(self.user.clone()))
            .pass(Some(self.password.expose().clone()))
            .db_name(Some(self.name.clone()))
            .prefer_socket(false)
            // Stated, or the driver asks for it in each new connection.
            .max_allowed_packet(Some(LONGEST_PACKET))
            .tcp_connect_timeout(Some(connect_timeout))
            .read_timeout(Some(answer_timeout))
            .write_timeout(Some(answer_timeout));
        match &self.address {
            Address::Socket(path) => builder.socket(Some(path.clone())),
            Address::Tcp { host, port } => builder
                .ip_or_hostname(Some(host.clone()))
                .tcp_port(*port)
                .ssl_opts(encryption),
        }
        .into()
    }
}

/// PHP ends an unquoted value of a configuration file at its first `=`, and then reads nothing of the rest of the file.
fn cut(key: &str) -> Error {
    Error::Config(format!(
        "The setting whmcs_provisioning.database_url ends after {key}, without a value. In the PHP configuration an unquoted value ends at its first equals sign, and the lines after it are lost: put the whole address in double quotes."
    ))
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part)
        .decode_utf8_lossy()
        .into_owned()
}

/// Names such as `Europe/Berlin` and offsets such as `+02:00`; nothing that could end the quotes.
fn is_time_zone(zone: &str) -> bool {
    !zone.is_empty()
        && zone
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/_+-:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_means_the_socket_and_a_port_may_stand_in_the_host() {
        assert_eq!(
            Address::new("localhost", 3306, Some("/s")),
            Address::Socket("/s".into())
        );
        assert!(matches!(
            Address::new("localhost", 3306, None),
            Address::Socket(_)
        ));
        assert_eq!(
            Address::new("db.example:3307", 3306, None),
            Address::Tcp {
                host: "db.example".into(),
                port: 3307
            }
        );
        assert_eq!(
            Address::new("::1", 3306, None),
            Address::Tcp {
                host: "::1".into(),
                port: 3306
            }
        );
    }

    #[test]
    fn a_url_gives_every_part_decoded() {
        let settings = DatabaseSettings::from_url(
            "mysql://who%40x:p%26w%3D@127.0.0.1:3307/whmcs?ssl_ca=/ca.pem",
        )
        .unwrap();
        assert_eq!(settings.user, "who@x");
        assert_eq!(settings.password.expose(), "p&w=");
        assert_eq!(settings.name, "whmcs");
        assert_eq!(
            settings.address,
            Address::Tcp {
                host: "127.0.0.1".into(),
                port: 3307
            }
        );
        assert!(settings.tls.unwrap().verify);
    }

    #[test]
    fn a_url_that_php_cut_at_the_equals_sign_is_refused_by_name() {
        for key in ["socket", "ssl_ca", "ssl_capath", "ssl_verify"] {
            let error =
                DatabaseSettings::from_url(&format!("mysql://a:secret@b/c?{key}")).unwrap_err();
            assert!(matches!(error, Error::Config(_)));
            let sentence = error.to_string();
            assert!(
                sentence.contains(&format!("database_url ends after {key}, without a value"))
                    && sentence.contains("double quotes"),
                "{sentence}"
            );
        }
    }

    #[test]
    fn a_wrong_url_is_named_and_not_shown() {
        for url in [
            "",
            "whmcs",
            "http://a:secret@b/c",
            "mysql://a:secret@b",
            "mysql://a:secret@b/c?x=1",
        ] {
            let error = DatabaseSettings::from_url(url).unwrap_err().to_string();
            assert!(error.contains("database_url"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
