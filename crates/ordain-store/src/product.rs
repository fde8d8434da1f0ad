//! Products and their prices. A price with an empty customer is for everybody.

use rusqlite::Connection;

use crate::reader::page;
use crate::row::{all, any_number, first, row, run_each};
use crate::{Store, StoreError};

row! {
    ProductRow in "product"
    key { code: String, }
    rest {
        name: String,
        unit: String,
        tax_rate_e4: Option<i64>,
        list_price_e4: Option<i64>,
        body: String,
        version: i64,
        updated_at_ms: i64,
    }
}

row! {
    PriceRow in "price"
    key {
        product: String,
        /// Empty: for everybody.
        customer: String,
        min_qty_milli: i64,
    }
    rest { price_e4: i64, }
}

pub(crate) fn remove_prices(
    connection: &Connection,
    prices: &[(i64, String, String, i64)],
) -> Result<(), StoreError> {
    let sql = "DELETE FROM price WHERE org_id = ? AND product = ? AND customer = ? AND min_qty_milli = ?";
    let keys = prices.iter().map(|(org, product, customer, quantity)| (org, product, customer, quantity));
    run_each(connection, sql, keys, any_number)
}

impl Store {
    pub fn product(&self, org: i64, code: &str) -> Result<Option<ProductRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND code = ?", (org, code)))
    }

    /// By code, after the code `after`; `q` is a part of code or name.
    pub fn list_products(
        &self,
        org: i64,
        q: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<ProductRow>, StoreError> {
        self.list_master(org, q, after, limit)
    }

    /// After (product, customer, least quantity); `q` is a part of the product's or customer's code.
    pub fn list_prices(
        &self,
        org: i64,
        q: &str,
        after: (&str, &str, i64),
        limit: usize,
    ) -> Result<Vec<PriceRow>, StoreError> {
        let sql = "WHERE org_id = ? AND (product, customer, min_qty_milli) > (?, ?, ?)
            AND (instr(lower(product), ?) > 0 OR instr(lower(customer), ?) > 0)
            ORDER BY product, customer, min_qty_milli LIMIT ?";
        let q = q.to_lowercase();
        self.read(|c| all(c, sql, (org, after.0, after.1, after.2, &q, &q, page(limit))))
    }
}
