//! The company itself, its settings and its counters.

use crate::row::{all, first, row};
use crate::{Store, StoreError};

row! {
    OrgRow in "org"
    key {}
    rest { name: String, created_at_ms: i64, }
}

row! {
    /// `value` is JSON.
    SettingRow in "setting"
    key { key: String, }
    rest { value: String, }
}

row! {
    /// The last number given out under `name` on `day`.
    CounterRow in "counter"
    key { name: String, }
    rest { day: String, n: i64, }
}

impl Store {
    pub fn orgs(&self) -> Result<Vec<OrgRow>, StoreError> {
        self.read(|c| all(c, "ORDER BY org_id", ()))
    }

    pub fn setting(&self, org: i64, key: &str) -> Result<Option<SettingRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND key = ?", (org, key)))
    }

    /// The names of settings from one (inclusive) to another (exclusive), in order.
    pub fn setting_keys(&self, org: i64, (from, to): (&str, &str)) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT key FROM setting WHERE org_id = ? AND key >= ? AND key < ? ORDER BY key";
        self.read(|c| c.query(sql, (org, from, to), |row| row.get(0)))
    }

    pub fn settings(&self, org: i64) -> Result<Vec<SettingRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY key", (org,)))
    }
}
