//! Bills of material, one row for each product that is made.

use crate::reader::page;
use crate::row::{all, first, row};
use crate::{Store, StoreError};

row! {
    /// `components` is JSON.
    BomRow in "bom"
    key { product: String, }
    rest {
        make_days: i64,
        components: String,
        work_centre: Option<String>,
        /// Of the work centre for one, in thousandths.
        minutes_milli: i64,
        updated_at_ms: i64,
    }
}

impl BomRow {
    /// Without components a product is not made any more.
    pub fn is_made(&self) -> bool {
        self.components != "[]"
    }
}

impl Store {
    pub fn bom(&self, org: i64, product: &str) -> Result<Option<BomRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND product = ?", (org, product)))
    }

    /// By product, after the product `after`.
    pub fn list_boms(&self, org: i64, after: &str, limit: usize) -> Result<Vec<BomRow>, StoreError> {
        let sql = "WHERE org_id = ? AND product > ? ORDER BY product LIMIT ?";
        self.read(|c| all(c, sql, (org, after, page(limit))))
    }
}
