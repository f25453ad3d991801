//! The columns of `jetpack_product_licenses` about the customer's site: what is still to be done there, and what was done.

use mysql::Row;

use crate::database::moment::{if_past, is_recent};
use crate::database::{Database, SqlError, Transaction, column, params};
use crate::jetpack::Activation;
use crate::reconciliation::Scope;
use crate::service_id::ServiceId;
use crate::whmcs::{Options, ServiceStatus};

const TASK: &str = "write the license table";

const ATTACHED: &str = "UPDATE jetpack_product_licenses
    SET site=:site, attached_at=UTC_TIMESTAMP(), site_step=NULL WHERE id=:id";

/// Nothing is attached again by itself after that.
const DETACHED: &str =
    "UPDATE jetpack_product_licenses SET site=NULL, attached_at=NULL, site_step=NULL WHERE id=:id";

const CONNECTED: &str = "UPDATE jetpack_product_licenses
    SET blog_id=COALESCE(:blog_id, blog_id), connected_at=UTC_TIMESTAMP() WHERE id=:id";

const CUT: &str = "UPDATE jetpack_product_licenses
    SET blog_id=COALESCE(:blog_id, blog_id), connected_at=NULL, site_step='cut' WHERE id=:id";

const TRIED: &str =
    "UPDATE jetpack_product_licenses SET site_tried_at=UTC_TIMESTAMP(), site_step=:step
    WHERE id=:id AND revoked_at IS NULL";

/// One row where nobody tried within the last minute.
const CLAIM: &str = concat!(
    "UPDATE jetpack_product_licenses SET site_tried_at=UTC_TIMESTAMP()
    WHERE id=:id AND revoked_at IS NULL AND NOT ",
    is_recent!("site_tried_at", "1 MINUTE")
);

/// The first license of each service in use whose setting 5 is on: the one that is to be attached.
const FIRST_WITH_STEP: &str = "SELECT l.service_id, l.addon_id, l.site_step, RIGHT(l.license_key, 4), l.id
    FROM jetpack_product_licenses l
    LEFT JOIN tblhosting h ON h.id=l.service_id AND l.addon_id=0
    LEFT JOIN tblproducts p ON p.id=h.packageid AND p.servertype='jetpack'
    LEFT JOIN tblhostingaddons a ON a.id=l.addon_id AND l.addon_id>0
    LEFT JOIN tbladdons d ON d.id=a.addonid AND d.module='jetpack'
    LEFT JOIN tblmodule_configuration c ON c.entity_type='addon' AND c.entity_id=d.id AND c.setting_name='configoption5'
    WHERE FIND_IN_SET(COALESCE(a.status, h.domainstatus), :in_use)
      AND COALESCE(c.value, p.configoption5, '') NOT IN ('', '0', 'off', 'no')
      AND l.site_step IS NOT NULL AND l.revoked_at IS NULL AND l.license_key<>'' AND l.service_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM jetpack_product_licenses o
        WHERE o.service_id=l.service_id AND o.addon_id=l.addon_id AND o.revoked_at IS NULL AND o.license_key<>''
          AND (o.id<l.id OR o.site IS NOT NULL))";

const LONGEST_UNTRIED: &str = concat!(
    " AND l.site_step IN ('open', 'staff') ORDER BY COALESCE(",
    if_past!("l.site_tried_at"),
    ", '2000-01-01'), l.id LIMIT :most"
);

const FOR_A_PERSON: &str =
    " AND l.site_step IN ('cut', 'staff') AND l.id>:after ORDER BY l.id LIMIT 500";

/// The step that is still to be taken at the customer's site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteStep {
    /// A step to be tried, and again until it works.
    Open,
    /// A step that also takes a person: the site is not known to be the customer's, or its address cannot be used.
    Staff,
    /// Its owner has cut the connection to Jetpack: nothing happens by itself.
    Cut,
}

impl SiteStep {
    const ALL: [Self; 3] = [Self::Open, Self::Staff, Self::Cut];

    /// Returns the step that a new license begins with.
    pub fn first(options: &Options) -> Option<Self> {
        (Activation::of(options) != Activation::ByCustomer).then_some(Self::Open)
    }

    pub const fn stored(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Staff => "staff",
            Self::Cut => "cut",
        }
    }

    fn named(stored: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.stored() == stored)
    }
}

/// The facts that are known of a license's site. Times are UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteRecord {
    pub step: Option<SiteStep>,
    pub tried_at: Option<String>,
    /// The id that Jetpack gave the site.
    pub blog_id: Option<u64>,
    pub connected_at: Option<String>,
    pub attached_at: Option<String>,
}

impl SiteRecord {
    pub fn to_do(step: Option<SiteStep>) -> Self {
        Self {
            step,
            ..Self::default()
        }
    }

    pub fn read(row: &Row) -> Self {
        Self {
            step: column::<Option<String>>(row, "site_step")
                .and_then(|stored| SiteStep::named(&stored)),
            tried_at: column(row, "site_tried_at"),
            blog_id: column(row, "blog_id"),
            connected_at: column(row, "connected_at"),
            attached_at: column(row, "attached_at"),
        }
    }
}

/// A service whose license has a step left at its site.
pub struct OpenSite {
    pub service_id: ServiceId,
    pub step: SiteStep,
    /// The key's last characters.
    pub hint: String,
    pub row: u64,
}

/// Records that the license is attached; part of the transaction that ends the journal row.
pub fn attached_within(
    transaction: &mut Transaction<'_>,
    row: u64,
    site: &str,
) -> mysql::Result<()> {
    transaction.execute(ATTACHED, params! { "id" => row, "site" => site })?;
    Ok(())
}

/// Records that the license was detached, in the same way.
pub fn detached_within(transaction: &mut Transaction<'_>, row: u64) -> mysql::Result<()> {
    transaction.execute(DETACHED, params! { "id" => row })?;
    Ok(())
}

/// Records that the site is connected, or that its owner has cut that, in the same way.
pub fn connected_within(
    transaction: &mut Transaction<'_>,
    row: u64,
    blog_id: Option<u64>,
    is_cut: bool,
) -> mysql::Result<()> {
    let statement = if is_cut { CUT } else { CONNECTED };
    transaction.execute(statement, params! { "id" => row, "blog_id" => blog_id })?;
    Ok(())
}

/// Records that the step is tried now.
pub fn tried(database: &mut Database, row: u64, step: SiteStep) -> Result<(), SqlError> {
    let parameters = params! { "id" => row, "step" => step.stored() };
    database.execute(TASK, TRIED, parameters).map(drop)
}

/// Records the same for a customer's click; false where somebody tried within the last minute, by the database's clock.
pub fn claim(database: &mut Database, row: u64) -> Result<bool, SqlError> {
    Ok(database.execute(TASK, CLAIM, params! { "id" => row })? == 1)
}

/// Reads steps to try, the longest untried first.
pub fn longest_untried(
    database: &mut Database,
    scope: Scope,
    most: usize,
) -> Result<Vec<OpenSite>, SqlError> {
    let parameters = params! { "most" => most, "in_use" => ServiceStatus::in_use_words() };
    read(database, scope, LONGEST_UNTRIED, parameters)
}

/// Reads steps that a person has to see to, by row.
pub fn for_a_person(
    database: &mut Database,
    scope: Scope,
    after: u64,
) -> Result<Vec<OpenSite>, SqlError> {
    let parameters = params! { "after" => after, "in_use" => ServiceStatus::in_use_words() };
    read(database, scope, FOR_A_PERSON, parameters)
}

fn read(
    database: &mut Database,
    scope: Scope,
    rest: &str,
    parameters: mysql::Params,
) -> Result<Vec<OpenSite>, SqlError> {
    let only = match scope {
        Scope::Everything => String::new(),
        Scope::Of(ServiceId::Service(id)) => format!(" AND l.service_id={id} AND l.addon_id=0"),
        Scope::Of(ServiceId::Addon { id, .. }) => format!(" AND l.addon_id={id}"),
    };
    let statement = format!("{FIRST_WITH_STEP}{only}{rest}");
    let rows = database.query("read the license table", &statement, parameters, |row| {
        Some(OpenSite {
            service_id: ServiceId::from_columns(column(row, 0), column(row, 1)),
            step: SiteStep::named(&column::<String>(row, 2))?,
            hint: crate::text::plain(&column::<String>(row, 3)),
            row: column(row, 4),
        })
    })?;
    Ok(rows.into_iter().flatten().collect())
}
