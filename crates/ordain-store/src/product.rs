//! Products and their prices. A price with an empty customer is for everybody.

use crate::sql::Connection;

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
    /// Texts that are empty say nothing: for everybody, of any level, in the currency that goes without saying, for ever.
    PriceRow in "price"
    key {
        product: String,
        customer: String,
        level: String,
        currency: String,
        /// `agreed` or `quotation`.
        kind: String,
        min_qty_milli: i64,
        /// First and last day, as ISO dates.
        valid_from: String,
    }
    rest { valid_to: String, price_e4: i64, }
}

/// Where a price stands among others: all that tells it from them but the company.
pub type PricePlace = (String, String, String, String, String, i64, String);

impl PriceRow {
    pub fn place(&self) -> PricePlace {
        let PriceRow { product, customer, level, currency, kind, valid_from, .. } = self.clone();
        (product, customer, level, currency, kind, self.min_qty_milli, valid_from)
    }
}

pub(crate) fn remove_prices(
    connection: &Connection<'_>,
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

    /// After a place, from the first one on without; `q` is a part of the product's or customer's code.
    pub fn list_prices(
        &self,
        org: i64,
        q: &str,
        after: Option<&PricePlace>,
        limit: usize,
    ) -> Result<Vec<PriceRow>, StoreError> {
        let sql = "WHERE org_id = ?
            AND (product, customer, level, currency, kind, min_qty_milli, valid_from) > (?, ?, ?, ?, ?, ?, ?)
            AND (instr(lower(product), ?) > 0 OR instr(lower(customer), ?) > 0)
            ORDER BY product, customer, level, currency, kind, min_qty_milli, valid_from LIMIT ?";
        let q = q.to_lowercase();
        let first = PricePlace::default();
        let (product, customer, level, currency, kind, quantity, from) = after.unwrap_or(&first);
        let place = (product, customer, level, currency, kind, quantity, from);
        self.read(|c| {
            let (product, customer, level, currency, kind, quantity, from) = place;
            let asked = (org, product, customer, level, currency, kind, quantity, from, &q, &q, page(limit));
            all(c, sql, asked)
        })
    }
}
