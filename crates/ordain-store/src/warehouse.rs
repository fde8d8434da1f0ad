//! Warehouses, tried in the order of their rank.

use crate::row::{all, row};
use crate::{Store, StoreError};

row! {
    WarehouseRow in "warehouse"
    key { code: String, }
    rest { name: String, rank: i64, }
}

impl Store {
    pub fn warehouses(&self, org: i64) -> Result<Vec<WarehouseRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY rank, code", (org,)))
    }
}
