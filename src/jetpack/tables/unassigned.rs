//! The table `mod_jetpack_unassigned`: licenses that Jetpack lists as active and that are in no row of the license table, as the
//! last reconciliation saw them. What a service adopts comes from here.

use mysql::{Params, Row, Value};

use crate::database::moment::is_older_than;
use crate::database::schema::{self, Table, nothing_without_table};
use crate::database::{Database, SqlError, Transaction, column, params, placeholders};
use crate::hash::sha256;
use crate::jetpack::api::license::LicenseKey;
use crate::jetpack::api::site::host_of;
use crate::service_id::ServiceId;
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
    owner_type VARCHAR(8) NULL,
    owner_id INT UNSIGNED NULL,
    plan_mark CHAR(16) NULL,
    adopted_at DATETIME NULL,
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

/// What was adopted stays for a while, so that it can be taken back.
const NOT_SEEN: &str = concat!(
    "DELETE FROM mod_jetpack_unassigned
    WHERE token_hash=UNHEX(:token) AND run_mark<>:run_mark
      AND (adopted_at IS NULL OR ",
    is_older_than!("adopted_at", "30 DAY"),
    ")"
);

const OF_OTHER_TOKENS: &str = "DELETE FROM mod_jetpack_unassigned WHERE HEX(token_hash) NOT IN ";

const COLUMNS: &str = "u.id, u.license_key, u.product_slug, u.product_name, u.site,
    DATE_FORMAT(u.issued_at, '%Y-%m-%d %H:%i:%s'), COALESCE(DATEDIFF(UTC_TIMESTAMP(), u.issued_at), 0), u.license_id,
    LOWER(HEX(u.token_hash)), COALESCE(u.owner_type, ''), COALESCE(u.owner_id, 0), COALESCE(u.plan_mark, '')
    FROM mod_jetpack_unassigned u WHERE ";

const COUNT: &str = "SELECT COUNT(*) FROM mod_jetpack_unassigned u WHERE ";

const FREE: &str = "u.adopted_at IS NULL";

/// Those of the service's own site first.
const OF_PRODUCT: &str =
    "u.product_slug=:slug AND u.token_hash=UNHEX(:token) AND u.adopted_at IS NULL
    ORDER BY (u.site_host=:host AND u.site_host<>'') DESC, u.issued_at DESC, u.id LIMIT 100";

const BY_ROW: &str = "u.id=:id AND u.adopted_at IS NULL";

const ADOPTED: &str = "u.key_hash=UNHEX(:key_hash) AND u.adopted_at IS NOT NULL";

const PLANNED: &str = "u.plan_mark IS NOT NULL AND u.adopted_at IS NULL AND u.id>:after";

const ADOPTED_AS_PLANNED: &str = "u.plan_mark=:mark AND u.adopted_at IS NOT NULL AND u.id>:after";

const ADOPT: &str = "UPDATE mod_jetpack_unassigned SET adopted_at=UTC_TIMESTAMP() WHERE id=:id AND adopted_at IS NULL";

const GIVE_BACK: &str = "UPDATE mod_jetpack_unassigned SET adopted_at=NULL, plan_mark=NULL, owner_type=NULL, owner_id=NULL
    WHERE key_hash=UNHEX(:key_hash)";

const WITH_SITE: &str =
    "SELECT id, product_slug, LOWER(HEX(token_hash)), site_host FROM mod_jetpack_unassigned
    WHERE site_host<>'' AND adopted_at IS NULL";

const NO_PLAN: &str =
    "UPDATE mod_jetpack_unassigned SET owner_type=NULL, owner_id=NULL, plan_mark=NULL
    WHERE plan_mark IS NOT NULL AND adopted_at IS NULL";

/// A license of Jetpack's list that is to be stored.
#[derive(Debug)]
pub struct ObservedLicense {
    pub key: LicenseKey,
    pub id: Option<u64>,
    pub slug: String,
    pub product: String,
    pub site: Option<String>,
    pub issued_at: Option<String>,
}

/// An unassigned license as stored.
#[derive(Debug, Clone)]
pub struct Unassigned {
    pub row: u64,
    pub key: LicenseKey,
    pub slug: String,
    /// The product's name, for people.
    pub product: String,
    /// The address of the site it is attached to.
    pub site: Option<String>,
    pub issued_at: Option<String>,
    /// Days since it was issued.
    pub age: u32,
    pub id: Option<u64>,
    /// A hash of the API Token whose list has it.
    pub token_hash: String,
    /// The service that it belongs to by its site.
    pub planned_for: Option<ServiceId>,
    /// The mark of the comparison that said so.
    pub plan_mark: String,
}

pub fn prepare(database: &mut Database) -> Result<(), SqlError> {
    schema::prepare(database, &TABLE).map(drop)
}

/// Writes what was seen in one statement.
pub fn write(
    database: &mut Database,
    (token_hash, run_mark): (&str, &str),
    seen: &[ObservedLicense],
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

/// Removes licenses of a token that this run has not seen.
pub fn forget_not_seen(
    database: &mut Database,
    token_hash: &str,
    run_mark: &str,
) -> Result<(), SqlError> {
    let parameters = params! { "token" => token_hash, "run_mark" => run_mark };
    let removed = database.execute(WRITE, NOT_SEEN, parameters).map(drop);
    nothing_without_table(removed)
}

/// Removes licenses of tokens that are not in use.
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

/// Counts those that no service has adopted, as the last reconciliation saw them.
pub fn count_free(database: &mut Database) -> Result<u64, SqlError> {
    nothing_without_table(count(database, FREE, Params::Empty))
}

/// Returns the newest, and how many there are in all.
pub fn newest(database: &mut Database, most: usize) -> Result<(Vec<Unassigned>, u64), SqlError> {
    let condition = format!("{FREE} ORDER BY u.issued_at DESC, u.id LIMIT {most}");
    let found = select(database, &condition, Params::Empty)?;
    let count = if found.len() < most {
        found.len() as u64
    } else {
        count(database, FREE, Params::Empty)?
    };
    Ok((found, count))
}

/// Returns what a service of this product and token can adopt; a hundred at most.
pub fn of_product(
    database: &mut Database,
    (slug, token_hash): (&str, &str),
    host: Option<&str>,
) -> Result<Vec<Unassigned>, SqlError> {
    let parameters =
        params! { "slug" => slug, "token" => token_hash, "host" => host.unwrap_or_default() };
    select(database, OF_PRODUCT, parameters)
}

/// Returns the license of a row that no service has adopted.
pub fn by_row(database: &mut Database, row: u64) -> Result<Option<Unassigned>, SqlError> {
    let found = select(database, BY_ROW, params! { "id" => row })?;
    Ok(found.into_iter().next())
}

/// Returns the license, if it was adopted from here.
pub fn adopted(database: &mut Database, key: &LicenseKey) -> Result<Option<Unassigned>, SqlError> {
    let parameters = params! { "key_hash" => sha256(key.expose()) };
    Ok(select(database, ADOPTED, parameters)?.into_iter().next())
}

/// Returns those that have a service by their site: the first after `after`, and how many there are behind it.
pub fn planned(
    database: &mut Database,
    after: u64,
    most: usize,
) -> Result<(Vec<Unassigned>, u64), SqlError> {
    listed(database, PLANNED, params! { "after" => after }, most)
}

/// Returns those that were adopted by their site as one comparison had it.
pub fn adopted_as_planned(
    database: &mut Database,
    mark: &str,
    after: u64,
    most: usize,
) -> Result<(Vec<Unassigned>, u64), SqlError> {
    let parameters = params! { "mark" => mark, "after" => after };
    listed(database, ADOPTED_AS_PLANNED, parameters, most)
}

/// Hands over row, product, token and host name of each that is attached to a site.
pub fn with_site(
    database: &mut Database,
    mut each: impl FnMut(u32, &str, &str, &str),
) -> Result<(), SqlError> {
    let read = database.query_each(READ, WITH_SITE, (), |row| {
        let text = |at| column::<String>(row, at);
        each(column(row, 0), &text(1), &text(2), &text(3));
    });
    nothing_without_table(read)
}

/// Forgets whose they are by their sites.
pub fn forget_plan(database: &mut Database) -> Result<(), SqlError> {
    nothing_without_table(database.execute(WRITE, NO_PLAN, ()).map(drop))
}

/// Records whose they are by their sites, in one statement.
pub fn plan(
    database: &mut Database,
    mark: &str,
    owners: &[(u32, ServiceId)],
) -> Result<(), SqlError> {
    if owners.is_empty() {
        return Ok(());
    }
    let cases = "WHEN ? THEN ? ".repeat(owners.len());
    let statement = format!(
        "UPDATE mod_jetpack_unassigned SET owner_type=CASE id {cases}END, owner_id=CASE id {cases}END, plan_mark=?
        WHERE adopted_at IS NULL AND id IN {}",
        placeholders(owners.len())
    );
    let kinds = owners
        .iter()
        .flat_map(|(row, owner)| [Value::from(*row), owner.kind().into()]);
    let numbers = owners
        .iter()
        .flat_map(|(row, owner)| [Value::from(*row), owner.number().into()]);
    let mut values: Vec<Value> = kinds.chain(numbers).collect();
    values.push(mark.into());
    values.extend(owners.iter().map(|(row, _)| Value::from(*row)));
    database.execute(WRITE, &statement, values).map(drop)
}

/// Marks it as adopted; part of the transaction that gives the license to a service. False where it is gone.
pub fn adopt_within(transaction: &mut Transaction<'_>, row: u64) -> mysql::Result<bool> {
    Ok(transaction.execute(ADOPT, params! { "id" => row })? == 1)
}

/// Marks it as free again; part of the transaction that takes the license back.
pub fn give_back_within(transaction: &mut Transaction<'_>, key: &LicenseKey) -> mysql::Result<()> {
    let parameters = params! { "key_hash" => sha256(key.expose()) };
    transaction.execute(GIVE_BACK, parameters).map(drop)
}

fn listed(
    database: &mut Database,
    condition: &str,
    parameters: Params,
    most: usize,
) -> Result<(Vec<Unassigned>, u64), SqlError> {
    let first = format!("{condition} ORDER BY u.id LIMIT {most}");
    let found = select(database, &first, parameters.clone())?;
    let count = if found.len() < most {
        found.len() as u64
    } else {
        count(database, condition, parameters)?
    };
    Ok((found, count))
}

fn select(
    database: &mut Database,
    condition: &str,
    parameters: Params,
) -> Result<Vec<Unassigned>, SqlError> {
    let statement = format!("SELECT {COLUMNS}{condition}");
    let found = database.query(READ, &statement, parameters, read);
    Ok(nothing_without_table(found)?
        .into_iter()
        .flatten()
        .collect())
}

fn count(database: &mut Database, condition: &str, parameters: Params) -> Result<u64, SqlError> {
    let statement = format!("{COUNT}{condition}");
    let counted = database.query(READ, &statement, parameters, |row| column::<u64>(row, 0));
    let counted = nothing_without_table(counted)?;
    Ok(counted.into_iter().next().unwrap_or_default())
}

fn row(license: &ObservedLicense, token_hash: &str, run_mark: &str) -> Vec<Value> {
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

fn read(row: &Row) -> Option<Unassigned> {
    let kind: String = column(row, 9);
    Some(Unassigned {
        row: column(row, 0),
        key: LicenseKey::new(&column::<String>(row, 1))?,
        slug: column(row, 2),
        product: column(row, 3),
        site: column(row, 4),
        issued_at: column(row, 5),
        age: column::<i64>(row, 6).try_into().unwrap_or_default(),
        id: column(row, 7),
        token_hash: column(row, 8),
        planned_for: ServiceId::of_kind(&kind, column(row, 10), 0),
        plan_mark: column(row, 11),
    })
}
