//! The Comet Servers of products: whether they can be reached and let the administrator in, and whether they have the policy
//! groups, storage templates and tenants that products name. Each is asked once.

use std::collections::HashMap;

use super::{ProblemSubject, Report, Severity};
use crate::cometbackup::account::settings::ModuleSettings;
use crate::cometbackup::functions::config_options::{self, Choices};
use crate::cometbackup::functions::{organizations, test_connection};
use crate::error::Error;
use crate::text::plain;
use crate::whmcs::catalog::Sold;
use crate::whmcs::servers::StoredServer;
use crate::whmcs::{self, Host};

/// What an account is created from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum List {
    PolicyGroups,
    Templates,
    Tenants,
}

/// Ids that the server lists; `None` where it could not be asked, which is reported once.
type Ids = Option<Vec<String>>;

struct Asked {
    server: whmcs::Server,
    works: bool,
    lists: HashMap<(List, Option<String>), Ids>,
}

pub struct Servers<'a> {
    host: &'a dyn Host,
    stored: Vec<StoredServer>,
    asked: HashMap<u32, Asked>,
}

impl<'a> Servers<'a> {
    pub fn new(host: &'a dyn Host, stored: Vec<StoredServer>) -> Self {
        Self {
            host,
            stored,
            asked: HashMap::new(),
        }
    }

    /// Counts the servers that were asked.
    pub fn asked(&self) -> usize {
        self.asked.len()
    }

    /// Returns the servers that take new services.
    pub fn enabled(&self) -> Vec<u32> {
        let enabled = self.stored.iter().filter(|server| server.is_enabled());
        enabled.map(StoredServer::id).collect()
    }

    /// Compares a product with one of its servers.
    pub fn compare(
        &mut self,
        server: u32,
        sold: &Sold,
        settings: &ModuleSettings,
        report: &mut Report,
    ) {
        if !self.works(server, report) {
            let what = "Its Comet server cannot be used now, so its policy group, storage template and tenant were not compared.";
            let advice = "See what is said of the server, and validate again.";
            let is_told = report.problems.iter().any(|problem| {
                problem.what == what
                    && problem.about == ProblemSubject::Sold(sold.definition, sold.name.clone())
            });
            if !is_told {
                report.of_sold(Severity::Unchecked, sold, what, advice);
            }
            return;
        }
        let tenant = settings.tenant.as_deref();
        if let Some(tenant) = tenant
            && !self.must_list(server, (List::Tenants, None), tenant, sold, report)
        {
            return;
        }
        if let Some(group) = settings.policy_group.as_deref()
            // It is created with the first account.
            && !group.starts_with("WHMCS_")
        {
            self.must_list(server, (List::PolicyGroups, tenant), group, sold, report);
        }
        if let Some(template) = settings.storage_template.as_deref() {
            self.must_list(server, (List::Templates, tenant), template, sold, report);
        }
    }

    /// False where it is known that the server has it not.
    fn must_list(
        &mut self,
        server: u32,
        (list, tenant): (List, Option<&str>),
        id: &str,
        sold: &Sold,
        report: &mut Report,
    ) -> bool {
        let Some(ids) = self.ids(server, list, tenant, report) else {
            return true;
        };
        if ids.iter().any(|listed| listed == id) {
            return true;
        }
        let what = match list {
            List::PolicyGroups => "policy group",
            List::Templates => "storage template",
            List::Tenants => "tenant",
        };
        let of_tenant = match tenant {
            Some(tenant) => format!(" for the tenant {}", plain(tenant)),
            None => String::new(),
        };
        let sentence = format!(
            "The Comet server {server} has no {what} {}{of_tenant}, which its Module Settings name.",
            plain(id)
        );
        let advice = "Choose one that the server has in its Module Settings.";
        report.of_sold(Severity::Fault, sold, sentence, advice);
        false
    }

    /// Asked at the first use: login, version, roles and clock.
    fn works(&mut self, id: u32, report: &mut Report) -> bool {
        if let Some(asked) = self.asked.get(&id) {
            return asked.works;
        }
        let Some(stored) = self.stored.iter().find(|server| server.id() == id) else {
            return false;
        };
        let server = stored.clone().decrypted(self.host);
        let works = match test_connection::check(self.host, &server) {
            Ok(_) => true,
            Err(error) => {
                let severity = match &error {
                    Error::NotSent(_) | Error::NoAnswer(_) => Severity::Unchecked,
                    _ => Severity::Fault,
                };
                let advice =
                    "Correct it under System Settings, Servers, and press Test Connection there.";
                report.add(severity, about(&server), error.for_staff(""), advice);
                false
            }
        };
        let lists = HashMap::new();
        self.asked.insert(
            id,
            Asked {
                server,
                works,
                lists,
            },
        );
        works
    }

    fn ids(&mut self, id: u32, list: List, tenant: Option<&str>, report: &mut Report) -> Ids {
        let host = self.host;
        let asked = self.asked.get_mut(&id)?;
        let key = (list, tenant.map(str::to_owned));
        if let Some(known) = asked.lists.get(&key) {
            return known.clone();
        }
        let read = read(host, &asked.server, list, tenant);
        let ids = match read {
            Ok(choices) => Some(choices.into_iter().map(|(id, _)| id).collect()),
            Err(error) => {
                let what = format!(
                    "Not all products could be compared with it. {}",
                    error.for_staff("")
                );
                let advice = "Validate again when the server answers that.";
                report.add(Severity::Unchecked, about(&asked.server), what, advice);
                None
            }
        };
        asked.lists.insert(key, ids.clone());
        ids
    }
}

fn read(
    host: &dyn Host,
    server: &whmcs::Server,
    list: List,
    tenant: Option<&str>,
) -> Result<Choices, Error> {
    match list {
        List::PolicyGroups => config_options::listed_policy_groups(host, server, tenant),
        List::Templates => config_options::listed_templates(host, server, tenant),
        List::Tenants => {
            let mut choices = Vec::new();
            organizations::listed(host, server, &mut choices)?;
            Ok(choices)
        }
    }
}

fn about(server: &whmcs::Server) -> ProblemSubject {
    let name = if server.hostname.is_empty() {
        &server.ip
    } else {
        &server.hostname
    };
    ProblemSubject::Server(server.id, name.clone())
}
