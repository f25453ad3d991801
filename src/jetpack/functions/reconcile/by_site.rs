//! The service of an unassigned license by its site: the one service in use whose domain is the site's host name, which sells
//! this product with this token and lacks a license. Only recorded: staff see it, and confirm it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::database::Database;
use crate::error::Error;
use crate::jetpack::api::site::host_of;
use crate::jetpack::licensing::adoption::sold_by;
use crate::jetpack::tables::unassigned;
use crate::random;
use crate::service_id::ServiceId;
use crate::whmcs::services::{ProductRef, ServiceRow, Settings};

/// Licenses that are recorded together.
const BATCH: usize = 500;

#[derive(Default)]
/// The unassigned licenses that are attached to a site, and the services that may be theirs.
pub struct BySite {
    hashes: RandomState,
    /// A hash of product, token and host name of each license; and its row.
    licenses: Vec<(u64, u32)>,
    /// The same hash of each service in use, and how many licenses it lacks.
    services: Vec<(u64, ServiceId, u32)>,
    /// Product and token, by what was sold.
    sold: HashMap<ProductRef, Option<(String, String)>>,
}

impl BySite {
    /// Reads the unassigned licenses that are attached to a site. One statement.
    pub fn read(database: &mut Database) -> Result<Self, Error> {
        let mut by_site = Self::default();
        let (hashes, licenses) = (&by_site.hashes, &mut by_site.licenses);
        unassigned::with_site(database, |row, slug, token, host| {
            licenses.push((hashes.hash_one((slug, token, host)), row));
        })?;
        by_site.licenses.sort_unstable();
        Ok(by_site)
    }

    /// Looks at a service that holds so many licenses. Where an answer is lost, it waits for that. True where the site of a
    /// license is the service's domain.
    pub fn note(
        &mut self,
        sold: &ServiceRow,
        settings: &Settings,
        active: u32,
        is_open: bool,
    ) -> bool {
        if self.licenses.is_empty() || !sold.status.is_in_use() {
            return false;
        }
        let host = host_of(Some(&sold.domain));
        let of_product = self
            .sold
            .entry(sold.definition)
            .or_insert_with(|| sold_by(&sold.service(settings)));
        let Some((slug, token)) = of_product.as_ref().filter(|_| !host.is_empty()) else {
            return false;
        };
        let hash = self
            .hashes
            .hash_one((slug.as_str(), token.as_str(), host.as_str()));
        if of(&self.licenses, hash).is_empty() {
            return false;
        }
        let lacks = if is_open {
            0
        } else {
            sold.quantity.saturating_sub(active)
        };
        self.services.push((hash, sold.service_id, lacks));
        true
    }

    /// Records what is certain, in place of what an earlier run said.
    pub fn write_down(mut self, database: &mut Database) -> Result<(), Error> {
        unassigned::forget_plan(database)?;
        self.services.sort_by_key(|(hash, ..)| *hash);
        let mut owners = Vec::new();
        for same in self.services.chunk_by(|one, next| one.0 == next.0) {
            let [(hash, service_id, lacks)] = same else {
                continue;
            };
            let licenses = of(&self.licenses, *hash);
            if licenses.len() <= *lacks as usize {
                owners.extend(licenses.iter().map(|(_, row)| (*row, *service_id)));
            }
        }
        let mut mark = random::hex()?;
        mark.truncate(16);
        for some in owners.chunks(BATCH) {
            unassigned::plan(database, &mark, some)?;
        }
        Ok(())
    }
}

fn of(licenses: &[(u64, u32)], hash: u64) -> &[(u64, u32)] {
    let first = licenses.partition_point(|(known, _)| *known < hash);
    let rest = licenses.get(first..).unwrap_or_default();
    let count = rest.iter().take_while(|(known, _)| *known == hash).count();
    rest.get(..count).unwrap_or_default()
}
