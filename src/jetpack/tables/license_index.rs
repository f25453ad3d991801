//! The license table by key, for the comparison with the partner's own list: sixteen bytes for each license.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::database::{Database, SqlError, column};
use crate::whmcs::services::ProductRef;

/// Of a service that is gone or sold by another module, the product that the row names.
const ALL: &str =
    "SELECT l.id, l.license_key, l.revoked_at IS NULL, COALESCE(d.id, 0), COALESCE(p.id, 0), l.product_id
    FROM jetpack_product_licenses l
    LEFT JOIN tblhosting h ON h.id=l.service_id AND l.addon_id=0
    LEFT JOIN tblproducts p ON p.id=h.packageid AND p.servertype='jetpack'
    LEFT JOIN tblhostingaddons a ON a.id=l.addon_id AND l.addon_id>0
    LEFT JOIN tbladdons d ON d.id=a.addonid AND d.module='jetpack'
    WHERE l.license_key<>''";

/// The number of a token in the run; a row can have none.
pub type TokenNumber = Option<u16>;

/// All licenses of the table, by a hash of the key.
pub struct LicenseIndex {
    hashes: RandomState,
    /// Sorted by hash.
    entries: Vec<IndexedLicense>,
}

/// A row of the license table in sixteen bytes.
#[derive(Debug, Clone, Copy)]
pub struct IndexedLicense {
    hash: u64,
    pub row: u32,
    /// One less than its number, in the 14 low bits; the state above them.
    packed: u16,
}

const NO_TOKEN: u16 = (1 << 14) - 1;
const ACTIVE: u16 = 1 << 14;
const SEEN: u16 = 1 << 15;

impl LicenseIndex {
    /// Reads the table in one statement. `token_of` is asked once for each product.
    pub fn read(
        database: &mut Database,
        mut token_of: impl FnMut(ProductRef) -> TokenNumber,
    ) -> Result<Self, SqlError> {
        let hashes = RandomState::new();
        let mut entries = Vec::new();
        let mut tokens: HashMap<ProductRef, TokenNumber> = HashMap::new();
        let task = "read the license table";
        database.query_each(task, ALL, (), |row| {
            let sold_as = match (column(row, 3), column(row, 4)) {
                (0, 0) => ProductRef::Product(column(row, 5)),
                (0, product) => ProductRef::Product(product),
                (addon, _) => ProductRef::Addon(addon),
            };
            let token = *tokens.entry(sold_as).or_insert_with(|| token_of(sold_as));
            let is_active: bool = column(row, 2);
            entries.push(IndexedLicense {
                hash: hashes.hash_one(column::<String>(row, 1).as_str()),
                row: column(row, 0),
                packed: token.map_or(NO_TOKEN, |number| number.min(NO_TOKEN))
                    | if is_active { ACTIVE } else { 0 },
            });
        })?;
        entries.sort_unstable_by_key(|entry| entry.hash);
        Ok(Self { hashes, entries })
    }

    /// Returns the rows with this key: mostly one, but the PHP module may have written it twice.
    pub fn rows(&mut self, key: &str) -> &mut [IndexedLicense] {
        let hash = self.hashes.hash_one(key);
        let first = self.entries.partition_point(|entry| entry.hash < hash);
        let rest = self.entries.get_mut(first..).unwrap_or_default();
        let count = rest.iter().take_while(|entry| entry.hash == hash).count();
        rest.get_mut(..count).unwrap_or_default()
    }

    /// Returns the rows that were seen in the list, in the order of their ids.
    pub fn seen(&self) -> Vec<u32> {
        let seen = self.entries.iter().filter(|entry| entry.is_seen());
        let mut rows: Vec<u32> = seen.map(|entry| entry.row).collect();
        rows.sort_unstable();
        rows
    }
}

impl IndexedLicense {
    pub const fn is_active(self) -> bool {
        self.packed & ACTIVE != 0
    }

    pub const fn is_seen(self) -> bool {
        self.packed & SEEN != 0
    }

    pub const fn see(&mut self) {
        self.packed |= SEEN;
    }

    pub const fn is_of(self, token: u16) -> bool {
        token < NO_TOKEN && self.packed & NO_TOKEN == token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_finds_its_rows_and_no_others() {
        let hashes = RandomState::new();
        let entry = |key: &str, row, packed| IndexedLicense {
            hash: hashes.hash_one(key),
            row,
            packed,
        };
        let mut entries = vec![
            entry("a", 1, ACTIVE | 3),
            entry("b", 2, NO_TOKEN),
            entry("a", 3, 3),
            entry("A", 4, ACTIVE),
        ];
        entries.sort_by_key(|entry| entry.hash);
        let mut index = LicenseIndex { hashes, entries };
        for row in index.rows("a") {
            row.see();
        }
        assert_eq!(index.seen(), [1, 3]);
        let [first, second] = index.rows("a") else {
            panic!("two rows")
        };
        assert!(first.is_of(3) && second.is_of(3) && !first.is_of(0));
        assert_ne!(first.is_active(), second.is_active());
        assert!(!index.rows("b")[0].is_of(NO_TOKEN) && !index.rows("b")[0].is_seen());
        assert!(index.rows("c").is_empty());
        assert_eq!(size_of::<IndexedLicense>(), 16);
    }
}
