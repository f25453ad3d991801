//! The license table for people: found, filtered, and page by page. A page begins behind the last license of the one before,
//! so that the hundredth costs what the first one costs.

use mysql::{Row, Value};

use crate::clock;
use crate::database::schema::nothing_without_table;
use crate::database::{Database, NamedParams, SqlError, column, like, placeholders};
use crate::jetpack::api::license::LicenseKey;
use crate::service_id::ServiceId;
use crate::text::{decode_entities, first_characters};
use crate::whmcs::ServiceStatus;

const TASK: &str = "read the license table";

/// Behind a page of ids: rows are joined for those that are shown, and for no others.
const SHOWN: &str = "SELECT l.id, l.license_key, COALESCE(l.product_slug, ''), l.license_id, COALESCE(l.site, ''),
      DATE_FORMAT(l.issued_at, '%Y-%m-%d %H:%i:%s'), DATE_FORMAT(l.revoked_at, '%Y-%m-%d %H:%i:%s'),
      COALESCE(l.revoked_for, ''), COALESCE(l.service_id, 0), COALESCE(l.addon_id, 0), l.order_id,
      COALESCE(IF(l.addon_id>0, a.status, h.domainstatus), ''), COALESCE(h.domain, ''), COALESCE(h.userid, 0),
      COALESCE(c.firstname, ''), COALESCE(c.lastname, ''), COALESCE(c.companyname, ''), COALESCE(h.id, 0)
    FROM (";

const JOINED: &str = ") page
    JOIN jetpack_product_licenses l ON l.id=page.id
    LEFT JOIN tblhostingaddons a ON a.id=l.addon_id AND l.addon_id>0
    LEFT JOIN tblhosting h ON h.id=IF(l.addon_id>0, a.hostingid, l.service_id)
    LEFT JOIN tblclients c ON c.id=h.userid
    ORDER BY l.id";

const EACH: &str = "SELECT l.id FROM jetpack_product_licenses l WHERE ";

/// By numbers that staff have at hand: of the service, the product addon, the order.
const BY_NUMBER: &str = "SELECT l.id FROM (
      SELECT id FROM jetpack_product_licenses WHERE service_id=:number
      UNION SELECT id FROM jetpack_product_licenses WHERE addon_id=:number
      UNION SELECT id FROM jetpack_product_licenses WHERE order_id=:number
    ) found JOIN jetpack_product_licenses l ON l.id=found.id WHERE ";

const BY_TEXT: &str = "SELECT l.id FROM (
      SELECT id FROM jetpack_product_licenses WHERE site LIKE :within ESCAPE '|'
      UNION SELECT o.id FROM tblhosting h JOIN jetpack_product_licenses o ON o.service_id=h.id
        WHERE h.domain LIKE :within ESCAPE '|'
      UNION SELECT o.id FROM tblclients c JOIN tblhosting h ON h.userid=c.id
        JOIN jetpack_product_licenses o ON o.service_id=h.id
        WHERE c.email LIKE :first ESCAPE '|' OR c.lastname LIKE :first ESCAPE '|' OR c.companyname LIKE :first ESCAPE '|'
          OR CONCAT(c.firstname, ' ', c.lastname) LIKE :first ESCAPE '|'
    ) found JOIN jetpack_product_licenses l ON l.id=found.id WHERE ";

const BY_KEY: &str = "SELECT l.id FROM jetpack_product_licenses l WHERE l.license_key=:key AND ";

/// Neither the service nor the product addon is in WHMCS, or the PHP module wrote it and nobody has claimed it.
macro_rules! without_service {
    () => {
        "(l.service_id IS NULL OR NOT EXISTS (SELECT 1 FROM jetpack_product_licenses o
      LEFT JOIN tblhostingaddons x ON x.id=o.addon_id LEFT JOIN tblhosting y ON y.id=o.service_id
      WHERE o.id=l.id AND IF(o.addon_id>0, x.id, y.id) IS NOT NULL))"
    };
}

const WITHOUT_SERVICE: &str = without_service!();
const WITH_SERVICE: &str = concat!("NOT ", without_service!());

const COUNTS: &str =
    "SELECT COALESCE(product_slug, ''), SUM(revoked_at IS NULL), SUM(revoked_at IS NOT NULL)
    FROM jetpack_product_licenses GROUP BY product_slug ORDER BY product_slug";

/// The last one that is active, of services and product addons that are sold as one of these.
const NEWEST_OF: &str = "SELECT l.license_key FROM jetpack_product_licenses l
    LEFT JOIN tblhostingaddons a ON a.id=l.addon_id AND l.addon_id>0
    LEFT JOIN tblhosting h ON h.id=l.service_id
    WHERE l.revoked_at IS NULL AND l.license_key<>'' AND l.service_id IS NOT NULL AND ";

/// Characters of a search.
const LONGEST_SEARCH: usize = 255;

/// The subject of a search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Search {
    #[default]
    Everything,
    /// Id of a service, product addon or order.
    Number(u32),
    /// Site, domain, or the beginning of a client's name or address.
    Text(String),
    /// The very license.
    Key(LicenseKey),
}

impl Search {
    /// Reads what staff typed. A text with the form of a key is one, and is compared whole.
    pub fn typed(text: &str) -> Self {
        let text = first_characters(text.trim(), LONGEST_SEARCH);
        if text.is_empty() {
            return Self::Everything;
        }
        if let Ok(number) = text.trim_start_matches('#').parse() {
            return Self::Number(number);
        }
        match LicenseKey::new(&text).filter(|_| has_the_form_of_a_key(&text)) {
            Some(key) => Self::Key(key),
            None => Self::Text(text),
        }
    }
}

/// A slug, `_`, and a random part.
fn has_the_form_of_a_key(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(slug, random)| {
        !slug.is_empty() && random.len() >= 16 && random.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// The state of a license in our table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseState {
    Active,
    Revoked,
}

/// The conditions on the licenses that are shown.
#[derive(Debug, Clone, Default)]
pub struct LicenseFilter {
    pub search: Search,
    pub state: Option<LicenseState>,
    /// Slug of a product; empty for licenses of which it is not recorded.
    pub product: Option<String>,
    pub has_service: Option<bool>,
    /// Days within which it was issued.
    pub younger_than: Option<u32>,
    /// Days that have passed since it was issued, at least.
    pub older_than: Option<u32>,
}

/// The place where a page begins.
#[derive(Debug, Clone, Copy)]
pub enum From {
    /// The newest first, behind this row; 0 for the newest of all.
    Before(u64),
    /// The oldest first, behind this row.
    After(u64),
}

/// A license as people see it, without its key.
#[derive(Debug, Clone)]
pub struct ShownLicense {
    pub row: u64,
    /// The key's last characters.
    pub hint: String,
    pub slug: String,
    /// Jetpack's id of it.
    pub id: Option<u64>,
    pub site: String,
    /// Times are UTC.
    pub issued_at: String,
    pub revoked_at: Option<String>,
    pub revoked_for: String,
    /// `None` in rows of the PHP module that no service has claimed.
    pub service_id: Option<ServiceId>,
    pub order_id: u32,
    /// `None` where the service is not in WHMCS any more.
    pub status: Option<ServiceStatus>,
    pub domain: String,
    /// 0 where the service is not in WHMCS any more.
    pub client_id: u32,
    pub client: String,
}

/// The number of licenses of a product.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Empty where it is not recorded.
    pub slug: String,
    pub active: u64,
    pub revoked: u64,
}

/// Reads so many licenses at most. One statement. Nothing where there is no table yet.
pub fn page(
    database: &mut Database,
    filter: &LicenseFilter,
    from: From,
    most: usize,
) -> Result<Vec<ShownLicense>, SqlError> {
    let (statement, parameters) = statement(filter, from, most);
    let found = database.query(TASK, &statement, parameters, read);
    nothing_without_table(found)
}

/// Counts them by product. One statement.
pub fn counts(database: &mut Database) -> Result<Vec<Counted>, SqlError> {
    let found = database.query(TASK, COUNTS, (), |row| Counted {
        slug: column(row, 0),
        active: column(row, 1),
        revoked: column(row, 2),
    });
    nothing_without_table(found)
}

/// Reads the newest active license of these products and definitions of product addons. One statement.
pub fn newest_of(
    database: &mut Database,
    products: &[u32],
    addons: &[u32],
) -> Result<Option<LicenseKey>, SqlError> {
    // 0 is no product, and a list must not be empty.
    let one_of = |ids: &[u32]| placeholders(ids.len() + 1);
    let statement = format!(
        "{NEWEST_OF}IF(l.addon_id>0, a.addonid IN {}, h.packageid IN {}) ORDER BY l.id DESC LIMIT 1",
        one_of(addons),
        one_of(products)
    );
    let ids = [addons, &[0], products, &[0]].concat();
    let values: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let found = database.query(TASK, &statement, values, |row| {
        LicenseKey::new(&column::<String>(row, 0))
    });
    Ok(nothing_without_table(found)?.into_iter().flatten().next())
}

fn statement(filter: &LicenseFilter, from: From, most: usize) -> (String, NamedParams) {
    let mut parameters = NamedParams::default();
    let begin = searched(&filter.search, &mut parameters);
    let mut conditions = conditions(filter, &mut parameters);
    let order = match from {
        From::Before(0) => "DESC",
        From::Before(row) => {
            parameters.set("row", row.into());
            conditions.push("l.id<:row");
            "DESC"
        }
        From::After(row) => {
            parameters.set("row", row.into());
            conditions.push("l.id>:row");
            "ASC"
        }
    };
    let statement = format!(
        "{SHOWN}{begin}{} ORDER BY l.id {order} LIMIT {most}{JOINED} {order}",
        conditions.join(" AND ")
    );
    (statement, parameters)
}

fn searched(search: &Search, parameters: &mut NamedParams) -> &'static str {
    match search {
        Search::Everything => EACH,
        Search::Number(number) => {
            parameters.set("number", (*number).into());
            BY_NUMBER
        }
        Search::Text(text) => {
            let escaped = like(text);
            parameters.set("within", format!("%{escaped}%").into());
            parameters.set("first", format!("{escaped}%").into());
            BY_TEXT
        }
        Search::Key(key) => {
            parameters.set("key", key.expose().into());
            BY_KEY
        }
    }
}

fn conditions(filter: &LicenseFilter, parameters: &mut NamedParams) -> Vec<&'static str> {
    let mut conditions = vec!["l.license_key<>''"];
    conditions.extend(match filter.state {
        Some(LicenseState::Active) => Some("l.revoked_at IS NULL"),
        Some(LicenseState::Revoked) => Some("l.revoked_at IS NOT NULL"),
        None => None,
    });
    match filter.product.as_deref() {
        None => {}
        Some("") => conditions.push("l.product_slug IS NULL"),
        Some(slug) => {
            parameters.set("slug", slug.into());
            conditions.push("l.product_slug=:slug");
        }
    }
    conditions.extend(filter.has_service.map(|has_service| {
        if has_service {
            WITH_SERVICE
        } else {
            WITHOUT_SERVICE
        }
    }));
    let day = |days: u32| clock::ago(i64::from(days) * 86_400);
    if let Some(days) = filter.younger_than {
        parameters.set("since", day(days).into());
        conditions.push("l.issued_at>=:since");
    }
    if let Some(days) = filter.older_than {
        parameters.set("until", day(days).into());
        conditions.push("l.issued_at<:until");
    }
    conditions
}

fn read(row: &Row) -> ShownLicense {
    let text = |at: usize| column::<String>(row, at);
    let (service, addon): (u32, u32) = (column(row, 8), column(row, 9));
    let is_there = !text(11).is_empty();
    let typed = |at: usize| decode_entities(&text(at));
    let names = [typed(14), typed(15)];
    let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
    let client = match typed(16).trim() {
        "" => names.join(" ").trim().to_owned(),
        company => company.to_owned(),
    };
    ShownLicense {
        row: column(row, 0),
        hint: LicenseKey::new(&text(1)).map_or_else(String::new, |key| key.hint()),
        slug: text(2),
        id: column(row, 3),
        site: text(4),
        issued_at: text(5),
        revoked_at: column(row, 6),
        revoked_for: text(7),
        // Of an addon the service that it belongs to today.
        service_id: (service > 0 || addon > 0).then(|| {
            let of_today: u32 = column(row, 17);
            let service = if addon > 0 && of_today > 0 {
                of_today
            } else {
                service
            };
            ServiceId::from_columns(service, addon)
        }),
        order_id: column(row, 10),
        status: is_there.then(|| ServiceStatus::named(&text(11))),
        domain: typed(12),
        client_id: column(row, 13),
        client,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_number_a_key_or_a_text() {
        assert_eq!(Search::typed("  "), Search::Everything);
        assert_eq!(Search::typed(" #42 "), Search::Number(42));
        assert_eq!(Search::typed("42"), Search::Number(42));
        let key = "jetpack-scan_xZjtE12WIVwBus4n2wbIrYcIM";
        assert_eq!(
            Search::typed(key),
            Search::Key(LicenseKey::new(key).unwrap())
        );
        for text in [
            "customer.example",
            "my_site.example",
            "_xZjtE12WIVwBus4n2wbIrYcIM",
            "99999999999",
        ] {
            assert_eq!(Search::typed(text), Search::Text(text.to_owned()));
        }
    }

    #[test]
    fn every_filter_is_a_condition_with_its_value() {
        let filter = LicenseFilter {
            search: Search::Text("a'b".into()),
            state: Some(LicenseState::Revoked),
            product: Some("jetpack-scan".into()),
            has_service: Some(false),
            younger_than: Some(30),
            older_than: Some(7),
        };
        let (statement, _) = super::statement(&filter, From::Before(9), 51);
        for part in [
            "l.revoked_at IS NOT NULL",
            "l.product_slug=:slug",
            "l.service_id IS NULL",
            "l.issued_at>=:since",
            "l.issued_at<:until",
            "l.id<:row ORDER BY l.id DESC LIMIT 51",
        ] {
            assert!(statement.contains(part), "{part}: {statement}");
        }
    }
}
