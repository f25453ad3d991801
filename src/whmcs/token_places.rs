//! The places where API tokens of Jetpack are stored: in products, in product addons, and in the settings of the companion
//! addon module.

use mysql::Value;

use super::{Host, stored_token};
use crate::database::{Database, SqlError, Transaction, column, placeholders};
use crate::error::Error;
use crate::secret::Secret;
use crate::text::decode_entities;

const ALL: &str = "SELECT 'product', p.name, p.configoption1, p.id FROM tblproducts p
    WHERE p.servertype='jetpack' AND TRIM(p.configoption1)<>''
    UNION ALL SELECT 'addon', d.name, c.value, d.id FROM tbladdons d
      JOIN tblmodule_configuration c ON c.entity_type='addon' AND c.entity_id=d.id AND c.setting_name='configoption1'
    WHERE d.module='jetpack' AND TRIM(c.value)<>''
    UNION ALL SELECT 'module', m.module, m.value, 0 FROM tbladdonmodules m
    WHERE m.module='jetpack' AND m.setting='api_token' AND TRIM(m.value)<>''";

/// A value as it is stored, byte by byte: two tokens may differ in nothing but the case of a letter.
macro_rules! bytes_of {
    ($column:literal) => {
        concat!("CAST(CONVERT(", $column, " USING utf8mb4) AS BINARY) IN ")
    };
}

const OF_PRODUCTS: &str = concat!(
    "UPDATE tblproducts SET configoption1=? WHERE servertype='jetpack' AND ",
    bytes_of!("configoption1")
);

const OF_ADDONS: &str = concat!(
    "UPDATE tblmodule_configuration c JOIN tbladdons d ON d.id=c.entity_id AND d.module='jetpack' SET c.value=?
    WHERE c.entity_type='addon' AND c.setting_name='configoption1' AND ",
    bytes_of!("c.value")
);

const OF_MODULES: &str = concat!(
    "UPDATE tbladdonmodules SET value=? WHERE module='jetpack' AND setting='api_token' AND ",
    bytes_of!("value")
);

/// A kind of holder of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenHolder {
    Product,
    Addon,
    /// The settings of an addon module.
    AddonModule,
}

impl TokenHolder {
    pub const ALL: [Self; 3] = [Self::Product, Self::Addon, Self::AddonModule];

    fn named(stored: &str) -> Self {
        match stored {
            "product" => Self::Product,
            "addon" => Self::Addon,
            _ => Self::AddonModule,
        }
    }

    const fn replacing(self) -> &'static str {
        match self {
            Self::Product => OF_PRODUCTS,
            Self::Addon => OF_ADDONS,
            Self::AddonModule => OF_MODULES,
        }
    }
}

/// A place that holds a token.
#[derive(Debug, Clone)]
pub struct TokenPlace {
    pub holder: TokenHolder,
    /// Of the product or the definition of the product addon; 0 without.
    pub id: u32,
    pub name: String,
    stored: Secret<String>,
}

impl TokenPlace {
    /// The token as it is sent; what cannot be decrypted stays hidden. WHMCS's code runs where it is hidden: call it before a
    /// connection is in use.
    pub fn token(&self, host: &dyn Host) -> Secret<String> {
        Secret::new(stored_token::reveal(host, self.stored.expose()))
    }

    /// Returns the fingerprint of its token, which needs nothing of WHMCS.
    pub fn fingerprint(&self) -> String {
        stored_token::fingerprint_of(self.stored.expose())
    }

    pub fn is_hidden(&self) -> bool {
        stored_token::is_hidden(self.stored.expose())
    }

    /// Whether the token can be had. WHMCS's code runs, as above.
    pub fn is_readable(&self, host: &dyn Host) -> bool {
        stored_token::unhidden(host, self.stored.expose()).is_some()
    }

    /// Returns what it holds, hidden where it is in plain text. WHMCS's code runs, as above.
    ///
    /// # Errors
    /// Where WHMCS cannot encrypt it so that it comes back.
    pub fn hidden(&self, host: &dyn Host) -> Result<Secret<String>, Error> {
        stored_token::hide(host, self.stored.expose()).map(Secret::new)
    }

    /// Returns what it held before it was hidden; `None` where it cannot be decrypted. WHMCS's code runs, as above.
    pub fn unhidden(&self, host: &dyn Host) -> Option<Secret<String>> {
        stored_token::unhidden(host, self.stored.expose()).map(Secret::new)
    }

    /// Whether both hold the very same text.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        self.stored == other.stored
    }
}

/// Returns all places that hold one. One statement.
pub fn all(database: &mut Database) -> Result<Vec<TokenPlace>, SqlError> {
    database.query("read the stored API tokens", ALL, (), |row| TokenPlace {
        holder: TokenHolder::named(&column::<String>(row, 0)),
        id: column(row, 3),
        name: decode_entities(&column::<String>(row, 1)),
        stored: Secret::new(column(row, 2)),
    })
}

/// Writes the new token to these places; returns how many still held what they held when they were read. A statement for
/// each kind of holder.
pub fn replace_within(
    transaction: &mut Transaction<'_>,
    places: &[&TokenPlace],
    new: &Secret<String>,
) -> mysql::Result<u64> {
    let mut changed = 0;
    for holder in TokenHolder::ALL {
        let of_holder = places.iter().filter(|place| place.holder == holder);
        let mut held: Vec<&str> = of_holder
            .map(|place| place.stored.expose().as_str())
            .collect();
        held.sort_unstable();
        held.dedup();
        if held.is_empty() {
            continue;
        }
        let statement = format!("{}{}", holder.replacing(), placeholders(held.len()));
        let mut values: Vec<Value> = vec![new.expose().as_str().into()];
        values.extend(held.into_iter().map(Value::from));
        changed += transaction.execute(&statement, values)?;
    }
    Ok(changed)
}
