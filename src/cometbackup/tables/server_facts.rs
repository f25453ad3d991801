//! The table `mod_cometbackup_servers`: what all web workers know of a Comet Server for an hour. Its version, which server
//! it is, and its client installers.

use mysql::{Row, Value};

use crate::cometbackup::comet::api::Api;
use crate::cometbackup::comet::branding::{self, Branding, PublicDownloads};
use crate::cometbackup::comet::installers::{self, Offer};
use crate::cometbackup::comet::server::CometServer;
use crate::cometbackup::comet::server_identity::{Confirmation, ServerIdentity, ServerPlace};
use crate::cometbackup::comet::server_info::ServerInfo;
use crate::cometbackup::comet::version::{INSTALLER_LIST, Version};
use crate::database::moment::is_recent;
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, Query, SqlError, column, params};
use crate::error::Error;
use crate::text::{decode_entities, first_characters};

pub const SERVERS: Table = Table {
    name: "mod_cometbackup_servers",
    create: "CREATE TABLE IF NOT EXISTS mod_cometbackup_servers (
    server_id INT UNSIGNED NOT NULL PRIMARY KEY,
    address VARCHAR(255) NOT NULL,
    version VARCHAR(64) NULL,
    version_at DATETIME NULL,
    platforms TEXT NULL,
    platforms_at DATETIME NULL,
    public_downloads TINYINT NULL,
    product_name VARCHAR(64) NULL,
    license_hash VARCHAR(64) NULL,
    license_at DATETIME NULL,
    confirmed_from VARCHAR(400) NULL,
    confirmed_to VARCHAR(400) NULL,
    said VARCHAR(500) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    columns: &[
        ("license_hash", "VARCHAR(64) NULL"),
        ("license_at", "DATETIME NULL"),
        ("confirmed_from", "VARCHAR(400) NULL"),
        ("confirmed_to", "VARCHAR(400) NULL"),
        ("public_downloads", "TINYINT NULL"),
        ("product_name", "VARCHAR(64) NULL"),
        ("said", "VARCHAR(500) NULL"),
    ],
    indexes: &[],
};

/// A server that moved to another address is another server.
const FIND: &str = concat!(
    "SELECT IF(",
    is_recent!("version_at", "1 HOUR"),
    ", version, NULL),
      IF(",
    is_recent!("platforms_at", "1 HOUR"),
    ", platforms, NULL), license_hash, COALESCE(",
    is_recent!("license_at", "1 HOUR"),
    ", 0), confirmed_from, confirmed_to, public_downloads,
      product_name, said
    FROM mod_cometbackup_servers WHERE server_id=:server AND address=:address"
);

/// All servers of WHMCS, with what was last known of each.
const ALL: &str = "SELECT s.id, s.name, s.hostname, s.disabled, f.version, DATE_FORMAT(f.version_at, '%Y-%m-%d %H:%i:%s')
    FROM tblservers s LEFT JOIN mod_cometbackup_servers f ON f.server_id=s.id
    WHERE s.type='cometbackup' ORDER BY s.id LIMIT 200";

const KEEP_VERSION: &str = "INSERT INTO mod_cometbackup_servers (server_id, address, version, version_at, license_hash, license_at)
    VALUES (:server, :address, :known, UTC_TIMESTAMP(), :hash, UTC_TIMESTAMP())
    ON DUPLICATE KEY UPDATE platforms=IF(address=VALUES(address), platforms, NULL),
      product_name=IF(address=VALUES(address), product_name, NULL), address=VALUES(address), version=VALUES(version), version_at=VALUES(version_at), license_hash=VALUES(license_hash),
      license_at=VALUES(license_at)";

const KEEP_INSTALLERS: &str =
    "INSERT INTO mod_cometbackup_servers (server_id, address, platforms, platforms_at, public_downloads, product_name)
    VALUES (:server, :address, :known, UTC_TIMESTAMP(), :public, :name)
    ON DUPLICATE KEY UPDATE version=IF(address=VALUES(address), version, NULL),
      license_hash=IF(address=VALUES(address), license_hash, NULL), address=VALUES(address),
      platforms=VALUES(platforms), platforms_at=VALUES(platforms_at), public_downloads=VALUES(public_downloads),
      product_name=VALUES(product_name)";

/// No row is changed where it was said before.
const SAY: &str = "INSERT INTO mod_cometbackup_servers (server_id, address, said)
    VALUES (:server, :address, :key)
    ON DUPLICATE KEY UPDATE said=IF(FIND_IN_SET(:key, COALESCE(said, '')), said, LEFT(CONCAT_WS(',', :key, NULLIF(said, '')), 500))";

const CONFIRM: &str = "UPDATE mod_cometbackup_servers SET confirmed_from=:from, confirmed_to=:to
    WHERE server_id=:server";

const TASK: &str = "read what is known of servers";

/// Remembered of a server that is too old for a list.
const NO_LIST: &str = "";

/// The remembered facts of a server.
#[derive(Debug, Clone, Default)]
pub struct Known {
    version: Option<String>,
    installers: Option<String>,
    has_public_downloads: bool,
    /// What the host calls the product, read with the installers; empty where the server does not say.
    pub product_name: String,
    /// Empty where the server does not say.
    license_hash: Option<String>,
    is_license_fresh: bool,
    pub confirmed: Option<Confirmation>,
    /// What staff have read of it, by keys, the newest first.
    said: String,
}

impl Known {
    /// Returns the version, where the server said it in the last hour.
    pub fn version(&self) -> Option<String> {
        self.version.clone()
    }

    /// Returns the entry, and the server behind it as it is remembered.
    pub fn place(&self, server: &CometServer) -> ServerPlace {
        let identity = ServerIdentity {
            hash: self.license_hash.clone().unwrap_or_default(),
            address: server.address().to_owned(),
        };
        ServerPlace {
            entry: server.id,
            server: identity,
        }
    }
}

/// Whether something is to be said of a server, which it is once. One statement, none where it is known to be said. Of a
/// server that is not saved yet everything is said.
pub fn say_once(
    database: &mut Database,
    server: &CometServer,
    known: &mut Known,
    key: &str,
) -> Result<bool, SqlError> {
    if known.said.split(',').any(|said| said == key) {
        return Ok(false);
    }
    if server.id == 0 || server.base.len() > 255 {
        return Ok(true);
    }
    let parameters = || params! { "server" => server.id, "address" => &server.base, "key" => key };
    let changed = database.with_schema(prepare, |database| {
        database.execute("remember what was said of a server", SAY, parameters())
    })?;
    known.said = format!("{key},{}", known.said);
    Ok(changed > 0)
}

/// Returns known holes of a server of this version, as the rest of a sentence about the server: once for server and version.
pub fn holes_once(
    database: &mut Database,
    server: &CometServer,
    known: &mut Known,
    version: &str,
) -> Result<Option<String>, SqlError> {
    let version = Version::read(version);
    let Some(holes) = version.holes() else {
        return Ok(None);
    };
    let is_new = say_once(database, server, known, &format!("holes {version}"))?;
    Ok(is_new.then_some(holes))
}

/// Records that both places are one Comet Server, which staff have confirmed.
pub fn confirm(
    database: &mut Database,
    from: &ServerPlace,
    to: &ServerPlace,
) -> Result<(), SqlError> {
    let parameters = params! { "server" => to.entry, "from" => from.name(), "to" => to.name() };
    database.execute("write what was confirmed of a server", CONFIRM, parameters)?;
    Ok(())
}

/// Completes what is known with the server's identity. One request where it did not say in the last hour which server it
/// is; what it does not say is empty.
pub fn identify(database: &mut Database, api: &Api<'_>, known: &mut Known) {
    if known.is_license_fresh {
        return;
    }
    // A server that does not answer this does not answer what comes next.
    let Ok(info) = ServerInfo::read(api) else {
        return;
    };
    keep_info(database, api, &info);
    known.license_hash = Some(info.license_hash());
    known.is_license_fresh = true;
    known.version = Some(info.version);
}

/// Returns the version, if it was read in the last hour. No request.
pub fn remembered_version(database: &mut Database, api: &Api<'_>) -> Option<Version> {
    let known = find(database, api.server).ok()?;
    Some(Version::read(&known.version?))
}

/// Returns the version. One request where it is not known.
pub fn version(database: &mut Database, api: &Api<'_>) -> Result<Version, Error> {
    if let Some(version) = remembered_version(database, api) {
        return Ok(version);
    }
    let info = ServerInfo::read(api)?;
    keep_info(database, api, &info);
    Ok(Version::read(&info.version))
}

/// Whether the server is known to be older than what is wanted of it. One request where the version is not known;
/// a server that does not say is treated as a new one, because old ones ignore what they do not know.
pub fn is_older(database: &mut Database, api: &Api<'_>, wanted: Version) -> bool {
    version(database, api).is_ok_and(|version| version < wanted)
}

/// Returns the installers that the server offers, and what the host calls the product. One request where they are not known,
/// two of a server with HTTPS.
pub fn offers(database: &mut Database, api: &Api<'_>) -> (Vec<Offer>, String) {
    let known = find(database, api.server).unwrap_or_default();
    offers_knowing(database, api, known)
}

/// Whether the server offers it, by what was read a moment ago.
pub fn offers_knowing(
    database: &mut Database,
    api: &Api<'_>,
    known: Known,
) -> (Vec<Offer>, String) {
    let known = with_installers(database, api, known);
    let mut offers = match known.installers.as_deref() {
        // A server that does not answer now may do so by the time of a click.
        Some(NO_LIST) | None => installers::without_a_list(),
        Some(list) => installers::read(list).unwrap_or_default(),
    };
    if let Some(public) = public(&known, api) {
        for offer in &mut offers {
            offer.public_url = Some(public.address(offer.id));
        }
    }
    (offers, known.product_name)
}

/// Returns where browsers get installers without a login, if the server allows that. Requests as for `offers`.
pub fn public_downloads(database: &mut Database, api: &Api<'_>) -> Option<PublicDownloads> {
    PublicDownloads::of_server(&api.server.base)?;
    let known = find(database, api.server).unwrap_or_default();
    public(&with_installers(database, api, known), api)
}

fn public(known: &Known, api: &Api<'_>) -> Option<PublicDownloads> {
    let public = PublicDownloads::of_server(&api.server.base);
    public.filter(|_| known.has_public_downloads)
}

fn with_installers(database: &mut Database, api: &Api<'_>, known: Known) -> Known {
    if known.installers.is_some() {
        return known;
    }
    let Some(list) = ask_for_installers(database, api) else {
        return Known {
            product_name: known.product_name,
            ..Known::default()
        };
    };
    let said = PublicDownloads::of_server(&api.server.base).and_then(|_| branding::ask(api));
    let branding = said.unwrap_or_else(|| Branding {
        product_name: known.product_name.clone(),
        ..Branding::default()
    });
    let public = u8::from(branding.has_public_downloads).to_string();
    keep(
        database,
        api,
        KEEP_INSTALLERS,
        &[
            ("known", list.clone()),
            ("public", public),
            ("name", branding.product_name.clone()),
        ],
    );
    Known {
        installers: Some(list),
        has_public_downloads: branding.has_public_downloads,
        product_name: branding.product_name,
        ..known
    }
}

fn ask_for_installers(database: &mut Database, api: &Api<'_>) -> Option<String> {
    match installers::ask(api) {
        Ok(list) => Some(list),
        Err(Error::Refused { status, .. }) if (400..=428).contains(&status) => {
            if is_older(database, api, INSTALLER_LIST) {
                Some(NO_LIST.to_owned())
            } else {
                // It builds no software, or not for this administrator.
                Some("{}".to_owned())
            }
        }
        Err(_) => None,
    }
}

/// Remembers what a server said of itself.
pub fn keep_info(database: &mut Database, api: &Api<'_>, info: &ServerInfo) {
    let short = first_characters(&info.version, 64);
    keep(
        database,
        api,
        KEEP_VERSION,
        &[("known", short), ("hash", info.license_hash())],
    );
}

/// Reads what is remembered; nothing where there is no table yet.
pub fn find(database: &mut Database, server: &CometServer) -> Result<Known, SqlError> {
    let (statement, parameters) = finding(server);
    let rows = database.query(TASK, statement, parameters, read);
    let first = nothing_without_table(rows)?.into_iter().next();
    Ok(first.unwrap_or_default())
}

/// Returns the statement of `find`, to be sent together with others.
pub fn finding(server: &CometServer) -> Query {
    let parameters = params! { "server" => server.id, "address" => &server.base };
    (FIND, parameters)
}

pub fn read(row: &Row) -> Known {
    Known {
        version: column(row, 0),
        installers: column(row, 1),
        has_public_downloads: column(row, 6),
        product_name: column(row, 7),
        license_hash: column(row, 2),
        is_license_fresh: column(row, 3),
        confirmed: Option::zip(column(row, 4), column(row, 5))
            .map(|(from, to)| Confirmation { from, to }),
        said: column(row, 8),
    }
}

/// A server of WHMCS, as lists show it.
pub struct ListedServer {
    pub id: u32,
    pub name: String,
    pub hostname: String,
    pub is_disabled: bool,
    /// What it last said, and when in UTC.
    pub version: Option<(String, String)>,
}

impl ListedServer {
    /// Returns known holes of its version, as the rest of a sentence about the server.
    pub fn holes(&self) -> Option<String> {
        let (version, _) = self.version.as_ref()?;
        Version::read(version).holes()
    }
}

/// Returns all servers with what is stored of them; no request.
pub fn all(database: &mut Database) -> Result<Vec<ListedServer>, SqlError> {
    let rows = database.query(TASK, ALL, (), |row| ListedServer {
        id: column(row, 0),
        name: decode_entities(&column::<String>(row, 1)),
        hostname: decode_entities(&column::<String>(row, 2)),
        is_disabled: column(row, 3),
        version: Option::zip(column(row, 4), column(row, 5)),
    });
    nothing_without_table(rows)
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &SERVERS).map(drop)
}

/// A cache: where it cannot be written the next call sends the request again. A server that is not saved yet has no id.
fn keep(database: &mut Database, api: &Api<'_>, statement: &str, known: &[(&str, String)]) {
    let server = api.server;
    if server.id == 0 || server.base.len() > 255 {
        return;
    }
    let parameters = || {
        let mut values = vec![
            ("server".to_owned(), Value::from(server.id)),
            ("address".to_owned(), Value::from(&server.base)),
        ];
        let known = known.iter();
        values.extend(known.map(|(name, value)| ((*name).to_owned(), Value::from(value))));
        values
    };
    let task = "remember what a server said";
    drop(database.with_schema(prepare, |database| {
        database.execute(task, statement, parameters())
    }));
}
