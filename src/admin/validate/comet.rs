//! Products of Comet: what their servers, settings, options and fields must have.

use std::collections::HashMap;

use super::comet_servers::Servers;
use super::{Assortment, Report, Severity, Shop, comet_limits, comet_settings, common};
use crate::cometbackup::MODULE;
use crate::cometbackup::account::settings::ModuleSettings;
use crate::database::Database;
use crate::error::Error;
use crate::whmcs::catalog::fields::{self, StoredField};
use crate::whmcs::catalog::options::{self, StoredOption};
use crate::whmcs::catalog::{self, Member, Sold};
use crate::whmcs::servers::{self, StoredServer};
use crate::whmcs::services::ProductRef;
use crate::whmcs::{Host, mail};

/// The set-up of Comet in WHMCS's tables.
pub struct Setup {
    pub members: Vec<Member>,
    pub servers: Vec<StoredServer>,
    pub options: HashMap<u32, Vec<StoredOption>>,
    pub fields: HashMap<ProductRef, Vec<StoredField>>,
    pub departments: Vec<u32>,
}

impl Setup {
    pub fn read(database: &mut Database) -> Result<Self, Error> {
        let departments = mail::departments(database)?.into_iter();
        Ok(Self {
            departments: departments.map(|(id, _)| id).collect(),
            members: catalog::members(database, MODULE)?,
            servers: servers::all(database)?,
            options: options::of_module(database, MODULE)?,
            fields: fields::of_module(database, MODULE)?,
        })
    }
}

pub fn compare(
    host: &dyn Host,
    shop: &Shop,
    assortment: &Assortment,
    mut setup: Setup,
    report: &mut Report,
) {
    let stored = std::mem::take(&mut setup.servers);
    let mut servers = Servers::new(host, stored);
    for sold in &assortment.sold {
        common::compare(shop, sold, report);
        let options = assortment.settings.get(&sold.definition).cloned();
        let options = options.unwrap_or_default();
        let settings = ModuleSettings::read(&options);
        comet_settings::compare(shop, sold, &options, &setup.departments, report);
        let has_account = comet_settings::has_account(sold, &settings);
        if let ProductRef::Product(id) = sold.definition {
            let options = setup.options.get(&id).map(Vec::as_slice);
            comet_limits::options(shop, sold, &settings, options.unwrap_or_default(), report);
        }
        if !has_account {
            continue;
        }
        let fields = setup.fields.get(&sold.definition).map(Vec::as_slice);
        comet_limits::fields(sold, fields.unwrap_or_default(), report);
        for server in servers_of(sold, &setup.members, &servers, report) {
            servers.compare(server, sold, &settings, report);
        }
    }
    report.servers += servers.asked();
}

/// The servers that an account of it may be created on.
fn servers_of(
    sold: &Sold,
    members: &[Member],
    servers: &Servers<'_>,
    report: &mut Report,
) -> Vec<u32> {
    if sold.server_group == 0 {
        let all = servers.enabled();
        if all.is_empty() {
            let what = "WHMCS has no enabled Comet server, so no account can be created.";
            let advice = "Add or enable one under System Settings, Servers.";
            report.of_sold(Severity::Fault, sold, what, advice);
        }
        return all;
    }
    let of_group = members.iter();
    let of_group = of_group.filter(|member| member.group == sold.server_group);
    let enabled: Vec<u32> = of_group
        .filter(|member| member.is_enabled)
        .map(|member| member.server)
        .collect();
    if enabled.is_empty() {
        let what =
            "Its server group has no enabled Comet server, so WHMCS finds none for a new account.";
        let advice =
            "Choose another Server Group in its Module Settings, or enable a server of the group.";
        report.of_sold(Severity::Fault, sold, what, advice);
    }
    enabled
}
