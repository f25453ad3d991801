//! *Validate*: whether what is sold can be delivered. Each product and product addon of both modules is compared with what
//! Jetpack, the Comet Servers and WHMCS say; nothing is changed anywhere. A token and a server are asked once, not for each
//! product.

mod comet;
mod comet_limits;
mod comet_servers;
mod comet_settings;
mod common;
mod jetpack;

use crate::cometbackup;
use crate::error::Error;
use crate::jetpack as jetpack_module;
use crate::whmcs::catalog::{self, Sold, prices};
use crate::whmcs::mail::{self, Template};
use crate::whmcs::services::{ProductRef, Settings, settings};
use crate::whmcs::{Host, open_database};

/// The weight of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What is sold cannot be delivered, or not as it is meant.
    Fault,
    /// Staff should know it.
    Note,
    /// Could not be asked.
    Unchecked,
}

/// The subject of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemSubject {
    Sold(ProductRef, String),
    Server(u32, String),
    /// A fingerprint.
    Token(String),
}

/// A problem: one thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub about: ProblemSubject,
    /// One sentence: what is wrong.
    pub what: String,
    /// One sentence: what to do.
    pub advice: String,
}

/// The result of a validation: what was looked at, and the problems.
#[derive(Debug, Default)]
pub struct Report {
    pub problems: Vec<Problem>,
    /// Products and product addons.
    pub compared: usize,
    pub tokens: usize,
    pub servers: usize,
}

impl Report {
    fn add(
        &mut self,
        severity: Severity,
        about: ProblemSubject,
        what: impl Into<String>,
        advice: &str,
    ) {
        self.problems.push(Problem {
            severity,
            about,
            what: what.into(),
            advice: advice.to_owned(),
        });
    }

    fn of_sold(&mut self, severity: Severity, sold: &Sold, what: impl Into<String>, advice: &str) {
        let about = ProblemSubject::Sold(sold.definition, sold.name.clone());
        self.add(severity, about, what, advice);
    }
}

/// What WHMCS's tables say beside the products.
struct Shop {
    currencies: usize,
    templates: Vec<Template>,
}

/// What a module sells, with its settings.
struct Assortment {
    sold: Vec<Sold>,
    settings: Settings,
}

impl Assortment {
    fn read(
        host: &dyn Host,
        database: &mut crate::database::Database,
        module: &'static str,
        only: Option<ProductRef>,
    ) -> Result<Self, Error> {
        let mut sold = catalog::sold(database, module)?;
        sold.retain(|sold| only.is_none_or(|only| only == sold.definition));
        Ok(Self {
            sold,
            settings: settings(host, database, module)?,
        })
    }
}

/// Compares everything, or one product or product addon. One request for a Jetpack token; two for a Comet Server, and one
/// each for its policy groups, storage templates and tenants where a product names one.
///
/// # Errors
/// Where WHMCS's tables cannot be read. What cannot be asked is a problem of its own.
pub fn run(host: &dyn Host, only: Option<ProductRef>) -> Result<Report, Error> {
    let mut database = open_database(host)?;
    let shop = Shop {
        currencies: prices::currencies(&mut database)?.len(),
        templates: mail::all_templates(&mut database)?,
    };
    let of_jetpack = Assortment::read(host, &mut database, jetpack_module::MODULE, only)?;
    let of_comet = Assortment::read(host, &mut database, cometbackup::MODULE, only)?;
    let setup = comet::Setup::read(&mut database)?;
    // Requests follow, and WHMCS's code that decrypts passwords.
    drop(database);
    let mut report = Report {
        compared: of_jetpack.sold.len() + of_comet.sold.len(),
        ..Report::default()
    };
    jetpack::compare(host, &shop, &of_jetpack, &mut report)?;
    comet::compare(host, &shop, &of_comet, setup, &mut report);
    report.problems.sort_by_key(|problem| problem.severity);
    Ok(report)
}
