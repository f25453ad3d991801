//! The table `mod_jetpack_unassigned`: licenses that Jetpack lists as active and that are in no row of the license table, as the
//! last reconciliation saw them. What a service adopts comes from here.

use mysql::{Row, Value};

use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, column, params, placeholders};
use crate::hash::sha256;
use crate::jetpack::api::license::LicenseKey;
use crate::text::first_characters;

pub const TABLE: Table = Table {
    name: "mod_jetpack_unassigned",
    create: "CREATE TABLE IF NOT EXISTS mod_jetpack_unassigned (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    key_hash BINARY(32) NOT NULL,
    license_key VARCHAR(255) NOT NULL,
    license_id BIGINT UNSIGNED NULL,
    product_slug VARCHAR(191) NOT NULL,
    product_name VARCHAR(255) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    site VARCHAR(255) NULL,
    site_host VARCHAR(255) NOT NULL,
    issued_at DATETIME NULL,
    run_mark CHAR(16) NOT NULL,
    UNIQUE KEY key_hash (key_hash),
    KEY product (product_slug, token_hash, site_host)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    columns: &[],
    indexes: &[],
};

const WRITE: &str = "write the table of unassigned licenses";
const READ: &str = "read the table of unassigned licenses";

/// Characters of a text column.
const LONGEST: usize = 255;

const INSERT: &str = "INSERT INTO mod_jetpack_unassigned
    (key_hash, license_key, license_id, product_slug, product_name, token_hash, site, site_host, issued_at, run_mark) VALUES ";

const INSERTED: &str = "(UNHEX(?), ?, ?, ?, ?, UNHEX(?), ?, ?, ?, ?)";

const SEEN_AGAIN: &str = " ON DUPLICATE KEY UPDATE license_id=VALUES(license_id), product_name=VALUES(product_name),
    token_hash=VALUES(token_hash), site=VALUES(site), site_host=VALUES(site_host), issued_at=VALUES(issued_at),
    run_mark=VALUES(run_mark)";

const NOT_SEEN: &str =
    "DELETE FROM mod_jetpack_unassigned WHERE token_hash=UNHEX(:token) AND run_mark<>:run_mark";

const OF_OTHER_TOKENS: &str = "DELETE FROM mod_jetpack_unassigned WHERE HEX(token_hash) NOT IN ";

const COLUMNS: &str = "u.license_key, u.product_slug, u.product_name, u.site,
    DATE_FORMAT(u.issued_at, '%Y-%m-%d %H:%i:%s'), COALESCE(DATEDIFF(UTC_TIMESTAMP(), u.issued_at), 0), u.license_id,
    LOWER(HEX(u.token_hash))";

const COUNT: &str = "SELECT COUNT(*) FROM mod_jetpack_unassigned";

/// A license as the list had it.
#[derive(Debug)]
pub struct Seen {
    pub key: LicenseKey,
    pub id: Option<u64>,
    pub slug: String,
    pub product: String,
    pub site: Option<String>,
    pub issued_at: Option<String>,
}

/// A license as it is stored here.
#[derive(Debug, Clone)]
pub struct Unassigned {
    pub key: LicenseKey,
    pub slug: String,
    /// The product's name, for people.
    pub product: String,
    /// Where it is attached.
    pub site: Option<String>,
    pub issued_at: Option<String>,
    /// Days since.
    pub age: u32,
    pub id: Option<u64>,
    /// Which API Token it is known to: a hash.
    pub token_hash: String,
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}

/// Writes what was seen in one statement.
pub fn write(
    database: &mut Database,
    (token_hash, run_mark): (&str, &str),
    seen: &[Seen],
) -> Result<(), SqlError> {
    if seen.is_empty() {
        return Ok(());
    }
    let rows = vec![INSERTED; seen.len()].join(", ");
    let statement = format!("{INSERT}{rows}{SEEN_AGAIN}");
    let values: Vec<Value> = seen
        .iter()
        .flat_map(|license| row(license, token_hash, run_mark))
        .collect();
    database.with_schema(prepare, |database| {
        database
            .execute(WRITE, &statement, values.clone())
            .map(drop)
    })
}

/// Removes the token's that this run has not seen.
pub fn forget_not_seen(
    database: &mut Database,
    token_hash: &str,
    run_mark: &str,
) -> Result<(), SqlError> {
    let parameters = params! { "token" => token_hash, "run_mark" => run_mark };
    let removed = database.execute(WRITE, NOT_SEEN, parameters).map(drop);
    nothing_without_table(removed)
}

/// Removes those of tokens that are not in use.
pub fn forget_other_tokens(database: &mut Database, tokens: &[String]) -> Result<(), SqlError> {
    let values: Vec<Value> = if tokens.is_empty() {
        vec!["".into()]
    } else {
        tokens
            .iter()
            .map(|hash| hash.to_uppercase().into())
            .collect()
    };
    let statement = format!("{OF_OTHER_TOKENS}{}", placeholders(values.len()));
    let removed = database.execute(WRITE, &statement, values).map(drop);
    nothing_without_table(removed)
}

/// The newest, and how many there are in all.
pub fn newest(database: &mut Database, most: usize) -> Result<(Vec<Unassigned>, u64), SqlError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM mod_jetpack_unassigned u ORDER BY u.issued_at DESC, u.id LIMIT :most"
    );
    let found = database.query(READ, &statement, params! { "most" => most }, read);
    let found: Vec<Unassigned> = nothing_without_table(found)?
        .into_iter()
        .flatten()
        .collect();
    if found.len() < most {
        let count = found.len() as u64;
        return Ok((found, count));
    }
    let counted = database.query(READ, COUNT, (), |row| column::<u64>(row, 0))?;
    Ok((found, counted.into_iter().next().unwrap_or_default()))
}

fn row(license: &Seen, token_hash: &str, run_mark: &str) -> Vec<Value> {
    let short = |text: &str| first_characters(text, LONGEST);
    vec![
        sha256(license.key.expose()).into(),
        license.key.expose().into(),
        license.id.into(),
        first_characters(&license.slug, 191).into(),
        short(&license.product).into(),
        token_hash.into(),
        license.site.as_deref().map(short).into(),
        short(&host_of(license.site.as_deref())).into(),
        license.issued_at.clone().into(),
        run_mark.into(),
    ]
}

/// The host name of a site's address, without the `www.` that a domain is sold without; empty where there is none.
fn host_of(site: Option<&str>) -> String {
    let site = site.unwrap_or_default().trim();
    let url = match url::Url::parse(site) {
        Ok(url) if url.has_host() => Some(url),
        _ => url::Url::parse(&format!("https://{site}")).ok(),
    };
    let host = url.as_ref().and_then(url::Url::domain).unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn read(row: &Row) -> Option<Unassigned> {
    Some(Unassigned {
        key: LicenseKey::new(&column::<String>(row, 0))?,
        slug: column(row, 1),
        product: column(row, 2),
        site: column(row, 3),
        issued_at: column(row, 4),
        age: column::<i64>(row, 5).try_into().unwrap_or_default(),
        id: column(row, 6),
        token_hash: column(row, 7),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_known_by_its_host_name() {
        for (site, host) in [
            ("https://Example.com/blog", "example.com"),
            ("http://www.example.com", "example.com"),
            ("example.com::shop", ""),
            ("shop.example.com/a", "shop.example.com"),
            ("https://bücher.example", "xn--bcher-kva.example"),
            ("javascript:alert(1)", ""),
            ("https://127.0.0.1/", ""),
            ("", ""),
        ] {
            assert_eq!(host_of(Some(site)), host, "{site}");
        }
        assert_eq!(host_of(None), "");
    }
}
