//! The settings of WHMCS's own connection to the database, as PDO has them.

use std::path::PathBuf;

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::database::{Address, DatabaseSettings, DatabaseTls};
use crate::error::Error;
use crate::php::exception::CallError;
use crate::php::{call, ini, object, read};
use crate::secret::Secret;
use crate::settings;

/// Settings of the database: `whmcs_provisioning.database_url`, else those of the running WHMCS.
pub fn database() -> Result<DatabaseSettings, Error> {
    let url = settings::database_url();
    if !url.is_empty() {
        return DatabaseSettings::from_url(&url);
    }
    let not_found = || {
        Error::Config(
            "The database settings of WHMCS were not found. Call this from within WHMCS, or set whmcs_provisioning.database_url in the PHP configuration.".into(),
        )
    };
    let config = capsule_config().map_err(|_| not_found())?;
    let config = config.array().ok_or_else(not_found)?;
    from_capsule(config)?.ok_or_else(not_found)
}

fn capsule_config() -> Result<Zval, CallError> {
    let connection = call::static_method("WHMCS\\Database\\Capsule", "connection", vec![])?;
    object::method(&connection, "getConfig", vec![])
}

fn from_capsule(config: &ZendHashTable) -> Result<Option<DatabaseSettings>, Error> {
    let value = |key: &str| config.get(key).map(|value| read::read(value, 0));
    let text = |key: &str| value(key)?.text().filter(|text| !text.is_empty());
    let port = value("port")
        .and_then(|port| port.whole())
        .and_then(|port| u16::try_from(port).ok());
    let host = text("host").unwrap_or_default();
    let socket = text("unix_socket").or_else(|| {
        let default = ini::get("pdo_mysql.default_socket").filter(|path| !path.is_empty());
        default.filter(|_| matches!(host.as_str(), "" | "localhost"))
    });
    let (Some(user), Some(name)) = (text("username"), text("database")) else {
        return Ok(None);
    };
    let options = config.get("options").and_then(Zval::array);
    Ok(Some(DatabaseSettings {
        address: Address::new(&host, port.unwrap_or(3306), socket.as_deref()),
        user,
        password: Secret::new(text("password").unwrap_or_default()),
        name,
        tls: options.map_or(Ok(None), tls)?,
        time_zone: text("timezone"),
    }))
}

/// PDO's TLS attributes. As in PDO, each but the last asks for TLS by being there.
fn tls(options: &ZendHashTable) -> Result<Option<DatabaseTls>, Error> {
    if options.is_empty() {
        return Ok(None);
    }
    let class = attribute_class()?;
    let file = |name: &str| text(options, class, name);
    let (ca, ca_folder) = (file("CA")?, file("CAPATH")?);
    let (certificate, key) = (file("CERT")?, file("KEY")?);
    let ciphers = file("CIPHER")?;
    let verify = attribute(options, class, "VERIFY_SERVER_CERT")?;
    let is_encrypted = [&ca, &ca_folder, &certificate, &key, &ciphers]
        .iter()
        .any(|value| value.is_some());
    if !is_encrypted {
        return Ok(None);
    }
    let path = |value: Option<String>| {
        let value = value.filter(|path| !path.is_empty());
        value.map(PathBuf::from)
    };
    let ca_folder = path(ca_folder);
    // PHP trusts `openssl.cafile` where the connection itself names nothing.
    let ca = path(ca).or_else(|| match ca_folder {
        None => settings::php_ca_file(),
        Some(_) => None,
    });
    Ok(Some(DatabaseTls {
        ca,
        ca_folder,
        certificate: path(certificate),
        key: path(key),
        verify: verify.is_none_or(|value| read::read(value, 0).truthy()),
        names_ciphers: ciphers.is_some_and(|list| !list.is_empty()),
    }))
}

/// Where PHP keeps the attributes: `Pdo\Mysql` since PHP 8.4; reading those of `PDO` is deprecated since 8.5.
fn attribute_class() -> Result<&'static str, Error> {
    const NEW: &str = "Pdo\\Mysql::ATTR_SSL_";
    const OLD: &str = "PDO::MYSQL_ATTR_SSL_";
    let exists = php_function("class_exists", vec![&"Pdo\\Mysql", &false])?;
    if exists.bool() == Some(true) && is_defined(&format!("{NEW}CA"))? {
        return Ok(NEW);
    }
    Ok(OLD)
}

/// The value of an attribute. Its number differs between builds of PHP, and a build may not have it.
fn attribute<'a>(
    options: &'a ZendHashTable,
    class: &str,
    name: &str,
) -> Result<Option<&'a Zval>, Error> {
    let constant = format!("{class}{name}");
    if !is_defined(&constant)? {
        return Ok(None);
    }
    let number = php_function("constant", vec![&constant])?
        .long()
        .ok_or_else(|| unreadable(&constant, "it is no number"))?;
    Ok(options.get_index(number))
}

fn text(options: &ZendHashTable, class: &str, name: &str) -> Result<Option<String>, Error> {
    let Some(value) = attribute(options, class, name)? else {
        return Ok(None);
    };
    let value = value.dereference();
    if value.is_null() {
        return Ok(Some(String::new()));
    }
    match read::read(value, 0).text() {
        Some(text) => Ok(Some(text)),
        None => Err(unreadable(
            &format!("{class}{name}"),
            "its value is no text",
        )),
    }
}

fn is_defined(constant: &str) -> Result<bool, Error> {
    Ok(php_function("defined", vec![&constant])?.bool() == Some(true))
}

fn php_function(
    function: &str,
    arguments: Vec<&dyn ext_php_rs::convert::IntoZvalDyn>,
) -> Result<Zval, Error> {
    call::function(function, arguments).map_err(|interrupted| {
        let why = match interrupted {
            CallError::Threw(class) => format!("reading them throws {class}"),
            CallError::Exit => "reading them ended the script".into(),
            CallError::Missing => format!("PHP's function {function} is disabled"),
        };
        unreadable("PDO's attributes", &why)
    })
}

fn unreadable(what: &str, why: &str) -> Error {
    Error::Config(format!(
        "The options of WHMCS's database connection cannot be read, so it is not known whether it has to be encrypted ({what}: {why}). Nothing is sent without that. Correct the options, or set whmcs_provisioning.database_url in the PHP configuration."
    ))
}
