//! Price rows: WHMCS wants one for each currency of everything that is sold, and shows no price where one is missing.

use crate::database::{Database, SqlError, Transaction, column, params};

const CURRENCIES: &str = "SELECT id FROM tblcurrencies ORDER BY id";

/// -1 is a billing cycle that is not offered.
const INSERT: &str = "INSERT IGNORE INTO tblpricing (type, currency, relid, msetupfee, qsetupfee, ssetupfee, asetupfee,
      bsetupfee, tsetupfee, monthly, quarterly, semiannually, annually, biennially, triennially)
    VALUES (:kind, :currency, :id, 0, 0, 0, 0, 0, 0, :price, :price, :price, :price, :price, :price)";

/// The thing that a price is of.
#[derive(Debug, Clone, Copy)]
pub enum Priced {
    Product,
    Addon,
    /// A choice of a configurable option, by the id of the choice.
    Choice,
}

impl Priced {
    const fn stored(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Addon => "addon",
            Self::Choice => "configoptions",
        }
    }

    /// A new product is not offered in any cycle until staff enter a price; a new option costs nothing.
    const fn first(self) -> i32 {
        match self {
            Self::Product | Self::Addon => -1,
            Self::Choice => 0,
        }
    }
}

/// Returns the ids of all currencies.
pub fn currencies(database: &mut Database) -> Result<Vec<u32>, SqlError> {
    database.query("read the currencies", CURRENCIES, (), |row| column(row, 0))
}

/// A row for each currency of something that was just created.
pub fn create_within(
    transaction: &mut Transaction<'_>,
    priced: Priced,
    id: u64,
    currencies: &[u32],
) -> mysql::Result<()> {
    for currency in currencies {
        let parameters = params! {
            "kind" => priced.stored(), "currency" => *currency, "id" => id, "price" => priced.first(),
        };
        transaction.execute(INSERT, parameters)?;
    }
    Ok(())
}
